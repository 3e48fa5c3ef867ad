import type { Ledger } from '@jeon/ledger'
import type { KyselyPlugin } from 'kysely'

/** What a process that was killed does not do any more. */
class Killed extends Error {
  override readonly name = 'Killed'
}

/**
 * A process that dies at its n-th contact with the world: before or after a statement, a ledger command or a request.
 * From then on it reaches nothing.
 */
export class Doom {
  readonly #at: number
  #count = 0
  #isArmed = false

  constructor(at: number) {
    this.#at = at
  }

  get happened(): boolean {
    return this.#count >= this.#at
  }

  /** From here on contacts count. */
  arm(): void {
    this.#isArmed = true
  }

  /** One contact. Throws from the fatal one on. */
  touch(): void {
    if (!this.#isArmed) return
    if (!this.happened) this.#count += 1
    if (this.happened) throw new Killed(`at contact ${this.#at}`)
  }

  /** The database of the process. */
  readonly plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      this.touch()
      return node
    },
    transformResult: async ({ result }) => {
      this.touch()
      return result
    },
  }

  /** The commands that the process sends; the ledger itself lives on. */
  ledger(ledger: Ledger): Ledger {
    return new Proxy(ledger, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        const call = (...given: unknown[]): unknown => Reflect.apply(member, target, given)
        if (name !== 'submit' && name !== 'submitLinked') return call
        return async (...given: unknown[]) => {
          this.touch()
          const answer: unknown = await call(...given)
          this.touch()
          return answer
        }
      },
    })
  }

  fetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      this.touch()
      const response = await fetch(input, init)
      this.touch()
      return response
    }
  }
}
