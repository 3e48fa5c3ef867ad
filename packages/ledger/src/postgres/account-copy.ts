import pg from 'pg'
import { readInt8, readSequence } from '../decode.ts'
import { limitsFromStored, type ScopedUse } from '../limits.ts'
import type { AccountKind, SpendingLimits } from '../model.ts'
import { RepeatedTexts } from '../repeated-texts.ts'
import type { StoredAccount } from '../store.ts'
import { scopedFromStored } from './rows.ts'

/** A statement to be run by `CopyOut`, and what its rows are read with. */
export interface AccountQuery {
  readonly text: string
  readonly read: (row: Buffer) => StoredAccount
}

/** The fields that `AccountReader` reads, in its order; the limits come before them. */
const COLUMNS =
  'account, reference, asset, kind, overdraft, as_of, last_seq, debits_posted, credits_posted, debits_pending, credits_pending, day_key, day_amount, day_count, month_key, month_amount, month_count, scoped::text'

/** Limits that a statement names, so that accounts with them need not bring their text. */
const LIMITS_NAMED = 4
/** A look-up of fewer accounts than this stays a plain statement. */
const NAMING_FROM = 100
/** Texts of limits remembered; wallets with limits of their own are the exception. */
const LIMITS_REMEMBERED = 10_000

const NO_SCOPED: ReadonlyMap<string, ScopedUse> = new Map()

/**
 * Reads accounts of a shard in the binary form of COPY. Opening a shard after a crash loads every
 * account of the journal's end: as text rows a million of them take half a minute.
 */
export class AccountReader {
  readonly #limits = new Map<string, SpendingLimits>()
  /** Texts of the limits that came last. */
  #named: readonly string[] = []
  readonly #texts = new RepeatedTexts()
  #row: Buffer = Buffer.alloc(0)
  #at = 0

  /**
   * The statement that reads these accounts, and what reads its rows. Most of an account's bytes are
   * its limits, and those of most accounts are the same: known ones are compared, byte by byte
   * (`*=`), where they are stored, and only their place in a list is sent.
   */
  ask(shard: number, numbers: readonly number[]): AccountQuery {
    const named = numbers.length < NAMING_FROM ? [] : this.#named
    const cases = named.map(
      (text, at) =>
        `WHEN ROW(limits)::record *= ROW(${pg.escapeLiteral(text)}::jsonb)::record THEN '${at}'`,
    )
    const limits = `CASE WHEN limits IS NULL THEN NULL ${cases.join(' ')} ELSE limits::text END`
    return {
      text: `COPY (SELECT ${limits}, ${COLUMNS} FROM ledger.account WHERE shard = ${shard} AND account = ANY('{${numbers.join()}}'::int4[])) TO STDOUT (FORMAT binary)`,
      read: (row) => this.#read(row, named),
    }
  }

  #read(row: Buffer, named: readonly string[]): StoredAccount {
    this.#row = row
    this.#at = 2
    const limits = this.#limitsOf(this.#text(), named)
    const number = this.#int4()
    const reference = this.#text() ?? ''
    const asset = this.#repeated()
    const kind = this.#repeated() as AccountKind
    const overdraft = this.#nullableInt8()
    const state = {
      asOf: this.#sequence(),
      lastSequence: this.#sequence(),
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
      scoped: scoped === null ? NO_SCOPED : scopedFromStored(JSON.parse(scoped)),
    }
  }

  /** `text`: a place in `named`, or the JSON of an object. */
  #limitsOf(text: string | null, named: readonly string[]): SpendingLimits | null {
    if (text === null) return null
    const place = named[Number(text)]
    const stored = place ?? text
    if (place === undefined) this.#name(text)
    const known = this.#limits.get(stored)
    if (known !== undefined) return known
    const limits = limitsFromStored(JSON.parse(stored))
    if (this.#limits.size >= LIMITS_REMEMBERED) this.#limits.clear()
    if (limits !== null) this.#limits.set(stored, limits)
    return limits
  }

  #name(text: string): void {
    if (this.#named.includes(text)) return
    this.#named = [text, ...this.#named.slice(0, LIMITS_NAMED - 1)]
  }

  #int4(): number {
    this.#at += 8
    return this.#row.readInt32BE(this.#at - 4)
  }

  #int8(): bigint {
    this.#at += 12
    return readInt8(this.#row, this.#at - 8)
  }

  #sequence(): number {
    this.#at += 12
    return readSequence(this.#row, this.#at - 8)
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

  #repeated(): string {
    const length = this.#row.readInt32BE(this.#at)
    this.#at += 4 + length
    return this.#texts.read(this.#row, this.#at - length, this.#at)
  }
}
