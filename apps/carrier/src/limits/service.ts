import {
  type Bucket,
  type Ceiling,
  ceilingOf,
  checkLimitChange,
  dateOf,
  lineCeiling,
  type MarketProfile,
  type MinorCeiling,
  minorOf,
  startOfDayMs,
} from '@jeon/billing'
import type { Ledger } from '@jeon/ledger'
import { type Asset, formatAmount } from '@jeon/money'
import type { CarrierClock } from '../carrier-clock.ts'
import type { Database } from '../database.ts'
import { createId } from '../ids.ts'
import type { LineBook } from '../lines/service.ts'
import { ceilingFrom } from '../lines/store.ts'
import type { Line } from '../model.ts'
import type { BucketLimits, Limits, LimitsChanged, LimitsView, LimitWish } from './model.ts'
import type { Readiness } from './readiness.ts'
import { freedOf, personalOf, subjectOf } from './windows.ts'

export interface LimitServiceParts {
  readonly database: Database
  readonly ledger: Ledger
  readonly lines: LineBook
  readonly time: CarrierClock
  readonly readiness: Readiness
}

/** The owner's own limits: how they change, and when. */
export class LimitService implements Limits {
  readonly #parts: LimitServiceParts

  constructor(parts: LimitServiceParts) {
    this.#parts = parts
  }

  async view(line: Line): Promise<LimitsView> {
    const { time } = this.#parts
    const profile = time.profile(line.carrier)
    const today = time.today(line.carrier)
    const cycle = time.cycle(line.carrier)
    const pending = await this.#pending(line.id)
    const changes = await this.#changesToday(line.id, profile)
    const buckets = bucketsOf(profile).map((bucket): BucketLimits => {
      const personal = personalOf(profile, line, bucket, today)
      const ceiling = lineCeiling(profile, subjectOf(line, today), bucket)
      return { bucket, personal, ceiling, pending: pending.get(bucket) ?? null }
    })
    const freed = {
      general: freedOf(profile, line, 'general', cycle),
      content: freedOf(profile, line, 'content', cycle),
    }
    const { earlyPaymentFrees, changesPerDay } = profile.limits
    const freeable = earlyPaymentFrees === null ? 0n : minorOf(profile, earlyPaymentFrees)
    const made = Math.max(0, ...changes.values())
    return {
      lineId: line.id,
      buckets,
      changesLeftToday: Math.max(0, changesPerDay - made),
      freeableLeft: freeable - freed.general - freed.content,
      freed,
    }
  }

  async change(lineId: string, wish: LimitWish): Promise<LimitsChanged> {
    const { lines, time } = this.#parts
    const { line, result } = await lines.update(lineId, 'limits', (before) =>
      this.#decide(before, wish),
    )
    if (!result.ok) return result
    await this.ready(line, wish.bucket, time.now())
    return { ...result, limits: await this.view(line) }
  }

  async applyDue(nowMs: number): Promise<number> {
    const { database, lines } = this.#parts
    const due = await database
      .selectFrom('carrier.limit_change')
      .select(['id', 'line_id', 'bucket', 'after'])
      .where('applied_at', 'is', null)
      .where('superseded_at', 'is', null)
      .where('effective_at', '<=', new Date(nowMs))
      .orderBy('effective_at')
      .execute()
    for (const { id, line_id, bucket, after } of due) {
      const { line } = await lines.update(line_id, 'limits', (before) =>
        this.#apply(before, id, bucket, ceilingFrom(after), nowMs),
      )
      await this.ready(line, bucket, nowMs)
    }
    return due.length
  }

  async nextDueAt(): Promise<number | undefined> {
    const row = await this.#parts.database
      .selectFrom('carrier.limit_change')
      .select((eb) => eb.fn.min('effective_at').as('at'))
      .where('applied_at', 'is', null)
      .where('superseded_at', 'is', null)
      .executeTakeFirst()
    return row?.at?.getTime()
  }

  async free(lineId: string): Promise<Line> {
    const { lines, readiness } = this.#parts
    // Reading the line again is all there is to do: what was paid early is what it freed.
    const { line } = await lines.update(lineId, 'usage', async () => undefined)
    readiness.forgetPerson(line.person)
    return line
  }

  async isExhausted(line: Line, bucket: Bucket): Promise<boolean> {
    const { ledger, time } = this.#parts
    const profile = time.profile(line.carrier)
    await this.ready(line, bucket, time.now())
    const step = minorOf(profile, profile.amountStep)
    const view = await ledger.account(line.accounts[bucket])
    return (view?.usage ?? []).some(
      ({ window, amountUsed }) =>
        window.per === 'month' &&
        window.scope.of === 'all' &&
        window.amountMax !== undefined &&
        window.amountMax - amountUsed < step,
    )
  }

  ready(line: Line, bucket: Bucket, nowMs: number): Promise<void> | undefined {
    return this.#parts.readiness.ready(line, bucket, nowMs)
  }

  async #decide(line: Line, wish: LimitWish) {
    const { time } = this.#parts
    const { bucket } = wish
    const profile = time.profile(line.carrier)
    const today = time.today(line.carrier)
    if (!bucketsOf(profile).includes(bucket)) return { ok: false, code: 'no_such_bucket' } as const
    const current = personalOf(profile, line, bucket, today)
    const wanted = merged(current, wish.wanted)
    const outcome = checkLimitChange(profile, {
      bucket,
      current,
      wanted,
      ceiling: lineCeiling(profile, subjectOf(line, today), bucket),
      changesToday: (await this.#changesToday(line.id, profile)).get(bucket) ?? 0,
      inArrears: isInArrears(line),
      consent: wish.consent !== null,
      factors: wish.factors,
      nowMs: time.now(),
    })
    if (outcome.ok) await this.#save(line, wish, { current, wanted, ...outcome })
    return outcome
  }

  /** A change that waits is superseded by every later one of its bucket, also by one that lowers. */
  async #save(line: Line, wish: LimitWish, change: Change): Promise<void> {
    const { database, time } = this.#parts
    const { bucket } = wish
    const asset = time.assetOf(line.carrier)
    const now = new Date(time.now())
    const isNow = change.effectiveAtMs <= now.getTime()
    const after = textCeiling(change.wanted, asset)
    await database.transaction().execute(async (sql) => {
      await sql
        .updateTable('carrier.limit_change')
        .set({ superseded_at: now })
        .where('line_id', '=', line.id)
        .where('bucket', '=', bucket)
        .where('applied_at', 'is', null)
        .where('superseded_at', 'is', null)
        .execute()
      await sql
        .insertInto('carrier.limit_change')
        .values({
          id: createId('limitchange', time.machineNow()),
          line_id: line.id,
          bucket,
          before: JSON.stringify(textCeiling(change.current, asset)),
          after: JSON.stringify(after),
          requested_at: now,
          effective_at: new Date(change.effectiveAtMs),
          applied_at: isNow ? now : null,
        })
        .execute()
      if (isNow) await setPersonal(sql, line, bucket, after)
      if (!change.raises || wish.consent === null) return
      await sql
        .insertInto('carrier.consent')
        .values({
          id: createId('consent', time.machineNow()),
          line_id: line.id,
          kind: 'limit_raise',
          factors: [...wish.factors],
          wording: wish.consent,
          given_at: now,
        })
        .execute()
    })
  }

  async #apply(line: Line, id: string, bucket: Bucket, after: Ceiling, nowMs: number) {
    const { database, time } = this.#parts
    const { raise } = time.profile(line.carrier).limits
    const isRefused = isInArrears(line) && !raise.inArrears
    const now = new Date(nowMs)
    await database.transaction().execute(async (sql) => {
      const changed = await sql
        .updateTable('carrier.limit_change')
        .set(isRefused ? { superseded_at: now } : { applied_at: now })
        .where('id', '=', id)
        .where('applied_at', 'is', null)
        .where('superseded_at', 'is', null)
        .executeTakeFirst()
      if (changed.numUpdatedRows > 0n && !isRefused) await setPersonal(sql, line, bucket, after)
    })
  }

  async #changesToday(lineId: string, profile: MarketProfile): Promise<Map<Bucket, number>> {
    const { database, time } = this.#parts
    const today = startOfDayMs(dateOf(time.now(), profile.zone), profile.zone)
    const rows = await database
      .selectFrom('carrier.limit_change')
      .select(['bucket', (eb) => eb.fn.countAll<string>().as('count')])
      .where('line_id', '=', lineId)
      .where('requested_at', '>=', new Date(today))
      .groupBy('bucket')
      .execute()
    return new Map(rows.map(({ bucket, count }) => [bucket, Number(count)]))
  }

  async #pending(lineId: string): Promise<Map<Bucket, NonNullable<BucketLimits['pending']>>> {
    const { database, lines, time } = this.#parts
    const { carrier } = await lines.get(lineId)
    const rows = await database
      .selectFrom('carrier.limit_change')
      .select(['bucket', 'after', 'effective_at'])
      .where('line_id', '=', lineId)
      .where('applied_at', 'is', null)
      .where('superseded_at', 'is', null)
      .execute()
    const profile = time.profile(carrier)
    return new Map(
      rows.map(({ bucket, after, effective_at }) => {
        const waiting = ceilingOf(profile, ceilingFrom(after))
        return [bucket, { after: waiting, effectiveAtMs: effective_at.getTime() }]
      }),
    )
  }
}

interface Change {
  readonly current: MinorCeiling
  readonly wanted: MinorCeiling
  readonly raises: boolean
  readonly effectiveAtMs: number
}

type Sql = Pick<Database, 'updateTable'>

async function setPersonal(sql: Sql, line: Line, bucket: Bucket, after: Ceiling): Promise<void> {
  await sql
    .updateTable('carrier.line')
    .set({ personal: JSON.stringify({ ...line.personal, [bucket]: after }) })
    .where('id', '=', line.id)
    .execute()
}

/** Where something is overdue, or the line is further along the ladder. */
function isInArrears(line: Line): boolean {
  return line.inArrears || line.stage !== 'active'
}

function bucketsOf(profile: MarketProfile): readonly Bucket[] {
  return profile.limits.content === null ? ['general'] : ['general', 'content']
}

function merged(current: MinorCeiling, wanted: LimitWish['wanted']): MinorCeiling {
  const pick = (part: keyof MinorCeiling) => {
    const amount = wanted[part] === undefined ? current[part] : (wanted[part] ?? undefined)
    return amount === undefined ? {} : { [part]: amount }
  }
  return { ...pick('transaction'), ...pick('day'), ...pick('month') }
}

function textCeiling(ceiling: MinorCeiling, asset: Asset): Ceiling {
  const { transaction, day, month } = ceiling
  return {
    ...(transaction === undefined ? {} : { transaction: formatAmount(transaction, asset) }),
    ...(day === undefined ? {} : { day: formatAmount(day, asset) }),
    ...(month === undefined ? {} : { month: formatAmount(month, asset) }),
  }
}
