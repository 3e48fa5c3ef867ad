import { addDays, type CalendarDate, type MarketProfile, startOfDayMs } from '@jeon/billing'
import type pg from 'pg'
import { amountText, dayText, minuteText } from '../messages/words.ts'
import type { Carrier, Line } from '../model.ts'

export interface StatementFacts {
  readonly carrier: Carrier
  readonly profile: MarketProfile
  readonly line: Line
  readonly from: CalendarDate
  readonly to: CalendarDate
}

/** Every charge and refund of a period: time, merchant and contact, what for, how much. */
export async function writeStatement(pool: pg.Pool, facts: StatementFacts): Promise<string> {
  const { carrier, profile, line, from, to } = facts
  const { language } = line
  const { rows } = await pool.query<EntryRow>(
    `select 'payment' as kind, coalesce(paid_at, created_at) as at, amount, description, merchant_name, merchant_contact
     from carrier.payment where line_id = $1 and status = 'succeeded'
       and coalesce(paid_at, created_at) >= $2 and coalesce(paid_at, created_at) < $3
     union all
     select 'refund', coalesce(r.refunded_at, r.created_at), r.amount, p.description, p.merchant_name, p.merchant_contact
     from carrier.refund r join carrier.payment p on p.id = r.payment_id
     where r.line_id = $1 and r.status = 'succeeded'
       and coalesce(r.refunded_at, r.created_at) >= $2 and coalesce(r.refunded_at, r.created_at) < $3
     order by at`,
    [
      line.id,
      new Date(startOfDayMs(from, profile.zone)),
      new Date(startOfDayMs(addDays(to, 1), profile.zone)),
    ],
  )
  const sign = (row: EntryRow) => (row.kind === 'payment' ? '' : '−')
  const lines = rows.map(
    (row) =>
      `${minuteText(profile, row.at.getTime())} ${row.merchant_name} (${row.merchant_contact}) ${row.description} ${sign(row)}${amountText(profile, BigInt(row.amount), language)}`,
  )
  const sum = rows.reduce(
    (total, row) => total + (row.kind === 'payment' ? BigInt(row.amount) : -BigInt(row.amount)),
    0n,
  )
  const period = `${dayText(from, language)} – ${dayText(to, language)}`
  const head =
    language === 'ko'
      ? `${carrier.name} 소액결제 이용 내역서\n${line.phoneNumber}\n${period}`
      : `${carrier.name}: purchases charged to your line\n${line.phoneNumber}\n${period}`
  const foot =
    language === 'ko'
      ? `합계 ${amountText(profile, sum, 'ko')}\n이의 신청 ${carrier.contact}`
      : `Total ${amountText(profile, sum, 'en')}\nTo object: ${carrier.contact}`
  return [head, ...lines, foot].join('\n')
}

interface EntryRow {
  readonly kind: 'payment' | 'refund'
  readonly at: Date
  readonly amount: string
  readonly description: string
  readonly merchant_name: string
  readonly merchant_contact: string
}
