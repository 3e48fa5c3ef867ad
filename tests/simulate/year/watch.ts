import type { AccountId, Ledger, SpendingLimits, Transfer } from '@jeon/ledger'

/** An independent count of what an account spent in a month and on a day, kept from the journal alone. */
interface Spent {
  readonly month: Map<string, bigint>
  readonly day: Map<string, bigint>
}

/**
 * Follows the journal and looks at every instant: after each accepted purchase or hold, no account has spent more in a
 * day or month than its limits allowed when it was decided.
 */
export class LimitWatch {
  readonly complaints: string[] = []
  #checked = 0
  readonly #zone: Intl.DateTimeFormat
  readonly #spent = new Map<AccountId, Spent>()
  readonly #limits = new Map<AccountId, SpendingLimits>()
  readonly #origins = new Map<string, Transfer>()
  readonly #stop: () => void

  constructor(ledger: Ledger, zone: string) {
    this.#zone = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
    this.#stop = ledger.onCommitted((transfers) => {
      for (const transfer of transfers) this.#see(transfer)
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

  #see(transfer: Transfer): void {
    const { kind, shard, sequence, amount } = transfer
    switch (kind) {
      case 'payment':
      case 'hold':
        this.#origins.set(`${shard}/${sequence}`, transfer)
        this.#count(transfer, amount)
        this.#judge(transfer)
        return
      case 'capture': {
        const hold = this.#originOf(transfer)
        this.#origins.set(`${shard}/${sequence}`, { ...hold, amount })
        this.#count(hold, amount - hold.amount)
        return
      }
      case 'void':
      case 'expire': {
        const hold = this.#originOf(transfer)
        this.#count(hold, -hold.amount)
        return
      }
      case 'refund':
        this.#count(this.#originOf(transfer), -amount)
        return
      default:
        return
    }
  }

  #originOf({ shard, origin }: Transfer): Transfer {
    const found = this.#origins.get(`${shard}/${origin}`)
    if (found === undefined) throw new Error(`transfer ${origin} of shard ${shard} was not seen`)
    return found
  }

  /** Counts in the period of the purchase; what comes back counts there too. */
  #count(purchase: Transfer, change: bigint): void {
    const spent = this.#spent.get(purchase.debit) ?? { month: new Map(), day: new Map() }
    this.#spent.set(purchase.debit, spent)
    const day = this.#zone.format(purchase.atMs)
    for (const [period, key] of [
      [spent.day, day],
      [spent.month, day.slice(0, 7)],
    ] as const) {
      period.set(key, (period.get(key) ?? 0n) + change)
    }
  }

  #judge({ debit, atMs, id }: Transfer): void {
    const limits = this.#limits.get(debit)
    const spent = this.#spent.get(debit)
    if (limits === undefined || spent === undefined) return
    this.#checked += 1
    const day = this.#zone.format(atMs)
    for (const { per, scope, amountMax } of limits.windows) {
      if (scope.of !== 'all' || per === 'payment' || amountMax === undefined) continue
      const used = (per === 'day' ? spent.day.get(day) : spent.month.get(day.slice(0, 7))) ?? 0n
      if (used <= amountMax) continue
      this.complaints.push(
        `transfer ${id} took account ${debit} to ${used} of ${amountMax} a ${per}`,
      )
    }
  }
}
