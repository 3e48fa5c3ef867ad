import type { AccountId, Ledger, SpendingLimits, Transfer } from '@jeon/ledger'

/** An independent count of what an account spent on its last day and in its last month, kept from the journal alone. */
interface Spent {
  day: string
  ofDay: bigint
  month: string
  ofMonth: bigint
}

/** What a purchase or a hold counted for. */
interface Origin {
  readonly account: AccountId
  readonly day: string
  readonly amount: bigint
}

/** What was seen of a shard: the purchases and holds of the month that runs. */
interface Seen {
  month: string
  /** The first transfer that was seen in it. */
  since: number
  /** `null`: of a hold from a month that is over. */
  readonly origins: Map<number, Origin | null>
}

/**
 * Follows the journal and looks at every instant: after each accepted purchase or hold, no account has spent more in a
 * day or month than its limits allowed when it was decided.
 *
 * What is over is forgotten: journal time only rises in a shard, so that no later purchase counts in a day or month
 * that has passed, and what comes back of it changes no count that is ever looked at again.
 */
export class LimitWatch {
  readonly complaints: string[] = []
  #checked = 0
  readonly #dayOf: (ms: number) => string
  readonly #spent = new Map<AccountId, Spent>()
  readonly #limits = new Map<AccountId, SpendingLimits>()
  readonly #seen = new Map<number, Seen>()
  readonly #stop: () => void

  constructor(ledger: Pick<Ledger, 'onCommitted'>, zone: string) {
    this.#dayOf = daysIn(zone)
    this.#stop = ledger.onCommitted((transfers) => {
      for (const transfer of transfers) this.see(transfer)
    })
  }

  /** The purchases and holds that were looked at. */
  get checked(): number {
    return this.#checked
  }

  /** What is in force for an account from now on. */
  limit(account: AccountId, limits: SpendingLimits | null): void {
    if (limits === null) this.#limits.delete(account)
    else this.#limits.set(account, limits)
  }

  stop(): void {
    this.#stop()
  }

  /** The next transfer of a shard's journal. */
  see(transfer: Transfer): void {
    const { kind, sequence, amount, debit } = transfer
    const seen = this.#seenOf(transfer)
    switch (kind) {
      case 'payment':
      case 'hold': {
        const origin = { account: debit, day: this.#dayOf(transfer.atMs), amount }
        seen.origins.set(sequence, origin)
        this.#count(origin, amount)
        this.#judge(transfer, origin)
        return
      }
      case 'capture': {
        const hold = originOf(seen, transfer)
        seen.origins.set(sequence, hold && { ...hold, amount })
        if (hold !== null) this.#count(hold, amount - hold.amount)
        return
      }
      case 'void':
      case 'expire': {
        const hold = originOf(seen, transfer)
        if (hold !== null) this.#count(hold, -hold.amount)
        return
      }
      case 'refund': {
        const purchase = originOf(seen, transfer)
        if (purchase !== null) this.#count(purchase, -amount)
        return
      }
      default:
        return
    }
  }

  #seenOf({ shard, sequence, atMs }: Transfer): Seen {
    const month = this.#dayOf(atMs).slice(0, 7)
    const known = this.#seen.get(shard)
    if (known?.month === month) return known
    const seen = { month, since: sequence, origins: new Map() }
    this.#seen.set(shard, seen)
    return seen
  }

  /** Counts in the period of the purchase; what comes back counts there too. */
  #count({ account, day }: Origin, change: bigint): void {
    const month = day.slice(0, 7)
    const spent = this.#spent.get(account) ?? { day: '', ofDay: 0n, month: '', ofMonth: 0n }
    this.#spent.set(account, spent)
    if (day > spent.day) Object.assign(spent, { day, ofDay: 0n })
    if (month > spent.month) Object.assign(spent, { month, ofMonth: 0n })
    if (day === spent.day) spent.ofDay += change
    if (month === spent.month) spent.ofMonth += change
  }

  #judge({ id }: Transfer, { account }: Origin): void {
    const limits = this.#limits.get(account)
    const spent = this.#spent.get(account)
    if (limits === undefined || spent === undefined) return
    this.#checked += 1
    for (const { per, scope, amountMax } of limits.windows) {
      if (scope.of !== 'all' || per === 'payment' || amountMax === undefined) continue
      const used = per === 'day' ? spent.ofDay : spent.ofMonth
      if (used <= amountMax) continue
      this.complaints.push(
        `transfer ${id} took account ${account} to ${used} of ${amountMax} a ${per}`,
      )
    }
  }
}

/** `null`: it is of a month that is over. Throws when it is of this one and was not seen. */
function originOf({ since, origins }: Seen, { shard, origin }: Transfer): Origin | null {
  const found = origins.get(origin)
  if (found === undefined && origin >= since) {
    throw new Error(`transfer ${origin} of shard ${shard} was not seen`)
  }
  return found ?? null
}

/** The calendar date in a zone; instants come in order, so that the last one is often asked for again. */
function daysIn(zone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
  let last = { ms: Number.NaN, day: '' }
  return (ms) => {
    if (ms !== last.ms) last = { ms, day: format.format(ms) }
    return last.day
  }
}
