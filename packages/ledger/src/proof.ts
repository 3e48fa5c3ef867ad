import type { AccountState } from './accounts.ts'
import { numberOf } from './ids.ts'
import type { Sequence, Transfer } from './model.ts'
import type { StoredAccount } from './store.ts'

/** What the fold of the journal says of one account. */
interface Folded {
  readonly asset: string
  readonly widest: bigint | null
  readonly stored: AccountState
  isCompared: boolean
  lastSequence: Sequence
  debitsPosted: bigint
  creditsPosted: bigint
  debitsPending: bigint
  creditsPending: bigint
}

interface SeenHold {
  readonly sequence: Sequence
  readonly debit: number
  readonly credit: number
  readonly amount: bigint
}

/** Folds one shard's journal with plain arithmetic, apart from the writer's code, and notes what does not fit. */
export class ShardProof {
  readonly shard: number
  readonly problems: string[] = []
  transfers = 0
  readonly #accounts = new Map<number, Folded>()
  readonly #holds = new Map<Sequence, SeenHold>()
  readonly #resolvedAt = new Map<Sequence, Sequence>()
  /** What was given back of each payment: memory follows refunds, not payments. */
  readonly #refunds = new Map<Sequence, { refunded: bigint; debit: number; credit: number }>()
  #lastAtMs = 0

  constructor(shard: number) {
    this.shard = shard
  }

  get accounts(): number {
    return this.#accounts.size
  }

  get openHolds(): number {
    return this.#holds.size
  }

  problem(text: string): void {
    if (this.problems.length < 100) this.problems.push(`shard ${this.shard}: ${text}`)
  }

  account({ row }: StoredAccount, widest: bigint | null): void {
    this.#accounts.set(row.number, {
      asset: row.asset,
      widest,
      stored: row.state,
      isCompared: false,
      lastSequence: 0,
      debitsPosted: 0n,
      creditsPosted: 0n,
      debitsPending: 0n,
      creditsPending: 0n,
    })
  }

  transfer(transfer: Transfer): void {
    this.transfers += 1
    const { sequence, atMs } = transfer
    if (sequence !== this.transfers) {
      this.problem(`${sequence}: stands where ${this.transfers} should be`)
      this.transfers = sequence
    }
    if (atMs < this.#lastAtMs) this.problem(`${sequence}: time runs backwards`)
    this.#lastAtMs = atMs
    if (transfer.amount <= 0n) this.problem(`${sequence}: amount ${transfer.amount}`)
    const debit = this.#side(transfer, numberOf(transfer.debit), transfer.previousDebit)
    const credit = this.#side(transfer, numberOf(transfer.credit), transfer.previousCredit)
    if (debit === undefined || credit === undefined) return
    if (debit.asset !== credit.asset) this.problem(`${sequence}: moves between two assets`)
    this.#fold(transfer, debit, credit)
    const available = debit.creditsPosted - debit.debitsPosted - debit.debitsPending
    const isOut = transfer.kind !== 'void' && transfer.kind !== 'expire'
    if (isOut && debit.widest !== null && available < -debit.widest) {
      this.problem(`${sequence}: account ${numberOf(transfer.debit)} is below its limit`)
    }
  }

  #side(transfer: Transfer, number: number, previous: Sequence): Folded | undefined {
    const account = this.#accounts.get(number)
    if (account === undefined) {
      this.problem(`${transfer.sequence}: account ${number} does not exist`)
      return undefined
    }
    if (account.lastSequence !== previous) {
      this.problem(`${transfer.sequence}: history of account ${number} skips to ${previous}`)
    }
    if (!account.isCompared && transfer.sequence > account.stored.asOf)
      this.#compare(number, account)
    account.lastSequence = transfer.sequence
    return account
  }

  #fold(transfer: Transfer, debit: Folded, credit: Folded): void {
    const { kind, amount, sequence, origin } = transfer
    switch (kind) {
      case 'hold':
        debit.debitsPending += amount
        credit.creditsPending += amount
        this.#holds.set(sequence, holdOf(transfer))
        return
      case 'capture':
      case 'void':
      case 'expire':
        this.#resolve(transfer, debit, credit)
        if (kind !== 'capture') return
        break
      case 'refund':
        this.#refund(transfer)
        break
      case 'payment':
      case 'topup':
      case 'movement':
        if (origin !== 0) this.problem(`${sequence}: a ${kind} points at ${origin}`)
        break
    }
    debit.debitsPosted += amount
    credit.creditsPosted += amount
  }

  #resolve(transfer: Transfer, debit: Folded, credit: Folded): void {
    const { sequence, origin, kind, amount } = transfer
    const hold = this.#holds.get(origin)
    if (hold === undefined) {
      this.problem(`${sequence}: resolves ${origin}, which is no open hold`)
      return
    }
    const fits = kind === 'capture' ? amount <= hold.amount : amount === hold.amount
    const isSame =
      hold.debit === numberOf(transfer.debit) && hold.credit === numberOf(transfer.credit)
    if (!fits || !isSame) this.problem(`${sequence}: does not fit hold ${origin}`)
    debit.debitsPending -= hold.amount
    credit.creditsPending -= hold.amount
    this.#holds.delete(origin)
    this.#resolvedAt.set(origin, sequence)
  }

  #refund(transfer: Transfer): void {
    const { sequence, origin, amount } = transfer
    if (origin <= 0 || origin >= sequence) this.problem(`${sequence}: a refund of ${origin}`)
    const debit = numberOf(transfer.debit)
    const credit = numberOf(transfer.credit)
    const known = this.#refunds.get(origin)
    if (known === undefined) {
      this.#refunds.set(origin, { refunded: amount, debit, credit })
      return
    }
    known.refunded += amount
    if (known.debit !== debit || known.credit !== credit) {
      this.problem(`${sequence}: refunds ${origin} between other accounts than before`)
    }
  }

  /** Payments that were refunded, to be checked with `refunded`. */
  refundedPayments(): Sequence[] {
    return [...this.#refunds.keys()]
  }

  refunded(payment: Transfer): void {
    const refund = this.#refunds.get(payment.sequence)
    if (refund === undefined) return
    this.#refunds.delete(payment.sequence)
    if (payment.kind !== 'payment' && payment.kind !== 'capture') {
      this.problem(`${payment.sequence}: a ${payment.kind} was refunded`)
    }
    if (refund.debit !== numberOf(payment.credit) || refund.credit !== numberOf(payment.debit)) {
      this.problem(`${payment.sequence}: was refunded between other accounts`)
    }
    if (refund.refunded > payment.amount) {
      this.problem(`${payment.sequence}: ${refund.refunded} of ${payment.amount} was refunded`)
    }
  }

  wasOpenAt(hold: Sequence, at: Sequence): boolean {
    if (hold > at) return false
    const resolved = this.#resolvedAt.get(hold)
    return resolved === undefined ? this.#holds.has(hold) : resolved > at
  }

  /** How many holds were open right after transfer `at`. */
  openHoldsAt(at: Sequence): number {
    let count = 0
    for (const hold of this.#holds.keys()) if (hold <= at) count += 1
    for (const [hold, resolved] of this.#resolvedAt) if (hold <= at && resolved > at) count += 1
    return count
  }

  finish(last: Sequence): void {
    if (this.transfers !== last) this.problem(`ends at ${this.transfers}, its number says ${last}`)
    for (const [number, account] of this.#accounts) {
      if (!account.isCompared) this.#compare(number, account)
    }
    for (const sequence of this.#refunds.keys()) {
      this.problem(`${sequence}: was refunded and is not in the journal`)
    }
  }

  /** The stored state must be the fold at the moment that it says. */
  #compare(number: number, account: Folded): void {
    account.isCompared = true
    const { stored } = account
    const fits =
      stored.lastSequence === account.lastSequence &&
      stored.debitsPosted === account.debitsPosted &&
      stored.creditsPosted === account.creditsPosted &&
      stored.debitsPending === account.debitsPending &&
      stored.creditsPending === account.creditsPending
    if (!fits) this.problem(`account ${number}: stored state at ${stored.asOf} is not the fold`)
  }

  *sums(): Generator<[string, bigint]> {
    const sums = new Map<string, bigint>()
    for (const { asset, creditsPosted, debitsPosted } of this.#accounts.values()) {
      sums.set(asset, (sums.get(asset) ?? 0n) + creditsPosted - debitsPosted)
    }
    yield* sums
  }
}

function holdOf(hold: Transfer): SeenHold {
  const { sequence, debit, credit, amount } = hold
  return { sequence, debit: numberOf(debit), credit: numberOf(credit), amount }
}
