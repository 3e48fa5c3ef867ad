import { type Bucket, endOfCycleMs, type MarketProfile, personLimits } from '@jeon/billing'
import { type AccountId, type Ledger, limitsToJson, type SpendingLimits } from '@jeon/ledger'
import type { CarrierClock } from '../carrier-clock.ts'
import { dayAt } from '../days.ts'
import type { LineBook } from '../lines/service.ts'
import type { Line, Person } from '../model.ts'
import { Turns } from '../turns.ts'
import { freedOf, windowsOf } from './windows.ts'

export interface ReadinessParts {
  readonly ledger: Ledger
  readonly lines: LineBook
  readonly time: CarrierClock
}

/** Freed headroom ends so long before its month: what is decided in the last moments may be journalled in the next. */
export const FREED_ENDS_EARLY_MS = 10_000

/** What the ledger was told of an account, and while it stays true. */
interface Told {
  readonly text: string
  /** The picture of the line that it was made from; a person's: none. */
  readonly line: Line | undefined
  readonly fromMs: number
  readonly untilMs: number
}

/** Keeps the ledger's windows as the rules want them, one day after the other. */
export class Readiness {
  readonly #parts: ReadinessParts
  readonly #told = new Map<AccountId, Told>()
  readonly #turns = new Turns()

  constructor(parts: ReadinessParts) {
    this.#parts = parts
  }

  /** See `Limits.ready`. */
  ready(line: Line, bucket: Bucket, nowMs: number): Promise<void> | undefined {
    if (this.#isLineReady(line, bucket, nowMs) && this.#isPersonReady(line.person, bucket, nowMs)) {
      return undefined
    }
    return this.#makeReady(line, bucket)
  }

  /** What a person's lines freed has changed. */
  forgetPerson(person: Person): void {
    for (const account of Object.values(person.accounts)) this.#told.delete(account)
  }

  #isLineReady(line: Line, bucket: Bucket, nowMs: number): boolean {
    const told = this.#told.get(line.accounts[bucket])
    return told !== undefined && told.line === line && holdsAt(told, nowMs)
  }

  #isPersonReady(person: Person, bucket: Bucket, nowMs: number): boolean {
    const told = this.#told.get(person.accounts[bucket])
    return told !== undefined && holdsAt(told, nowMs)
  }

  async #makeReady(line: Line, bucket: Bucket): Promise<void> {
    await this.#turns.take(String(line.accounts[bucket]), async () => {
      const current = this.#parts.lines.peek(line.id) ?? line
      const nowMs = this.#parts.time.now()
      if (this.#isLineReady(current, bucket, nowMs)) return
      await this.#tellLine(current, bucket, nowMs)
    })
    const { person } = line
    await this.#turns.take(String(person.accounts[bucket]), async () => {
      const nowMs = this.#parts.time.now()
      if (!this.#isPersonReady(person, bucket, nowMs)) await this.#tellPerson(person, bucket, nowMs)
    })
  }

  async #tellLine(line: Line, bucket: Bucket, nowMs: number): Promise<void> {
    const profile = this.#profile(line.carrier, nowMs)
    const span = spanOf(profile, nowMs)
    const freed = span.isFreedOver ? 0n : freedOf(profile, line, bucket, span.cycle)
    const limits = windowsOf(profile, line, bucket, span.today, freed)
    await this.#tell(line.accounts[bucket], limits, { ...span, line })
  }

  async #tellPerson(person: Person, bucket: Bucket, nowMs: number): Promise<void> {
    const profile = this.#profile(person.carrier, nowMs)
    const span = spanOf(profile, nowMs)
    const limits = personLimits(profile, bucket)
    const freed =
      limits === null || span.isFreedOver ? 0n : await this.#freedByPerson(profile, person, bucket)
    const widened = limits === null ? null : widenMonth(limits, freed)
    await this.#tell(person.accounts[bucket], widened, { ...span, line: undefined })
  }

  /** Early payment on one line makes room for the person, not only for the line. */
  async #freedByPerson(profile: MarketProfile, person: Person, bucket: Bucket): Promise<bigint> {
    const { cycle } = dayAt(this.#parts.time.now(), profile.zone)
    const lines = await this.#parts.lines.ofPerson(person.id)
    return lines.reduce((sum, line) => sum + freedOf(profile, line, bucket, cycle), 0n)
  }

  async #tell(
    account: AccountId,
    limits: SpendingLimits | null,
    told: Omit<Told, 'text'>,
  ): Promise<void> {
    const { ledger } = this.#parts
    const text = textOf(limits)
    const known = this.#told.get(account)?.text ?? textOf((await ledger.account(account))?.limits)
    if (text !== known) await ledger.setLimits(account, limits)
    this.#told.set(account, { ...told, text })
  }

  #profile(carrier: string, nowMs: number): MarketProfile {
    return this.#parts.time.carrier(carrier).profileAt(nowMs)
  }
}

function holdsAt({ fromMs, untilMs }: Told, nowMs: number): boolean {
  return nowMs >= fromMs && nowMs < untilMs
}

/** While what is worked out now stays true: to the end of the day, and of the freed headroom on the month's last. */
function spanOf(profile: MarketProfile, nowMs: number) {
  const { zone } = profile
  const { date: today, cycle, fromMs, untilMs } = dayAt(nowMs, zone)
  const freedEndsMs = endOfCycleMs(cycle, zone) - FREED_ENDS_EARLY_MS
  const isFreedOver = nowMs >= freedEndsMs
  return {
    today,
    cycle,
    isFreedOver,
    fromMs: isFreedOver ? freedEndsMs : fromMs,
    untilMs: isFreedOver ? untilMs : Math.min(untilMs, freedEndsMs),
  }
}

function widenMonth(limits: SpendingLimits, by: bigint): SpendingLimits {
  return {
    ...limits,
    windows: limits.windows.map((window) =>
      window.per === 'month' && window.amountMax !== undefined
        ? { ...window, amountMax: window.amountMax + by }
        : window,
    ),
  }
}

function textOf(limits: SpendingLimits | null | undefined): string {
  return limits === null || limits === undefined ? '' : limitsToJson(limits)
}
