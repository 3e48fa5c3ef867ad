import { type Bucket, dateOf, personLimits, startOfDayMs } from '@jeon/billing'
import type { AccountId, AccountSpec, Ledger } from '@jeon/ledger'
import type { Transaction } from 'kysely'
import type { CarrierClock } from '../carrier-clock.ts'
import type { Database } from '../database.ts'
import { createId } from '../ids.ts'
import { windowsOf } from '../limits/windows.ts'
import { languageOfMarket } from '../markets/language.ts'
import type { Carrier, Person } from '../model.ts'
import type { Tables } from '../tables.ts'
import { type NewLine, type NewPerson, NumberTaken } from './model.ts'
import { hashPassword } from './passwords.ts'

export interface OpeningParts {
  readonly database: Database
  readonly ledger: Ledger
  readonly time: CarrierClock
  /** Throws for an id that is no person of the carrier. */
  findPerson(personId: string, carrier: string): Promise<Person>
}

/** Buckets of every market, in the order of the columns. */
export const BUCKETS: readonly Bucket[] = ['general', 'content']

interface Opened {
  readonly line: NewLine
  readonly lineId: string
  readonly person: Person
}

/** How many rows a statement carries: its parameters are counted by the protocol in 16 bits. */
const ROWS_AT_ONCE = 500

/**
 * Opens persons and lines with their ledger accounts. The accounts come first: one that no row names does no harm, and
 * a row without its account would.
 */
export class Opening {
  readonly #parts: OpeningParts

  constructor(parts: OpeningParts) {
    this.#parts = parts
  }

  async persons(persons: readonly NewPerson[]): Promise<Person[]> {
    const { database } = this.#parts
    const opened = await this.#personAccounts(persons)
    await database.transaction().execute((sql) => this.#savePersons(sql, opened))
    return opened
  }

  /** @returns the ids, in the order given. Throws {@link NumberTaken}. */
  async lines(lines: readonly NewLine[]): Promise<string[]> {
    const { database, time } = this.#parts
    const strangers = lines.flatMap(({ person, carrier }) =>
      typeof person === 'string' || 'id' in person ? [] : [{ ...person, carrier }],
    )
    const added = await this.#personAccounts(strangers)
    const queue = [...added]
    const opened: Opened[] = []
    for (const line of lines) {
      const lineId = createId('line', time.machineNow())
      opened.push({ line, lineId, person: await this.#ownerOf(line, queue) })
    }
    const accounts = await this.#lineAccounts(opened)
    const hashes = await Promise.all(
      lines.map(({ password }) => (password === undefined ? null : hashPassword(password))),
    )
    const rows = opened.map((one, index) => {
      const [general = 0, content = 0] = accounts.slice(2 * index, 2 * index + 2)
      return this.#row(one, { general, content }, hashes[index] ?? null)
    })
    try {
      await database.transaction().execute(async (sql) => {
        await this.#savePersons(sql, added)
        for (const part of parts(rows)) {
          await sql.insertInto('carrier.line').values(part).execute()
        }
        for (const part of parts(opened.flatMap((one) => this.#consents(one)))) {
          await sql.insertInto('carrier.consent').values(part).execute()
        }
      })
    } catch (error) {
      if (isNumberTaken(error)) throw new NumberTaken('a phone number has a line already')
      throw error
    }
    return opened.map(({ lineId }) => lineId)
  }

  async #ownerOf({ person, carrier }: NewLine, added: Person[]): Promise<Person> {
    if (typeof person === 'string') return this.#parts.findPerson(person, carrier)
    if ('id' in person) return person
    const next = added.shift()
    if (next === undefined) throw new Error('every new owner was opened')
    return next
  }

  async #personAccounts(persons: readonly NewPerson[]): Promise<Person[]> {
    const { time } = this.#parts
    const ids = persons.map(() => createId('person', time.machineNow()))
    const accounts = await this.#open(
      persons.flatMap(({ carrier }, index) => {
        const profile = time.profile(carrier)
        return BUCKETS.map((bucket) => {
          const limits = personLimits(profile, bucket)
          const reference = `person:${ids[index]}:${bucket}`
          return { carrier, reference, ...(limits === null ? {} : { limits }) }
        })
      }),
    )
    return persons.map(({ carrier, name, birthdate, guardianId }, index) => {
      const [general = 0, content = 0] = accounts.slice(2 * index, 2 * index + 2)
      const id = ids[index] ?? ''
      const known = { id, carrier, name, birthdate, guardianId: guardianId ?? null }
      return { ...known, accounts: { general, content } }
    })
  }

  #lineAccounts(opened: readonly Opened[]): Promise<AccountId[]> {
    const { time } = this.#parts
    return this.#open(
      opened.flatMap(({ line, lineId, person }) => {
        const profile = time.profile(line.carrier)
        const subject = {
          openedOn: line.openedOn,
          personal: line.personal ?? {},
          person,
          freedBy: { general: 0n, content: 0n },
          freedCycle: null,
        }
        const today = dateOf(time.now(), profile.zone)
        return BUCKETS.map((bucket) => ({
          carrier: line.carrier,
          reference: `line:${lineId}:${bucket}`,
          limits: windowsOf(profile, subject, bucket, today, 0n),
        }))
      }),
    )
  }

  /** Wallets without a floor: what a line may owe is said by its windows alone. */
  #open(
    specs: readonly (Pick<AccountSpec, 'reference' | 'limits'> & { readonly carrier: string })[],
  ): Promise<AccountId[]> {
    const { ledger, time } = this.#parts
    return ledger.openAccounts(
      specs.map(({ carrier, ...spec }) => ({
        ...spec,
        shard: time.carrier(carrier).shard,
        asset: time.asset(carrier),
        kind: 'wallet',
        overdraft: null,
      })),
    )
  }

  async #savePersons(sql: Transaction<Tables>, persons: readonly Person[]): Promise<void> {
    const now = new Date(this.#parts.time.now())
    for (const part of parts(persons)) {
      await sql
        .insertInto('carrier.person')
        .values(
          part.map(({ id, carrier, name, birthdate, guardianId }) => {
            return { id, carrier, name, birthdate, guardian_id: guardianId, created_at: now }
          }),
        )
        .execute()
      await sql
        .insertInto('carrier.person_account')
        .values(
          part.flatMap(({ id, accounts }) =>
            BUCKETS.map((bucket) => ({ person_id: id, bucket, account_id: accounts[bucket] })),
          ),
        )
        .execute()
    }
  }

  #row({ line, lineId, person }: Opened, accounts: Record<Bucket, AccountId>, hash: string | null) {
    const { time } = this.#parts
    const opened = openedAt(line, time.carrier(line.carrier), time.now())
    return {
      id: lineId,
      carrier: line.carrier,
      phone_number: line.phoneNumber,
      person_id: person.id,
      kind: line.kind,
      opened_on: line.openedOn,
      paused: line.paused ?? false,
      on_network: line.onNetwork ?? true,
      sim_changed_at: new Date(line.simChangedAtMs ?? opened),
      device_changed_at: new Date(line.deviceChangedAtMs ?? opened),
      password_hash: hash,
      personal: JSON.stringify(line.personal ?? {}),
      general_account: accounts.general,
      content_account: accounts.content,
      language: line.language ?? languageOfMarket(time.profile(line.carrier)),
      used_at: line.usedAtMs === null ? null : new Date(line.usedAtMs ?? time.now()),
      created_at: new Date(time.now()),
    }
  }

  #consents({ line, lineId }: Opened) {
    const { time } = this.#parts
    const opened = openedAt(line, time.carrier(line.carrier), time.now())
    return (line.consents ?? []).map(({ kind, clientId, wording, givenAtMs }) => ({
      id: createId('consent', time.machineNow()),
      line_id: lineId,
      kind,
      client_id: clientId ?? null,
      factors: [],
      wording,
      given_at: new Date(givenAtMs ?? opened),
    }))
  }
}

function openedAt({ openedOn }: NewLine, carrier: Carrier, nowMs: number): number {
  return startOfDayMs(openedOn, carrier.profileAt(nowMs).zone)
}

function isNumberTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'constraint' in error && error.constraint === 'line_phone_number_key'
  )
}

function* parts<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    yield rows.slice(from, from + ROWS_AT_ONCE)
  }
}
