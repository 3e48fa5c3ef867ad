import type { AccountState } from '../accounts.ts'
import { KIND_NAME } from '../encode.ts'
import { accountId, uuidToId } from '../ids.ts'
import { limitsFromStored, type ScopedUse } from '../limits.ts'
import type { AccountKind, Transfer } from '../model.ts'
import type { StoredAccount } from '../store.ts'

/** A row of ledger.transfer as `pg` gives it: int8 as text. */
export interface TransferRow {
  readonly shard: number
  readonly kind: number
  readonly ttl_s: number
  readonly seq: string
  readonly amount: string
  readonly at_ms: string
  readonly previous_debit: string
  readonly previous_credit: string
  readonly origin: string
  readonly debit: number
  readonly credit: number
  readonly id: string
  readonly category: string
  readonly offer: string
  readonly reference: string
  readonly device: string
}

export function rowToTransfer(row: TransferRow): Transfer {
  const kind = KIND_NAME[row.kind]
  if (kind === undefined) throw new RangeError(`no such transfer kind: ${row.kind}`)
  return {
    shard: row.shard,
    sequence: Number(row.seq),
    id: uuidToId(row.id),
    kind,
    debit: accountId(row.shard, row.debit),
    credit: accountId(row.shard, row.credit),
    amount: BigInt(row.amount),
    atMs: Number(row.at_ms),
    ttlS: row.ttl_s,
    origin: Number(row.origin),
    previousDebit: Number(row.previous_debit),
    previousCredit: Number(row.previous_credit),
    category: row.category,
    offer: row.offer,
    reference: row.reference,
    device: row.device,
  }
}

type StoredUse = Readonly<Record<string, { key: number; amount: string; count: number }>>

/** A row of ledger.account. */
export interface AccountRowRead {
  readonly account: number
  readonly reference: string
  readonly asset: string
  readonly kind: AccountKind
  readonly overdraft: string | null
  readonly limits: Parameters<typeof limitsFromStored>[0]
  readonly as_of: string
  readonly last_seq: string
  readonly debits_posted: string
  readonly credits_posted: string
  readonly debits_pending: string
  readonly credits_pending: string
  readonly day_key: number
  readonly day_amount: string
  readonly day_count: number
  readonly month_key: number
  readonly month_amount: string
  readonly month_count: number
  readonly scoped: StoredUse | null
}

export function rowToAccount(row: AccountRowRead): StoredAccount {
  return {
    row: {
      number: row.account,
      reference: row.reference,
      asset: row.asset,
      kind: row.kind,
      overdraft: row.overdraft === null ? null : BigInt(row.overdraft),
      state: rowToState(row),
    },
    limits: limitsFromStored(row.limits),
    scoped: scopedFromStored(row.scoped),
  }
}

function rowToState(row: AccountRowRead): AccountState {
  return {
    asOf: Number(row.as_of),
    lastSequence: Number(row.last_seq),
    debitsPosted: BigInt(row.debits_posted),
    creditsPosted: BigInt(row.credits_posted),
    debitsPending: BigInt(row.debits_pending),
    creditsPending: BigInt(row.credits_pending),
    dayKey: row.day_key,
    dayAmount: BigInt(row.day_amount),
    dayCount: row.day_count,
    monthKey: row.month_key,
    monthAmount: BigInt(row.month_amount),
    monthCount: row.month_count,
  }
}

export function scopedFromStored(stored: StoredUse | null): Map<string, ScopedUse> {
  const scoped = new Map<string, ScopedUse>()
  for (const [name, { key, amount, count }] of Object.entries(stored ?? {})) {
    scoped.set(name, { key, amount: BigInt(amount), count })
  }
  return scoped
}

/** Uses of periods that are over are left out: they would begin at zero anyway. */
export function scopedToStored(
  scoped: ReadonlyMap<string, ScopedUse>,
  dayKey: number,
  monthKey: number,
): string | null {
  const current = [...scoped].filter(([, { key }]) => key === dayKey || key === monthKey)
  if (current.length === 0) return null
  return JSON.stringify(
    Object.fromEntries(
      current.map(([name, { key, amount, count }]) => [
        name,
        { key, amount: String(amount), count },
      ]),
    ),
  )
}
