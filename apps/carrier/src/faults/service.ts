import type { Operation } from '@jeon/camara'
import type { Context } from 'hono'
import { refusal } from '../camara/statuses.ts'
import type { Line } from '../model.ts'
import { type CamaraCode, type FaultName, type FaultOf, SILENCE_MS, SLOW_MS } from './model.ts'

/** Operations that change something: these are what a client has to find out about after a silence. */
const ACCEPTING: readonly string[] = [
  'createPayment',
  'preparePayment',
  'confirmPayment',
  'createRefund',
]

/** Lets the faults of a phone number happen, around the operations. */
export class Faults {
  readonly #faultOf: FaultOf
  readonly #waits = new Set<() => void>()

  constructor(faultOf: FaultOf) {
    this.#faultOf = faultOf
  }

  of(line: Pick<Line, 'phoneNumber'>): FaultName | null {
    return this.#faultOf(line.phoneNumber)
  }

  /** Before anything is done, as soon as it is known which line is asked about. Throws the refusal of an error fault. */
  async onLine(c: Context, operation: Operation, line: Line): Promise<void> {
    const fault = this.of(line)
    if (fault === null) return
    const code = errorOf(fault, operation)
    if (code !== undefined) {
      throw refusal(code, `[sandbox] This number always fails with ${code}`)
    }
    if (fault === 'slow') await this.#wait(SLOW_MS)
    if (fault !== 'timeout_before_accepting') return
    if (ACCEPTING.includes(operation.id)) await this.#silence(c)
  }

  /** After it was done, before the client hears of it. */
  async beforeAnswer(c: Context, operation: Operation, line: Line | undefined): Promise<void> {
    if (line === undefined || this.of(line) !== 'timeout_after_accepting') return
    if (ACCEPTING.includes(operation.id)) await this.#silence(c)
  }

  /** Ends all waiting, so that the program can end. */
  close(): void {
    for (const end of this.#waits) end()
  }

  /** Says nothing until the client gives up or the connection is closed from here. */
  async #silence(c: Context): Promise<never> {
    await this.#wait(SILENCE_MS, c.req.raw.signal)
    throw refusal('TIMEOUT', '[sandbox] This number never answers')
  }

  async #wait(ms: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#waits.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      timer.unref()
      this.#waits.add(end)
      signal?.addEventListener('abort', end, { once: true })
    })
  }
}

/** The code of an error fault, when the definition of the operation knows it. */
function errorOf(fault: FaultName, operation: Operation): CamaraCode | undefined {
  return operation.errors.find((code): code is CamaraCode => fault === `error:${code}`)
}
