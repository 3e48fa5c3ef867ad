import type { Bucket, Ceiling, Cycle } from '@jeon/billing'
import { type ExpressionBuilder, type Selectable, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { z } from 'zod'
import type { Database } from '../database.ts'
import type { Line, Person } from '../model.ts'
import type { Tables } from '../tables.ts'

const ceiling = z.strictObject({
  transaction: z.string().optional(),
  day: z.string().optional(),
  month: z.string().optional(),
})
const personalSchema = z.strictObject({ general: ceiling.optional(), content: ceiling.optional() })

/** What is stored of the owner's own limits. Throws when it is not what this program writes. */
export function personalFrom(stored: unknown): Partial<Record<Bucket, Ceiling>> {
  const { general, content } = personalSchema.parse(stored)
  return {
    ...(general === undefined ? {} : { general: ceilingFrom(general) }),
    ...(content === undefined ? {} : { content: ceilingFrom(content) }),
  }
}

/** A stored ceiling without members that are there but undefined. */
export function ceilingFrom(stored: unknown): Ceiling {
  const { transaction, day, month } = ceiling.parse(stored)
  return {
    ...(transaction === undefined ? {} : { transaction }),
    ...(day === undefined ? {} : { day }),
    ...(month === undefined ? {} : { month }),
  }
}

type PersonRow = Selectable<Tables['carrier.person']> & {
  readonly accounts: readonly { readonly bucket: Bucket; readonly account_id: string }[]
}

/** Reads lines and persons whole, as they are now. */
export class LineStore {
  readonly #database: Database
  /** The current cycle of a carrier. */
  readonly #cycleOf: (carrier: string) => Cycle

  constructor(database: Database, cycleOf: (carrier: string) => Cycle) {
    this.#database = database
    this.#cycleOf = cycleOf
  }

  async findPersons(ids: readonly string[]): Promise<Person[]> {
    if (ids.length === 0) return []
    const rows = await this.#database
      .selectFrom('carrier.person')
      .selectAll()
      .select((eb) => personAccounts(eb).as('accounts'))
      .where('id', 'in', [...ids])
      .execute()
    return rows.map(personFrom)
  }

  /** By a column that names one line, or several of one person; in no order. */
  async find(
    column: 'id' | 'phone_number' | 'person_id',
    values: readonly string[],
  ): Promise<Line[]> {
    if (values.length === 0) return []
    return this.#lines((query) => query.where(column, 'in', [...values]))
  }

  /** The lines of a carrier after an id, by id. */
  page(carrier: string, after: string, limit: number): Promise<Line[]> {
    return this.#lines((query) =>
      query.where('carrier', '=', carrier).where('id', '>', after).orderBy('id').limit(limit),
    )
  }

  async #lines(
    narrow: (query: ReturnType<LineStore['all']>) => ReturnType<LineStore['all']>,
  ): Promise<Line[]> {
    const rows = await narrow(this.all()).execute()
    const persons = await this.findPersons([...new Set(rows.map(({ person_id }) => person_id))])
    const byId = new Map(persons.map((person) => [person.id, person]))
    const early = await this.#paidEarly(rows)
    return rows.flatMap((row) => {
      const person = byId.get(row.person_id)
      return person === undefined ? [] : [this.#line(row, person, early.get(row.id) ?? NOTHING)]
    })
  }

  all() {
    return this.#database
      .selectFrom('carrier.line')
      .selectAll()
      .select((eb) => [
        jsonArrayFrom(
          eb
            .selectFrom('carrier.block')
            .select([
              'carrier.block.id',
              'carrier.block.kind',
              'reason',
              msOf('set_at').as('set'),
              msOf('lifts_at').as('lifts'),
            ])
            .whereRef('carrier.block.line_id', '=', 'carrier.line.id')
            .where('lifted_at', 'is', null)
            .orderBy('set_at'),
        ).as('blocks'),
        jsonArrayFrom(
          eb
            .selectFrom('carrier.consent')
            .select([
              'carrier.consent.id',
              'carrier.consent.kind',
              'client_id',
              'wording',
              msOf('given_at').as('given'),
            ])
            .whereRef('carrier.consent.line_id', '=', 'carrier.line.id')
            .where('revoked_at', 'is', null)
            .orderBy('given_at'),
        ).as('consents'),
      ])
  }

  /** What was paid early of each line's current cycle, by bucket. */
  async #paidEarly(lines: readonly { id: string; carrier: string }[]) {
    const byLine = new Map<string, Record<Bucket, bigint>>()
    if (lines.length === 0) return byLine
    const rows = await sql<{ line_id: string; bucket: Bucket; sum: string }>`
      select p.line_id, p.bucket, sum(p.paid_early)::text as sum
      from unnest(${lines.map(({ id }) => id)}::text[],
                  ${lines.map(({ carrier }) => this.#cycleOf(carrier))}::text[]) as l (id, cycle)
      join carrier.payment p on p.line_id = l.id and p.cycle = l.cycle
      where p.paid_early > 0
      group by 1, 2`.execute(this.#database)
    for (const { line_id, bucket, sum } of rows.rows) {
      byLine.set(line_id, { ...(byLine.get(line_id) ?? NOTHING), [bucket]: BigInt(sum) })
    }
    return byLine
  }

  #line(row: LineRow, person: Person, freedBy: Record<Bucket, bigint>): Line {
    return {
      id: row.id,
      carrier: row.carrier,
      phoneNumber: row.phone_number,
      person,
      kind: row.kind,
      openedOn: row.opened_on,
      stage: row.stage,
      paused: row.paused,
      inArrears: row.in_arrears,
      onNetwork: row.on_network,
      simChangedAtMs: row.sim_changed_at.getTime(),
      deviceChangedAtMs: row.device_changed_at.getTime(),
      password: passwordState(row),
      personal: personalFrom(row.personal),
      freed: freedBy.general + freedBy.content,
      freedBy,
      freedCycle: this.#cycleOf(row.carrier),
      accounts: { general: Number(row.general_account), content: Number(row.content_account) },
      language: row.language,
      usedAtMs: row.used_at?.getTime() ?? null,
      blocks: row.blocks.map(({ id, kind, reason, set, lifts }) => {
        return {
          id,
          kind,
          reason,
          setAtMs: Number(set),
          liftsAtMs: lifts === null ? null : Number(lifts),
        }
      }),
      consents: row.consents.map(({ id, kind, client_id, wording, given }) => {
        return { id, kind, clientId: client_id, wording, givenAtMs: Number(given) }
      }),
    }
  }
}

type LineRow = Awaited<ReturnType<ReturnType<LineStore['all']>['execute']>>[number]

const NOTHING: Record<Bucket, bigint> = { general: 0n, content: 0n }

/** Wrong passwords are counted below zero once it is locked. */
export const LOCKED = -1

function passwordState(row: { password_hash: string | null; password_failures: number }) {
  if (row.password_hash === null) return 'unset'
  return row.password_failures === LOCKED ? 'locked' : 'set'
}

/** Unix milliseconds of a timestamp, as text: JSON would make a timestamp a text of another kind. */
function msOf(column: 'set_at' | 'lifts_at' | 'given_at') {
  return sql<string | null>`round(extract(epoch from ${sql.ref(column)}) * 1000)::text`
}

function personAccounts(eb: ExpressionBuilder<Tables, 'carrier.person'>) {
  return jsonArrayFrom(
    eb
      .selectFrom('carrier.person_account')
      .select(['bucket', sql<string>`account_id::text`.as('account_id')])
      .whereRef('carrier.person_account.person_id', '=', 'carrier.person.id'),
  )
}

function personFrom(row: PersonRow): Person {
  const accountOf = (bucket: Bucket) =>
    Number(row.accounts.find((account) => account.bucket === bucket)?.account_id)
  return {
    id: row.id,
    carrier: row.carrier,
    name: row.name,
    birthdate: row.birthdate,
    guardianId: row.guardian_id,
    accounts: { general: accountOf('general'), content: accountOf('content') },
  }
}
