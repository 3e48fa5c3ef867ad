import { limitsFromStored } from '../limits.ts'
import type { AccountKind, SpendingLimits } from '../model.ts'
import type { StoredAccount } from '../store.ts'
import { scopedFromStored } from './rows.ts'

/** The fields that `AccountReader` reads, in its order. */
const COLUMNS =
  'account, reference, asset, kind, overdraft, limits::text, as_of, last_seq, debits_posted, credits_posted, debits_pending, credits_pending, day_key, day_amount, day_count, month_key, month_amount, month_count, scoped::text'

/** Texts of limits remembered; wallets with limits of their own are the exception. */
const LIMITS_REMEMBERED = 10_000

/** The statement that reads accounts of a shard as bytes; `numbers`: an array or a query of ours, never input. */
export function accountsCopy(shard: number, numbers: string): string {
  return `COPY (SELECT ${COLUMNS} FROM ledger.account WHERE shard = ${shard} AND account = ANY(${numbers})) TO STDOUT (FORMAT binary)`
}

/**
 * Reads accounts in the binary form of COPY. Opening a shard after a crash loads every account of
 * the journal's end: as text rows a million of them take half a minute.
 */
export class AccountReader {
  readonly #limits = new Map<string, SpendingLimits>()
  #row: Buffer = Buffer.alloc(0)
  #at = 0

  read(row: Buffer): StoredAccount {
    this.#row = row
    this.#at = 2
    const number = this.#int4()
    const reference = this.#text() ?? ''
    const asset = this.#text() ?? ''
    const kind = this.#text() as AccountKind
    const overdraft = this.#nullableInt8()
    const limits = this.#limitsOf(this.#text())
    const state = {
      asOf: Number(this.#int8()),
      lastSequence: Number(this.#int8()),
      debitsPosted: this.#int8(),
      creditsPosted: this.#int8(),
      debitsPending: this.#int8(),
      creditsPending: this.#int8(),
      dayKey: this.#int4(),
      dayAmount: this.#int8(),
      dayCount: this.#int4(),
      monthKey: this.#int4(),
      monthAmount: this.#int8(),
      monthCount: this.#int4(),
    }
    const scoped = this.#text()
    return {
      row: { number, reference, asset, kind, overdraft, state },
      limits,
      scoped: scopedFromStored(scoped === null ? null : JSON.parse(scoped)),
    }
  }

  #limitsOf(text: string | null): SpendingLimits | null {
    if (text === null) return null
    const known = this.#limits.get(text)
    if (known !== undefined) return known
    const limits = limitsFromStored(JSON.parse(text))
    if (this.#limits.size >= LIMITS_REMEMBERED) this.#limits.clear()
    if (limits !== null) this.#limits.set(text, limits)
    return limits
  }

  #int4(): number {
    this.#at += 8
    return this.#row.readInt32BE(this.#at - 4)
  }

  #int8(): bigint {
    this.#at += 12
    return this.#row.readBigInt64BE(this.#at - 8)
  }

  #nullableInt8(): bigint | null {
    if (this.#row.readInt32BE(this.#at) >= 0) return this.#int8()
    this.#at += 4
    return null
  }

  #text(): string | null {
    const length = this.#row.readInt32BE(this.#at)
    this.#at += 4
    if (length < 0) return null
    this.#at += length
    return this.#row.toString('utf8', this.#at - length, this.#at)
  }
}
