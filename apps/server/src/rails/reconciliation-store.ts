import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database.ts'
import type { BreakKind } from './model.ts'

/** A payment of ours as a reconciliation sees it: a charge or a collection. */
export interface OurPayment {
  readonly id: string
  readonly amount: bigint
  readonly state: string
  /** Whether we believe that the line was charged. */
  readonly paid: boolean
  readonly carrierPaymentId: string | null
  readonly endedAtMs: number | null
}

/** A refund of ours as a reconciliation sees it. */
export interface OurRefund {
  readonly id: string
  readonly amount: bigint
  readonly state: string
  /** Whether we believe that the line got it back. */
  readonly paid: boolean
  /** The carrier's payment that it gives back. */
  readonly carrierPaymentId: string
  readonly endedAtMs: number | null
}

/** A refund of ours with the charge that it gives back. */
export interface DayRefund extends OurRefund {
  readonly chargeId: string
  readonly whole: bigint
}

export interface Result {
  readonly id: string
  readonly carrier: string
  readonly day: string
  readonly state: 'complete' | 'failed'
  readonly ours: number
  readonly theirs: number
  readonly matched: number
  readonly open: number
  readonly breaks: number
  /** What both sides say was charged. */
  readonly amount: bigint
  readonly currency: string
  readonly detail: string | null
  readonly finishedAtMs: number
}

export interface BreakFound {
  readonly kind: BreakKind
  /** What it is about; with carrier and kind it is the same break again. */
  readonly subject: string
  readonly ourId: string | null
  readonly carrierPaymentId: string | null
  readonly ourAmount: bigint | null
  readonly theirAmount: bigint | null
  readonly ourStatus: string | null
  readonly theirStatus: string | null
}

export interface Break extends BreakFound {
  readonly id: string
  readonly carrier: string
  readonly day: string
  readonly currency: string
  readonly foundAtMs: number
  readonly owner: string | null
  readonly resolvedAtMs: number | null
  readonly note: string | null
}

export type ReconciliationStore = ReturnType<typeof createReconciliationStore>

/** Keeps what was compared, and where it differed. */
export function createReconciliationStore(database: Database) {
  async function addBreaks(
    about: {
      readonly carrier: string
      readonly day: string
      readonly currency: string
      readonly reconciliationId: string | null
    },
    breaks: readonly BreakFound[],
    nowMs: number,
    sql: Database = database,
  ): Promise<void> {
    const at = new Date(nowMs)
    for (const each of breaks) {
      await sql
        .insertInto('jeon.reconciliation_break')
        .values({
          ...{ id: randomUUID(), reconciliation_id: about.reconciliationId },
          ...{ carrier: about.carrier, day: about.day, currency: about.currency },
          ...{ kind: each.kind, subject: each.subject, our_id: each.ourId },
          ...{ carrier_payment_id: each.carrierPaymentId, our_amount: each.ourAmount },
          ...{ their_amount: each.theirAmount, our_status: each.ourStatus },
          ...{ their_status: each.theirStatus, found_at: at, seen_at: at },
        })
        .onConflict((conflict) =>
          conflict
            .columns(['carrier', 'kind', 'subject'])
            .where('resolved_at', 'is', null)
            .doUpdateSet({ seen_at: at }),
        )
        .execute()
    }
  }

  return {
    addBreaks,

    /** Ours that were first sent between two moments, the second not included. */
    async ours(carrier: string, fromMs: number, toMs: number): Promise<OurPayment[]> {
      const [from, to] = [new Date(fromMs), new Date(toMs)]
      const columns = ['id', 'amount', 'state', 'carrier_payment_id', 'ended_at'] as const
      const charges = await database
        .selectFrom('jeon.rail_charge')
        .select(columns)
        .where('carrier', '=', carrier)
        .where('first_sent_at', '>=', from)
        .where('first_sent_at', '<', to)
        .execute()
      const collections = await database
        .selectFrom('jeon.collection')
        .select(columns)
        .where('carrier', '=', carrier)
        .where('first_sent_at', '>=', from)
        .where('first_sent_at', '<', to)
        .execute()
      return [...charges, ...collections].map(oursOf)
    },

    /** Ours by the keys that a carrier's list names. */
    async byCorrelators(ids: readonly string[]): Promise<Map<string, OurPayment>> {
      const known = new Map<string, OurPayment>()
      for (let from = 0; from < ids.length; from += idsAtOnce) {
        const part = ids.slice(from, from + idsAtOnce)
        const columns = ['id', 'amount', 'state', 'carrier_payment_id', 'ended_at'] as const
        const charges = database.selectFrom('jeon.rail_charge').select(columns)
        const collections = database.selectFrom('jeon.collection').select(columns)
        const rows = [
          ...(await charges.where('id', 'in', part).execute()),
          ...(await collections.where('id', 'in', part).execute()),
        ]
        for (const row of rows) known.set(row.id, oursOf(row))
      }
      return known
    },

    /** Our refunds that were begun between two moments, with what their payments were. */
    async refunds(carrier: string, fromMs: number, toMs: number): Promise<DayRefund[]> {
      const rows = await database
        .selectFrom('jeon.rail_refund as refund')
        .innerJoin('jeon.rail_charge as charge', 'charge.id', 'refund.charge_id')
        .select(['refund.id', 'refund.amount', 'refund.state', 'refund.ended_at'])
        .select(['charge.carrier_payment_id', 'charge.amount as whole', 'charge.id as charge_id'])
        .where('charge.carrier', '=', carrier)
        .where('refund.created_at', '>=', new Date(fromMs))
        .where('refund.created_at', '<', new Date(toMs))
        .execute()
      return rows.map((row) => ({
        ...{ id: row.id, amount: BigInt(row.amount), state: row.state },
        ...{ paid: row.state === 'settled', carrierPaymentId: row.carrier_payment_id ?? '' },
        endedAtMs: row.ended_at?.getTime() ?? null,
        ...{ whole: BigInt(row.whole), chargeId: row.charge_id },
      }))
    },

    /** The keys of all refunds of some charges. */
    async refundIds(chargeIds: readonly string[]): Promise<Set<string>> {
      if (chargeIds.length === 0) return new Set()
      const rows = await database
        .selectFrom('jeon.rail_refund')
        .select('id')
        .where('charge_id', 'in', [...chargeIds])
        .execute()
      return new Set(rows.map(({ id }) => id))
    },

    /** A result and its breaks, all or nothing. */
    async save(result: Result, breaks: readonly BreakFound[]): Promise<Result> {
      await database.transaction().execute(async (sql) => {
        await sql
          .insertInto('jeon.reconciliation')
          .values({
            ...{ id: result.id, carrier: result.carrier, day: result.day, state: result.state },
            ...{ ours: result.ours, theirs: result.theirs, matched: result.matched },
            ...{ open: result.open, breaks: result.breaks, amount: result.amount },
            ...{ currency: result.currency, detail: result.detail },
            finished_at: new Date(result.finishedAtMs),
          })
          .execute()
        const { carrier, day, currency, id } = result
        const about = { carrier, day, currency, reconciliationId: id }
        await addBreaks(about, breaks, result.finishedAtMs, sql)
      })
      return result
    },

    async results(limit: number): Promise<Result[]> {
      const rows = await database
        .selectFrom('jeon.reconciliation')
        .selectAll()
        .orderBy('finished_at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(resultOf)
    },

    async breaks(isResolved: boolean, limit: number): Promise<Break[]> {
      const rows = await database
        .selectFrom('jeon.reconciliation_break')
        .selectAll()
        .where('resolved_at', isResolved ? 'is not' : 'is', null)
        .orderBy('found_at')
        .limit(limit)
        .execute()
      return rows.map(breakOf)
    },

    /** @returns undefined: there is none; else as it stands now, and whether this changed it */
    async change(
      id: string,
      changes:
        | { readonly owner: string }
        | { readonly note: string; readonly resolvedAtMs: number },
    ): Promise<{ readonly found: Break; readonly changed: boolean } | undefined> {
      const set =
        'owner' in changes
          ? { owner: changes.owner }
          : { note: changes.note, resolved_at: new Date(changes.resolvedAtMs) }
      const updated = await database
        .updateTable('jeon.reconciliation_break')
        .set(set)
        .where('id', '=', id)
        .where('resolved_at', 'is', null)
        .executeTakeFirst()
      const row = await database
        .selectFrom('jeon.reconciliation_break')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return { found: breakOf(row), changed: updated.numUpdatedRows === 1n }
    },
  }
}

const idsAtOnce = 5_000

function oursOf(row: {
  readonly id: string
  readonly amount: string
  readonly state: string
  readonly carrier_payment_id: string | null
  readonly ended_at: Date | null
}): OurPayment {
  return {
    id: row.id,
    amount: BigInt(row.amount),
    state: row.state,
    paid: row.state === 'settled' || row.state === 'stranded',
    carrierPaymentId: row.carrier_payment_id,
    endedAtMs: row.ended_at?.getTime() ?? null,
  }
}

function resultOf(row: Selectable<Tables['jeon.reconciliation']>): Result {
  const { finished_at: finishedAt, amount, ...same } = row
  return { ...same, amount: BigInt(amount), finishedAtMs: finishedAt.getTime() }
}

function breakOf(row: Selectable<Tables['jeon.reconciliation_break']>): Break {
  return {
    ...{ id: row.id, carrier: row.carrier, day: row.day, kind: row.kind, subject: row.subject },
    ...{ ourId: row.our_id, carrierPaymentId: row.carrier_payment_id, currency: row.currency },
    ourAmount: row.our_amount === null ? null : BigInt(row.our_amount),
    theirAmount: row.their_amount === null ? null : BigInt(row.their_amount),
    ...{ ourStatus: row.our_status, theirStatus: row.their_status, owner: row.owner },
    ...{ foundAtMs: row.found_at.getTime(), note: row.note },
    resolvedAtMs: row.resolved_at?.getTime() ?? null,
  }
}
