import {
  billDateOf,
  type Cycle,
  dueDateOf,
  type MarketProfile,
  previousCycle,
  startOfDayMs,
} from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { applyCredits } from '../credits/apply.ts'
import { inHours } from '../messages/waiting.ts'
import type { Carrier } from '../model.ts'
import { BILL_SQL, CHUNK_SQL, MESSAGE_SQL } from './close-sql.ts'
import type { CloseProgress } from './model.ts'
import { noticeWords, numberFormat } from './notice.ts'
import { inTurnOfAll } from './turn.ts'

export interface CloseOptions {
  /** Told after each chunk. */
  readonly onProgress?: (progress: CloseProgress) => void
  /** (Default: 2,000) */
  readonly linesPerChunk?: number
  /** (Default: 50,000) A line with more is a chunk of its own. */
  readonly itemsPerChunk?: number
  /** Ends the close between two chunks; the next call goes on there. */
  readonly signal?: AbortSignal
}

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
}

/**
 * Makes the bills of a cycle, chunk by chunk of lines in the order of their ids. A chunk's bills, messages and progress are
 * one transaction: killed anywhere, the close goes on where it stopped; closed already, nothing happens. Memory does
 * not grow with the number of lines or items, which never leave the database.
 *
 * @returns whether it came to the end
 */
export async function closeCycle(
  { pool, clock }: Parts,
  carrier: Carrier,
  cycle: Cycle,
  options: CloseOptions = {},
): Promise<boolean> {
  const zone = carrier.profileAt(clock.now()).zone
  const billOn = billDateOf(carrier.profileAt(clock.now()), cycle)
  const profile = carrier.profileAt(startOfDayMs(billOn, zone))
  const beganMs = performance.now()
  let itemsHere = 0
  await pool.query(
    'insert into carrier.close_run (carrier, cycle, begun_at) values ($1, $2, $3) on conflict do nothing',
    [carrier.id, cycle, new Date(clock.now())],
  )
  for (;;) {
    if (options.signal?.aborted) return false
    const chunk = await inTurnOfAll(pool, carrier.id, (client) =>
      closeChunk(client, { carrier, cycle, profile, at: new Date(clock.now()) }, options),
    )
    if (chunk === undefined) return true
    itemsHere += chunk.newItems
    const seconds = Math.max(performance.now() - beganMs, 1) / 1_000
    const { lines, items, amount } = chunk
    options.onProgress?.({ lines, items, amount, rate: Math.round(itemsHere / seconds) })
  }
}

interface Close {
  readonly carrier: Carrier
  readonly cycle: Cycle
  readonly profile: MarketProfile
  readonly at: Date
}

interface Chunk {
  readonly lines: number
  readonly items: number
  readonly amount: bigint
  readonly newItems: number
}

/** One chunk; undefined: the end is reached. */
async function closeChunk(
  client: pg.PoolClient,
  close: Close,
  { linesPerChunk = 2_000, itemsPerChunk = 50_000 }: CloseOptions,
): Promise<Chunk | undefined> {
  const { carrier, cycle, at } = close
  const run = await client.query<{ after_line: string; finished_at: Date | null }>(
    'select after_line, finished_at from carrier.close_run where carrier = $1 and cycle = $2 for update',
    [carrier.id, cycle],
  )
  const [progress] = run.rows
  if (progress === undefined || progress.finished_at !== null) return undefined
  const cycles = [cycle, previousCycle(cycle), ...(await waitingCycles(client, close))]
  const chunk = await client.query<{ id: string }>(CHUNK_SQL, [
    carrier.id,
    cycles,
    progress.after_line,
    linesPerChunk,
    itemsPerChunk,
  ])
  const lines = chunk.rows.map(({ id }) => id)
  const last = lines.at(-1)
  if (last === undefined) {
    await client.query(
      'update carrier.close_run set finished_at = $3 where carrier = $1 and cycle = $2',
      [carrier.id, cycle, at],
    )
    return undefined
  }
  const made = await makeBills(client, close, lines, cycles)
  const { rows } = await client.query<{ lines: number; items: string; amount: string }>(
    `update carrier.close_run
     set after_line = $3, lines = lines + $4, items = items + $5, amount = amount + $6
     where carrier = $1 and cycle = $2 returning lines, items, amount`,
    [carrier.id, cycle, last, made.lines, made.items, made.amount],
  )
  const [total] = rows
  if (total === undefined) throw new Error('a close lost its record')
  return {
    lines: total.lines,
    items: Number(total.items),
    amount: BigInt(total.amount),
    newItems: Number(made.items),
  }
}

/**
 * Older cycles in which a payment is still on no bill, since its cancellation was not decided when its month was closed, or
 * since its own outcome was lost by a crash and found out two closes later. There are few of them.
 */
async function waitingCycles(client: pg.PoolClient, { carrier, cycle }: Close): Promise<Cycle[]> {
  const { rows } = await client.query<{ cycle: string }>(
    `select distinct p.cycle from carrier.refund r join carrier.payment p on p.id = r.payment_id
     where r.carrier = $1 and r.mode = 'cancel' and p.status = 'succeeded' and p.cycle < $2
       and p.cancelled < p.amount
       and not exists (select from carrier.bill_item i where i.payment_id = p.id)
     union
     select p.cycle from carrier.payment p
     where p.carrier = $1 and p.cycle < $2 and p.status = 'succeeded' and p.cancelled < p.amount
       and p.updated_at - p.created_at > interval '20 days'
       and not exists (select from carrier.bill_item i where i.payment_id = p.id)`,
    [carrier.id, cycle],
  )
  return rows.map((row) => row.cycle)
}

async function makeBills(
  client: pg.PoolClient,
  { carrier, cycle, profile, at }: Close,
  lines: readonly string[],
  cycles: readonly Cycle[],
) {
  const dueOn = dueDateOf(profile, cycle)
  const made = await client.query<{ lines: string; items: string; amount: string }>(BILL_SQL, [
    lines,
    cycles,
    cycle,
    carrier.id,
    billDateOf(profile, cycle),
    dueOn,
    profile.version,
    at,
  ])
  await applyCredits(client, lines, at)
  if (profile.notices.atBill) {
    const { unit, mask } = numberFormat(profile)
    const words = JSON.stringify(noticeWords(carrier, profile, cycle, dueOn))
    const { sendAtMs } = inHours(profile, at.getTime())
    const sendAt = sendAtMs === undefined ? null : new Date(sendAtMs)
    await client.query(MESSAGE_SQL, [lines, cycle, profile.zone, words, unit, mask, at, sendAt])
  }
  return made.rows[0] ?? { lines: '0', items: '0', amount: '0' }
}
