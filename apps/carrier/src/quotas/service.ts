import { addDays, type CalendarDate, dateOf, startOfDayMs } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import type { Client } from '../clients/model.ts'
import type { Carrier } from '../model.ts'

/** Whether a request may come in. `retryAfterS`: whole seconds after which the next one may. */
export type Admission =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly over: 'rate' | 'daily_quota'
      readonly retryAfterS: number
    }

export interface QuotaParts {
  readonly pool: pg.Pool
  readonly clock: Clock
  /** Milliseconds that only go forward. (Default: the machine's) */
  readonly monotonicMs?: () => number
}

interface Bucket {
  tokens: number
  atMs: number
}

/** What a client asked for on a day. `saved`: how much of it is in the database. */
interface Usage {
  readonly carrier: string
  readonly clientId: string
  readonly day: CalendarDate
  requests: number
  saved: number
}

const ADMITTED: Admission = { ok: true }

/**
 * How much a client may ask. The rate is a token bucket for each client and API, on the machine's own time: a test clock
 * that stands must lock nobody out. The daily quota counts all APIs together by the carrier's calendar and clock; it is
 * counted in memory and written by `save`, so that a crash forgets what came in since.
 */
export class Quotas {
  readonly #parts: QuotaParts
  readonly #monotonicMs: () => number
  readonly #buckets = new Map<string, Bucket>()
  readonly #today = new Map<
    string,
    { readonly day: CalendarDate; readonly usage: Promise<Usage> }
  >()
  /** Of days that are over, not written yet. */
  readonly #past: Promise<Usage>[] = []

  constructor(parts: QuotaParts) {
    this.#parts = parts
    this.#monotonicMs = parts.monotonicMs ?? (() => performance.now())
  }

  /** Takes one request, or says why not; one that is refused counts as nothing. A client without limits costs nothing. */
  admit(carrier: Carrier, client: Client, api: string): Admission | Promise<Admission> {
    const waitS = this.#rateWait(client, api)
    if (waitS > 0) return { ok: false, over: 'rate', retryAfterS: waitS }
    const { dailyQuota } = client.settings
    return dailyQuota === null ? ADMITTED : this.#takeOfDay(carrier, client, dailyQuota)
  }

  /** Writes what was counted since the last time. For a ticker, and before the program ends. */
  async save(): Promise<void> {
    const past = this.#past.splice(0)
    for (const loading of [...past, ...Array.from(this.#today.values(), ({ usage }) => usage)]) {
      const usage = await loading
      const added = usage.requests - usage.saved
      if (added === 0) continue
      // Counted as written at once: whoever saves beside this must not add it again.
      usage.saved += added
      try {
        await this.#parts.pool.query(
          `insert into carrier.client_usage (carrier, client_id, day, requests) values ($1, $2, $3::date, $4)
           on conflict (carrier, client_id, day) do update set requests = client_usage.requests + $4`,
          [usage.carrier, usage.clientId, usage.day, added],
        )
      } catch (error) {
        usage.saved -= added
        if (past.includes(loading)) this.#past.push(loading)
        throw error
      }
    }
  }

  /** @returns 0 when there was enough, else how many seconds to wait */
  #rateWait({ carrier, id, settings }: Client, api: string): number {
    const { rate } = settings
    if (rate === null) return 0
    const nowMs = this.#monotonicMs()
    const key = `${carrier}/${id}/${api}`
    const bucket = this.#buckets.get(key) ?? { tokens: rate.burst, atMs: nowMs }
    const earned = ((nowMs - bucket.atMs) / 1_000) * rate.perSecond
    const tokens = Math.min(rate.burst, bucket.tokens + earned)
    const isEnough = tokens >= 1
    this.#buckets.set(key, { tokens: isEnough ? tokens - 1 : tokens, atMs: nowMs })
    return isEnough ? 0 : Math.max(1, Math.ceil((1 - tokens) / rate.perSecond))
  }

  async #takeOfDay(carrier: Carrier, client: Client, most: number): Promise<Admission> {
    const nowMs = this.#parts.clock.now()
    const { zone } = carrier.profileAt(nowMs)
    const day = dateOf(nowMs, zone)
    const usage = await this.#usageOf(client, day)
    if (usage.requests < most) {
      usage.requests += 1
      return ADMITTED
    }
    const nextDayMs = startOfDayMs(addDays(day, 1), zone)
    const retryAfterS = Math.max(1, Math.ceil((nextDayMs - nowMs) / 1_000))
    return { ok: false, over: 'daily_quota', retryAfterS }
  }

  #usageOf({ carrier, id: clientId }: Client, day: CalendarDate): Promise<Usage> {
    const key = `${carrier}/${clientId}`
    const known = this.#today.get(key)
    if (known?.day === day) return known.usage
    if (known !== undefined) this.#past.push(known.usage)
    const usage = this.#load(carrier, clientId, day)
    this.#today.set(key, { day, usage })
    // What could not be read is read again with the next request.
    usage.catch(() => this.#today.delete(key))
    return usage
  }

  async #load(carrier: string, clientId: string, day: CalendarDate): Promise<Usage> {
    const { rows } = await this.#parts.pool.query<{ requests: string }>(
      'select requests from carrier.client_usage where carrier = $1 and client_id = $2 and day = $3::date',
      [carrier, clientId, day],
    )
    const requests = Number(rows[0]?.requests ?? 0)
    return { carrier, clientId, day, requests, saved: requests }
  }
}
