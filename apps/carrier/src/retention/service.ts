import { addMonths, dateOf, type MarketProfile, minorOf } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { carrierOf } from '../bills/service.ts'
import type { Carrier, CarrierId } from '../model.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
}

export interface Purged {
  readonly payments: number
  readonly attempts: number
  readonly messages: number
  readonly statements: number
}

const AT_ONCE = 5_000

/**
 * Forgets what no longer has to be kept: in Korea after a year, after five above 10,000 won (Network Act art. 58(4)). The
 * sums on bills and in the ledger stay; who sold what to whom goes.
 *
 * Whatever its age, a purchase is kept while it is unbilled, in dispute or being refunded, and while anything of its bill
 * can still be claimed: owed, or written off and not paid, credited or relieved since. Whom the carrier asks for money may ask what
 * for, and object (art. 58(2), (3)); a write-off is the carrier's bookkeeping and ends neither. Once nothing can be
 * claimed, the age alone decides again.
 */
export class Retention {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** All carriers. @returns how many records went */
  async purge(nowMs: number): Promise<Purged> {
    let total: Purged = { payments: 0, attempts: 0, messages: 0, statements: 0 }
    for (const id of this.#parts.carriers.keys()) {
      const purged = await this.purgeCarrier(id, nowMs)
      total = {
        payments: total.payments + purged.payments,
        attempts: total.attempts + purged.attempts,
        messages: total.messages + purged.messages,
        statements: total.statements + purged.statements,
      }
    }
    return total
  }

  async purgeCarrier(id: CarrierId, nowMs: number): Promise<Purged> {
    const { pool } = this.#parts
    const carrier = carrierOf(this.#parts, id)
    const versions = await pool.query<{ profile_version: string }>(
      'select distinct profile_version from carrier.payment where carrier = $1',
      [id],
    )
    let payments = 0
    for (const { profile_version: version } of versions.rows) {
      payments += await this.#purgePayments(id, carrier.profileOf(version), nowMs)
    }
    const profile = carrier.profileAt(nowMs)
    const before = addMonths(dateOf(nowMs, profile.zone), -12 * profile.retention.years)
    const old = [id, before, profile.zone]
    return {
      payments,
      attempts: await repeat(() => pool.query(OLD_ATTEMPTS, old)),
      messages: await repeat(() => pool.query(OLD_MESSAGES, old)),
      statements: await repeat(() => pool.query(OLD_STATEMENTS, old)),
    }
  }

  #purgePayments(id: CarrierId, profile: MarketProfile, nowMs: number): Promise<number> {
    const { above, years, yearsAbove } = profile.retention
    return repeat(() =>
      this.#parts.pool.query(OLD_PAYMENTS, [
        id,
        profile.version,
        profile.zone,
        dateOf(nowMs, profile.zone),
        above === null ? null : minorOf(profile, above),
        12 * years,
        12 * yearsAbove,
      ]),
    )
  }
}

/** The rule of `retainUntil`: kept up to and with the day that many months after the payment. */
const OLD_PAYMENTS = `
with old as (
  select p.id from carrier.payment p
  left join carrier.bill_item i on i.payment_id = p.id
  left join carrier.bill b on b.id = i.bill_id
  where p.carrier = $1 and p.profile_version = $2
    and ((coalesce(p.paid_at, p.created_at) at time zone $3)::date
          + make_interval(months => case when p.amount > $5::bigint then $7::integer else $6::integer end))::date < $4::date
    and (p.status in ('denied', 'cancelled') or p.status = 'succeeded' and (
          b.settled = b.total and b.written_off = 0 or b.id is null and p.paid_early = 0 and p.amount = p.cancelled))
    and not exists (select from carrier.dispute d where d.payment_id = p.id and d.state = 'open')
    and not exists (select from carrier.refund r where r.payment_id = p.id and r.status = 'processing')
  limit ${AT_ONCE}
), disputes as (
  delete from carrier.dispute d using old where d.payment_id = old.id
), refunds as (
  delete from carrier.refund r using old where r.payment_id = old.id
), items as (
  update carrier.bill_item i set payment_id = null, label = '' from old where i.payment_id = old.id
)
delete from carrier.payment p using old where p.id = old.id`

const OLD_ATTEMPTS = `
delete from carrier.attempt where id in (
  select id from carrier.attempt
  where carrier = $1 and at < ($2::date)::timestamp at time zone $3 limit ${AT_ONCE})`

const OLD_MESSAGES = `
delete from carrier.message where id in (
  select id from carrier.message
  where carrier = $1 and created_at < ($2::date)::timestamp at time zone $3 limit ${AT_ONCE})`

const OLD_STATEMENTS = `
delete from carrier.statement_request where id in (
  select s.id from carrier.statement_request s join carrier.line l on l.id = s.line_id
  where l.carrier = $1 and s.requested_at < ($2::date)::timestamp at time zone $3 limit ${AT_ONCE})`

/** Runs a statement that takes a limited number of rows until it takes none. @returns how many rows in all */
async function repeat(run: () => Promise<pg.QueryResult>): Promise<number> {
  let total = 0
  for (;;) {
    const { rowCount } = await run()
    if (!rowCount) return total
    total += rowCount
  }
}
