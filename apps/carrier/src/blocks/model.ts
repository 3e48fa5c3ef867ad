import type { Factor } from '@jeon/billing'
import type { Block, BlockKind } from '../model.ts'

/** The reason of an operator's block that its owner may lift: payments after a suspension. */
export const AFTER_SUSPENSION = 'after_suspension'

/**
 * not_found        there is no such block on the line, or it was lifted
 * not_liftable     only the carrier lifts it
 * factors_missing  `missing` must be shown as well
 * too_many_today   unblocking is granted so often a day and no more
 * already_granted  it lifts at `liftsAtMs`
 */
export type LiftOutcome =
  | {
      readonly ok: true
      /** All that one proof lifts, with `liftsAtMs` of each. */
      readonly lifted: readonly (Block & { readonly liftsAtMs: number })[]
      /** What holds on: only the carrier lifts it. */
      readonly remaining: readonly Block[]
      /** When the last of `lifted` is gone. */
      readonly liftsAtMs: number
    }
  | { readonly ok: false; readonly code: 'not_found' | 'not_liftable' | 'too_many_today' }
  | { readonly ok: false; readonly code: 'factors_missing'; readonly missing: readonly Factor[] }
  | { readonly ok: false; readonly code: 'already_granted'; readonly liftsAtMs: number }

export interface Blocks {
  /** From the next decision on. A block of this kind that holds already is answered as it is; a granted unblock of it is taken back. */
  set(lineId: string, kind: BlockKind, reason: string): Promise<Block>
  /**
   * Asked by the owner, who has shown `factors`: lifts this block and with it every other one that the owner may lift and
   * that was not granted yet, so that one proof is enough. Each takes effect after the market's cooling-off; together they
   * are one unblock of the day.
   */
  lift(
    lineId: string,
    blockId: string,
    by: { readonly factors: readonly Factor[] },
  ): Promise<LiftOutcome>
  /** By the carrier, at once. @returns whether there was one */
  release(lineId: string, kind: BlockKind): Promise<boolean>
  isLiftable(block: Block): boolean
  /** Granted unblocks whose time has come. @returns the blocks that are gone now, with their lines */
  applyDue(nowMs: number): Promise<readonly { readonly lineId: string; readonly block: Block }[]>
  nextDueAt(): Promise<number | undefined>
  /** Blocks lines that were not used for as long as the market says. @returns the ids of the lines */
  blockDormant(nowMs: number): Promise<readonly string[]>
}
