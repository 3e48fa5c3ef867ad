import pg from 'pg'
import { amountOf } from './balances.ts'
import type { Book, Intent } from './book.ts'

interface Row {
  readonly shard: number
  readonly seq: string
  readonly kind: string
  readonly id: string
  readonly amount: string
}

/** Compares the journal, read by plain SQL, with the clients' book. */
export class Journal {
  /** The last sequence read, by shard. */
  readonly #readTo = new Map<number, number>()
  readonly #rows = new Map<Intent, Row>()

  /** Takes what stands in the journal now for granted. */
  async skip(databaseUrl: string): Promise<void> {
    await this.#read(databaseUrl)
  }

  /** Returns what is wrong: an intent that is missing, changed, there twice, or there unasked. */
  async compare(databaseUrl: string, book: Book): Promise<readonly string[]> {
    const problems: string[] = []
    for (const row of await this.#read(databaseUrl)) {
      if (row.kind === 'expire') continue
      const intent = book.intents.get(row.id.replaceAll('-', ''))
      const place = `${row.kind} at ${row.shard}/${row.seq}`
      if (intent === undefined) problems.push(`${place} was never asked for`)
      else if (this.#rows.has(intent)) problems.push(`${place} is ${intent.key} a second time`)
      else this.#rows.set(intent, row)
    }
    return [...problems, ...book.recent.flatMap((intent) => this.#problemsOf(intent))]
  }

  #problemsOf(intent: Intent): readonly string[] {
    const row = this.#rows.get(intent)
    const name = `${intent.verb} ${intent.key}`
    if (intent.state !== 'accepted') {
      return row === undefined ? [] : [`${name} is ${intent.state} and stands in the journal`]
    }
    if (row === undefined) return [`${name} was acknowledged and is not in the journal`]
    const kind = intent.verb === 'pay' ? 'payment' : intent.verb
    if (row.kind !== kind) return [`${name} stands in the journal as ${row.kind}`]
    if (intent.verb === 'void') return []
    const { sequence, shard } = intent.content ?? {}
    const moved = (sequence ?? Number(row.seq)) !== Number(row.seq)
    const strayed = (shard ?? row.shard) !== row.shard
    const differs = amountOf(intent) !== BigInt(row.amount)
    return moved || strayed || differs ? [`${name} differs from ${JSON.stringify(row)}`] : []
  }

  async #read(databaseUrl: string): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    try {
      const { rows: shards } = await client.query<{ shard: number; next_seq: string }>(
        'select shard, next_seq from ledger.shard',
      )
      const all: Row[] = []
      for (const { shard, next_seq } of shards) {
        const { rows } = await client.query<Row>(
          `select t.shard, t.seq, k.name as kind, t.id, t.amount
           from ledger.transfer t join ledger.transfer_kind k on k.kind = t.kind
           where t.shard = $1 and t.seq > $2 and t.seq < $3 order by t.seq`,
          [shard, this.#readTo.get(shard) ?? 0, next_seq],
        )
        this.#readTo.set(shard, Number(next_seq) - 1)
        all.push(...rows)
      }
      return all
    } finally {
      await client.end()
    }
  }
}
