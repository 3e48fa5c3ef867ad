import type { Bucket } from '@jeon/billing'
import { assetOfProfile } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type { AccountId, Command, Ledger } from '@jeon/ledger'
import { formatAsset } from '@jeon/money'
import type pg from 'pg'
import { createUuid, transferIdOf } from '../ids.ts'
import type { Carrier, CarrierId } from '../model.ts'

/** A movement that follows from what is said in the same transaction. `amount` in smallest units; positive. */
export interface NewPosting {
  readonly carrier: CarrierId
  readonly lineId: string
  readonly kind: 'receipt' | 'surcharge' | 'relief' | 'write_off' | 'recovery'
  readonly bucket: Bucket
  readonly amount: bigint
  /** The receipt, bill or relief that it belongs to. */
  readonly about: string
  /** (Default: a new one) */
  readonly id?: string
}

interface Parts {
  readonly pool: pg.Pool
  readonly ledger: Ledger
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
}

interface House {
  readonly cash: AccountId
  readonly surcharge: AccountId
  readonly loss: AccountId
}

const AT_ONCE = 1_000
const NIL = '00000000-0000-0000-0000-000000000000'

function isPassing(code: string): boolean {
  return code === 'unknown_outcome' || code === 'shard_unavailable' || code === 'overloaded'
}

/**
 * From what is said in SQL to what is booked in the ledger. A posting is written in the transaction that makes it true
 * and booked afterwards under its own id; whatever a crash leaves between the two is booked at the next start, and the
 * ledger makes each id once. None of them can be refused: the accounts have no end below zero, and no window counts
 * movements.
 */
export class Postings {
  readonly #parts: Parts
  readonly #houses = new Map<CarrierId, Promise<House>>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async insertIn(client: pg.PoolClient, postings: readonly NewPosting[]): Promise<void> {
    if (postings.length === 0) return
    const machineMs = this.#parts.clock.machineNow()
    await client.query(
      `insert into carrier.posting (id, carrier, line_id, kind, bucket, amount, about, created_at)
       select *, $8 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])`,
      [
        postings.map(({ id }) => id ?? createUuid(machineMs)),
        postings.map(({ carrier }) => carrier),
        postings.map(({ lineId }) => lineId),
        postings.map(({ kind }) => kind),
        postings.map(({ bucket }) => bucket),
        postings.map(({ amount }) => amount),
        postings.map(({ about }) => about),
        new Date(this.#parts.clock.now()),
      ],
    )
  }

  /**
   * Books what is not booked yet: of one line, or of all. @returns how many. Throws when the ledger does not say that it
   * did; what is left stays to be booked.
   */
  async book(lineId?: string): Promise<number> {
    let booked = 0
    let after = NIL
    for (;;) {
      const { rows } = await this.#parts.pool.query<PostingRow>(
        `select p.id, p.carrier, p.kind, p.amount, p.about,
                case p.bucket when 'content' then l.content_account else l.general_account end as account
         from carrier.posting p join carrier.line l on l.id = p.line_id
         where p.posted_at is null and ($1::text is null or p.line_id = $1) and p.id > $2::uuid
         order by p.id limit ${AT_ONCE}`,
        [lineId ?? null, after],
      )
      if (rows.length === 0) return booked
      booked += await this.#book(rows, lineId !== undefined)
      after = rows.at(-1)?.id ?? after
    }
  }

  /** One line's posting that is refused must not keep those of all others, nor the start, from going on. */
  async #book(rows: readonly PostingRow[], isStrict: boolean): Promise<number> {
    const commands = await Promise.all(rows.map((row) => this.#commandOf(row)))
    const outcomes = await this.#parts.ledger.submitAll(commands)
    const done = rows.filter((_row, index) => outcomes[index]?.ok)
    // Locked in one order, since those of one line may be booked twice at once: that is a replay, and must not be a deadlock.
    await this.#parts.pool.query(
      `update carrier.posting p set posted_at = $2
       from (select id from carrier.posting
             where id = any($1::uuid[]) and posted_at is null order by id for update) o
       where p.id = o.id`,
      [done.map(({ id }) => id), new Date(this.#parts.clock.now())],
    )
    const failed = outcomes.find((each) => !each.ok && (isStrict || isPassing(each.code)))
    if (failed !== undefined && !failed.ok) {
      throw new Error(`the ledger did not book a posting: ${failed.code}`)
    }
    return done.length
  }

  async #commandOf(row: PostingRow): Promise<Command> {
    const house = await this.#houseOf(row.carrier)
    const account = Number(row.account)
    const sides = {
      receipt: { kind: 'topup', debit: house.cash, credit: account },
      surcharge: { kind: 'movement', debit: account, credit: house.surcharge },
      relief: { kind: 'movement', debit: house.loss, credit: account },
      write_off: { kind: 'movement', debit: house.loss, credit: account },
      recovery: { kind: 'movement', debit: account, credit: house.loss },
    } as const
    return {
      type: 'pay',
      id: transferIdOf(row.id),
      ...sides[row.kind],
      amount: BigInt(row.amount),
      reference: row.about,
    }
  }

  /** The carrier's own accounts; opening them again finds them. */
  #houseOf(id: CarrierId): Promise<House> {
    const known = this.#houses.get(id)
    if (known !== undefined) return known
    const house = this.#openHouse(id)
    this.#houses.set(id, house)
    house.catch(() => this.#houses.delete(id))
    return house
  }

  async #openHouse(id: CarrierId): Promise<House> {
    const carrier = this.#parts.carriers.get(id)
    if (carrier === undefined) throw new Error(`no carrier ${id} is hosted here`)
    const { shard } = carrier
    const asset = formatAsset(assetOfProfile(carrier.profileAt(this.#parts.clock.now())))
    const [cash, surcharge, loss] = await this.#parts.ledger.openAccounts([
      { shard, reference: 'cash', asset, kind: 'rail', overdraft: null },
      { shard, reference: 'surcharge', asset, kind: 'fee' },
      { shard, reference: 'loss', asset, kind: 'suspense', overdraft: null },
    ])
    if (cash === undefined || surcharge === undefined || loss === undefined) {
      throw new Error('the ledger opened no accounts')
    }
    return { cash, surcharge, loss }
  }
}

interface PostingRow {
  readonly id: string
  readonly carrier: string
  readonly kind: NewPosting['kind']
  readonly amount: string
  readonly about: string
  readonly account: string
}
