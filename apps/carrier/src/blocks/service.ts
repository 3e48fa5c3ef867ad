import { addDays, addMonths, dateOf, monthsBetween, startOfDayMs } from '@jeon/billing'
import { sql } from 'kysely'
import type { CarrierClock } from '../carrier-clock.ts'
import type { Database } from '../database.ts'
import { createId } from '../ids.ts'
import type { LineBook } from '../lines/service.ts'
import { blockOf } from '../lines/standing.ts'
import type { Block, BlockKind, Carrier, Line } from '../model.ts'
import { AFTER_SUSPENSION, type Blocks, type LiftOutcome } from './model.ts'

export interface BlockServiceParts {
  readonly database: Database
  readonly lines: LineBook
  readonly time: CarrierClock
}

const HOUR_MS = 3_600_000

/** Blocks hold from the next decision on; unblocking is slow on purpose. */
export class BlockService implements Blocks {
  readonly #parts: BlockServiceParts

  constructor(parts: BlockServiceParts) {
    this.#parts = parts
  }

  async set(lineId: string, kind: BlockKind, reason: string): Promise<Block> {
    const { lines, time } = this.#parts
    const nowMs = time.now()
    const { line } = await lines.update(lineId, 'line', (before) => {
      const known = blockOf(before, kind, nowMs)
      return known === undefined
        ? this.#insert(before, kind, reason, nowMs)
        : this.#keepOn(known.id)
    })
    const block = blockOf(line, kind, nowMs)
    if (block === undefined) throw new Error('a block that was set holds')
    return block
  }

  async lift(
    lineId: string,
    blockId: string,
    by: Parameters<Blocks['lift']>[2],
  ): Promise<LiftOutcome> {
    const { lines, time } = this.#parts
    const { result } = await lines.update(lineId, 'line', async (line): Promise<LiftOutcome> => {
      const nowMs = time.now()
      const block = line.blocks.find(({ id }) => id === blockId)
      if (block === undefined) return { ok: false, code: 'not_found' }
      const refusal = await this.#refusesLift(line, block, by.factors)
      if (refusal !== undefined) return refusal
      const lifted = line.blocks
        .filter((each) => each.liftsAtMs === null && this.isLiftable(each))
        .map((each) => ({ ...each, liftsAtMs: nowMs + this.#coolingOffMs(line, each) }))
      await this.#grant(lifted, nowMs)
      for (const each of lifted) if (each.liftsAtMs === nowMs) await this.#end(line, each, nowMs)
      const remaining = line.blocks.filter((each) => !this.isLiftable(each))
      const liftsAtMs = Math.max(...lifted.map((each) => each.liftsAtMs))
      return { ok: true, lifted, remaining, liftsAtMs }
    })
    return result
  }

  async release(lineId: string, kind: BlockKind): Promise<boolean> {
    const { lines, time } = this.#parts
    const { result } = await lines.update(lineId, 'line', async (line) => {
      const blocks = line.blocks.filter((block) => block.kind === kind)
      for (const block of blocks) await this.#end(line, block, time.now())
      return blocks.length > 0
    })
    return result
  }

  isLiftable({ kind, reason }: Block): boolean {
    return kind === 'operator' ? reason === AFTER_SUSPENSION : kind !== 'fraud'
  }

  async applyDue(nowMs: number): Promise<{ lineId: string; block: Block }[]> {
    const { database, lines } = this.#parts
    const due = await database
      .selectFrom('carrier.block')
      .select(['id', 'line_id'])
      .where('lifted_at', 'is', null)
      .where('lifts_at', '<=', new Date(nowMs))
      .orderBy('lifts_at')
      .execute()
    const gone: { lineId: string; block: Block }[] = []
    for (const { id, line_id: lineId } of due) {
      await lines.update(lineId, 'line', async (line) => {
        const block = line.blocks.find((one) => one.id === id)
        if (block?.liftsAtMs == null || block.liftsAtMs > nowMs) return
        await this.#end(line, block, block.liftsAtMs)
        gone.push({ lineId, block })
      })
    }
    return gone
  }

  async nextDueAt(): Promise<number | undefined> {
    const row = await this.#parts.database
      .selectFrom('carrier.block')
      .select((eb) => eb.fn.min('lifts_at').as('at'))
      .where('lifted_at', 'is', null)
      .where('lifts_at', 'is not', null)
      .executeTakeFirst()
    return row?.at?.getTime()
  }

  async blockDormant(nowMs: number): Promise<string[]> {
    const blocked: string[] = []
    for (const carrier of this.#parts.time.carriers) {
      for (const lineId of await this.#dormant(carrier, nowMs)) {
        await this.set(lineId, 'dormant', 'unused')
        blocked.push(lineId)
      }
    }
    return blocked
  }

  /** Lines with a consent to payments that were neither used nor allowed again for so long. */
  async #dormant(carrier: Carrier, nowMs: number): Promise<string[]> {
    const profile = carrier.profileAt(nowMs)
    const { dormantMonths } = profile.eligibility
    if (dormantMonths === null) return []
    const today = dateOf(nowMs, profile.zone)
    // A day more than it takes, since months differ: the calendar itself decides below.
    const before = startOfDayMs(addDays(addMonths(today, -dormantMonths), 4), profile.zone)
    const lastAllowed = sql<Date>`max(greatest(l.used_at, c.given_at))`
    const rows = await this.#parts.database
      .selectFrom('carrier.line as l')
      .innerJoin('carrier.consent as c', 'c.line_id', 'l.id')
      .select(['l.id', lastAllowed.as('last')])
      .where('l.carrier', '=', carrier.id)
      .where('l.stage', '<>', 'terminated')
      .where('c.kind', '=', 'payments')
      .where('c.revoked_at', 'is', null)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('carrier.block as b')
              .select('b.id')
              .whereRef('b.line_id', '=', 'l.id')
              .where('b.kind', '=', 'dormant')
              .where('b.lifted_at', 'is', null),
          ),
        ),
      )
      .groupBy('l.id')
      .having(lastAllowed, '<', new Date(before))
      .orderBy('l.id')
      .execute()
    return rows
      .filter(
        ({ last }) => monthsBetween(dateOf(last.getTime(), profile.zone), today) >= dormantMonths,
      )
      .map(({ id }) => id)
  }

  async #refusesLift(
    line: Line,
    block: Block,
    factors: Parameters<Blocks['lift']>[2]['factors'],
  ): Promise<Extract<LiftOutcome, { ok: false }> | undefined> {
    if (!this.isLiftable(block)) return { ok: false, code: 'not_liftable' }
    if (block.liftsAtMs !== null) {
      return { ok: false, code: 'already_granted', liftsAtMs: block.liftsAtMs }
    }
    const { unblock } = this.#parts.time.profile(line.carrier).blocks
    const missing = unblock.factors.filter((factor) => !factors.includes(factor))
    if (missing.length > 0) return { ok: false, code: 'factors_missing', missing }
    const granted = await this.#grantedToday(line)
    return granted >= unblock.perDay ? { ok: false, code: 'too_many_today' } : undefined
  }

  #coolingOffMs({ carrier }: Line, { kind }: Block): number {
    const { unblock } = this.#parts.time.profile(carrier).blocks
    const hours =
      kind === 'permanent'
        ? Math.max(unblock.coolingOffHours, unblock.permanentCoolingOffHours)
        : unblock.coolingOffHours
    return hours * HOUR_MS
  }

  async #grantedToday(line: Line): Promise<number> {
    const { database, time } = this.#parts
    const { zone } = time.profile(line.carrier)
    const row = await database
      .selectFrom('carrier.block')
      .select((eb) => eb.fn.count<string>('unblock_id').distinct().as('count'))
      .where('line_id', '=', line.id)
      .where('granted_at', '>=', new Date(startOfDayMs(time.today(line.carrier), zone)))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  async #insert(line: Line, kind: BlockKind, reason: string, nowMs: number): Promise<void> {
    const { database, time } = this.#parts
    // One whose time to lift has come and that nobody has ended yet.
    const over = line.blocks.find((block) => block.kind === kind)
    if (over !== undefined) await this.#end(line, over, over.liftsAtMs ?? nowMs)
    await database
      .insertInto('carrier.block')
      .values({
        id: createId('block', time.machineNow()),
        line_id: line.id,
        kind,
        reason,
        set_at: new Date(nowMs),
      })
      .execute()
  }

  async #keepOn(blockId: string): Promise<void> {
    await this.#parts.database
      .updateTable('carrier.block')
      .set({ lifts_at: null })
      .where('id', '=', blockId)
      .execute()
  }

  /** All of them or none: a second proof on the same day would be refused. */
  async #grant(
    blocks: readonly (Block & { readonly liftsAtMs: number })[],
    nowMs: number,
  ): Promise<void> {
    const { database, time } = this.#parts
    const unblockId = createId('unblock', time.machineNow())
    await database.transaction().execute(async (trx) => {
      for (const { id, liftsAtMs } of blocks) {
        await trx
          .updateTable('carrier.block')
          .set({
            granted_at: new Date(nowMs),
            unblock_id: unblockId,
            lifts_at: new Date(liftsAtMs),
          })
          .where('id', '=', id)
          .execute()
      }
    })
  }

  /** A line that its owner wakes up was allowed payments at that moment: it does not fall asleep again at once. */
  async #end(line: Line, block: Block, atMs: number): Promise<void> {
    const at = new Date(atMs)
    await this.#parts.database.transaction().execute(async (trx) => {
      await trx
        .updateTable('carrier.block')
        .set({ lifted_at: at })
        .where('id', '=', block.id)
        .where('lifted_at', 'is', null)
        .execute()
      if (block.kind !== 'dormant') return
      await trx.updateTable('carrier.line').set({ used_at: at }).where('id', '=', line.id).execute()
    })
  }
}
