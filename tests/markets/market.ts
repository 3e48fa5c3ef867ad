/**
 * One carrier of a market, alive in a database of its own, as the stories in this folder walk through it: times are
 * local to the market, amounts are text in its currency, and whenever time has passed the books are judged.
 */
import {
  assetOfProfile,
  type CalendarDate,
  type Cycle,
  dateOf,
  type Factor,
  type LineKind,
  type MarketProfile,
  type PurchaseCategory,
  versionsOf,
} from '@jeon/billing'
import { amountFrom, formatAmount } from '@jeon/money'
import { freshDatabase } from '@jeon/postgres'
import { expect } from 'vitest'
import type { CarrierSettings } from '../../apps/carrier/src/carriers.ts'
import type {
  DeclineReason,
  Line,
  NewMessage,
  Payment,
  PaymentOrder,
} from '../../apps/carrier/src/model.ts'
import { reasonText } from '../../apps/carrier/src/payments/reasons.ts'
import { lineView } from '../../apps/carrier/src/selfcare/line.ts'
import { type Company, openCompany } from '../simulate/company.ts'
import { Judge, owedByLine } from '../simulate/year/judge.ts'

/** What is bought; without more it is a small digital thing, and everything that could be asked for is shown. */
export interface Wish {
  readonly category?: PurchaseCategory
  readonly merchant?: string
  readonly product?: string
  readonly shown?: readonly Factor[]
}

export interface NewOwner {
  /** (Default: 1990-05-05) */
  readonly born?: CalendarDate
  /** When the line was opened. (Default: 2020-01-01) */
  readonly since?: CalendarDate
  readonly kind?: LineKind
  /** Of a line whose owner this one has too. */
  readonly sameAs?: Line
  readonly consents?: readonly ('payments' | 'guardian')[]
  /** Whether the platform may charge without asking. (Default: false) */
  readonly linked?: boolean
}

interface Declined {
  readonly reason: DeclineReason
  readonly detail: Readonly<Record<string, string>>
}

const EVERYTHING: readonly Factor[] = ['network', 'sms_code', 'password', 'biometric', 'identity']

/** Opens the only carrier of a market, at a local time such as `2026-01-05T12:00`. */
export async function openMarket(
  market: string,
  startsAt: string,
  own: Pick<CarrierSettings, 'patch'> & { readonly id?: string } = {},
): Promise<Market> {
  const database = await freshDatabase()
  const { id = `${market.toLowerCase()}tel`, ...settings } = own
  const carrier: CarrierSettings = {
    ...{ id, name: `${market} Tel`, contact: '100', market, shard: 0, ...settings },
  }
  const [version] = versionsOf(market)
  const zone = version?.zone ?? 'UTC'
  const company = await openCompany({
    ...{ databaseUrl: database.url, startMs: msOf(startsAt, zone), carriers: [carrier] },
  })
  return new Market(company, id, () => database.drop())
}

export class Market {
  readonly company: Company
  readonly carrier: string
  readonly #drop: () => Promise<void>
  #judge: Judge | undefined
  #serial = 0
  #declined: Declined | undefined

  constructor(company: Company, carrier: string, drop: () => Promise<void>) {
    this.company = company
    this.carrier = carrier
    this.#drop = drop
  }

  /** The rules that hold now. */
  get profile(): MarketProfile {
    const carrier = this.company.carriers.get(this.carrier)
    if (carrier === undefined) throw new Error('the market has no carrier')
    return carrier.profileAt(this.company.clock.now())
  }

  get today(): CalendarDate {
    return dateOf(this.company.clock.now(), this.profile.zone)
  }

  /** An amount as people write it: `12.50`. */
  money(minor: bigint): string {
    return formatAmount(minor, assetOfProfile(this.profile))
  }

  minor(text: string): bigint {
    return amountFrom(text, assetOfProfile(this.profile))
  }

  /** Lets time pass to a local time, with all that falls due on the way; then the books must be right. */
  async at(local: string): Promise<void> {
    await this.company.advance(msOf(local, this.profile.zone))
    expect(await this.complaints()).toEqual([])
  }

  /** What does not hold, by the rules that the simulated year is judged by. */
  async complaints(): Promise<readonly string[]> {
    const { leadDays } = this.profile.notices
    this.#judge ??= await Judge.appoint({ ...this.company, leadDays })
    return this.#judge.judge({ whole: true })
  }

  open({ born, since, kind, sameAs, consents, linked }: NewOwner = {}): Promise<Line> {
    this.#serial += 1
    const number = String(this.#serial).padStart(4, '0')
    const { core, clock } = this.company
    const wording = 'I agree.'
    return core.lines.open({
      ...{ carrier: this.carrier, phoneNumber: `+9990000${number}`, kind: kind ?? 'postpaid' },
      person: sameAs?.person ?? { name: `Payer ${number}`, birthdate: born ?? '1990-05-05' },
      ...{ openedOn: since ?? '2020-01-01', usedAtMs: clock.now(), password: '135790' },
      consents: [
        ...(consents ?? ['payments']).map((kind) => ({ kind, wording })),
        ...(linked === true ? [{ kind: 'platform', clientId: 'platform', wording } as const] : []),
      ],
    })
  }

  line(line: Line): Promise<Line> {
    return this.company.line(line.id)
  }

  order(line: Line, amount: string, wish: Wish = {}, steps: 1 | 2 = 1): PaymentOrder {
    this.#serial += 1
    const { category = 'digital', merchant = 'shop', product = '', shown = EVERYTHING } = wish
    return {
      ...{ carrier: line.carrier, clientId: 'platform', lineId: line.id, steps },
      ...{ clientCorrelator: null, referenceCode: `reference-${this.#serial}` },
      ...{ amount: this.minor(amount), currency: this.profile.currency },
      ...{ description: `A ${category} thing`, isTaxIncluded: true, taxAmount: null },
      merchant: { id: merchant, name: `Merchant ${merchant}`, contact: '0800' },
      ...{ category, product, metaData: null, items: [], boundToPhone: true, shown },
      ...{ sink: null, sinkToken: null, validation: 'none' },
    }
  }

  /** Buys. @returns `ok`, or why not */
  async tries(line: Line, amount: string, wish?: Wish): Promise<string> {
    const outcome = await this.company.core.payments.create(this.order(line, amount, wish))
    if (outcome.ok) return 'ok'
    if (outcome.code !== 'declined') return outcome.code
    this.#declined = outcome
    return outcome.reason
  }

  /** The same, for what must succeed. */
  async buys(line: Line, amount: string, wish?: Wish): Promise<Payment> {
    const outcome = await this.company.core.payments.create(this.order(line, amount, wish))
    if (outcome.ok) return outcome.payment
    throw new Error(outcome.code === 'declined' ? `declined: ${outcome.reason}` : outcome.code)
  }

  /** The last purchase that was declined, as its owner reads it. */
  whyNot(language: 'ko' | 'en' = 'en'): string {
    if (this.#declined === undefined) return 'nothing was declined'
    const { reason, detail } = this.#declined
    const { text, remedy } = reasonText(reason, detail, language)
    return remedy === null ? text : `${text} → ${remedy}`
  }

  /** Gives money back. @returns how, or why not */
  async refunds(payment: Payment, amount?: string): Promise<string> {
    this.#serial += 1
    const outcome = await this.company.core.refunds.create({
      ...{ paymentId: payment.id, clientId: 'platform', clientCorrelator: null },
      referenceCode: `reference-${this.#serial}`,
      ...(amount === undefined
        ? { type: 'total' }
        : { type: 'partial', amount: this.minor(amount) }),
      ...{ reason: null, facts: {}, sink: null, sinkToken: null },
    })
    return outcome.ok ? outcome.refund.mode : outcome.code
  }

  /** Pays in the owner's name. @returns what is left over, or why not */
  async pays(line: Line, amount: string, how: { early: boolean } = { early: false }) {
    this.#serial += 1
    const isWord = amount === 'all' || amount === 'oldest'
    const outcome = await this.company.services.receipts.pay(line.id, {
      amount: isWord ? amount : this.minor(amount),
      ...{ ...how, key: `key-${this.#serial}`, method: 'transfer' },
    })
    return outcome.ok ? this.money(outcome.receipt.rest) : outcome.code
  }

  /** A bill as its owner sees it. */
  async bill(line: Line, cycle: Cycle) {
    const bills = await this.company.services.bills.list(line.id)
    const bill = bills.find((each) => each.cycle === cycle)
    if (bill === undefined) return undefined
    const { madeOn, dueOn, state, total, owed } = bill
    return { madeOn, dueOn, state, total: this.money(total), owed: this.money(owed) }
  }

  /** What the page of a line says helps when payments do not work. */
  async remedy(line: Line): Promise<string | null> {
    const { core, clock, services } = this.company
    const carrier = this.company.carriers.get(this.carrier)
    if (carrier === undefined) throw new Error('the market has no carrier')
    const toRestore = async ({ id }: Line) =>
      (await services.dunning.standing(id))?.restore?.toPay ?? null
    const view = await lineView(
      { core, toRestore },
      {
        ...{ carrier, line, profile: this.profile, language: 'en', nowMs: clock.now() },
        ...{ signal: new AbortController().signal, idempotencyKey: '' },
      },
    )
    return view.service.remedy
  }

  /** The items of a bill: what for, or which missed due date, and how much. */
  async items(line: Line, cycle: Cycle): Promise<string[]> {
    const { bills } = this.company.services
    const [bill] = (await bills.list(line.id)).filter((each) => each.cycle === cycle)
    const items = bill === undefined ? [] : ((await bills.find(bill.id))?.items ?? [])
    return items.map(({ label, missed, amount }) => {
      const what = missed === null ? label : `surcharge no. ${missed}`
      return `${what} ${this.money(amount)}`
    })
  }

  /** Where dunning stands, and what brings the line back. */
  async standing(line: Line) {
    const standing = await this.company.services.dunning.standing(line.id)
    if (standing === undefined) throw new Error('the line is gone')
    const { stage, restore } = standing
    const toPay = restore === null ? null : `${this.money(restore.toPay)} ${restore.rule}`
    return { stage, toPay, service: (await this.company.core.service(await this.line(line))).state }
  }

  /** The texts of a line's messages of a kind, oldest first. */
  async texts(line: Line, kind: NewMessage['kind']): Promise<string[]> {
    const { rows } = await this.company.pool.query<{ text: string }>(
      'select text from carrier.message where line_id = $1 and kind = $2 order by number',
      [line.id, kind],
    )
    return rows.map(({ text }) => text)
  }

  /** What a line owes in the ledger, buckets together. */
  async balance(line: Line): Promise<string> {
    const { general, content } = line.accounts
    const views = await Promise.all([general, content].map((id) => this.company.ledger.account(id)))
    return this.money(-views.reduce((sum, view) => sum + (view?.balance ?? 0n), 0n))
  }

  /** Forgets what need not be kept any more at a local time. @returns what is left of payments */
  async forgets(local: string): Promise<string> {
    const atMs = msOf(local, this.profile.zone)
    const { payments } = await this.company.services.retention.purgeCarrier(this.carrier, atMs)
    const { rows } = await this.company.pool.query<{ left: number; owed: number }>(
      `select count(*)::int as left, count(*) filter (where b.settled - b.written_off is distinct from b.total)::int as owed
         from carrier.payment p left join carrier.bill_item i on i.payment_id = p.id
         left join carrier.bill b on b.id = i.bill_id where p.carrier = $1`,
      [this.carrier],
    )
    const [{ left, owed } = { left: 0, owed: 0 }] = rows
    return `${payments} gone, ${left} left, ${owed} of them not paid or not billed`
  }

  /** The journal proves itself, and each line owes what the tables say. Also right after records were forgotten. */
  async proves(): Promise<void> {
    const report = await this.company.ledger.verify()
    expect(report.ok ? 'verified' : report).toBe('verified')
    const owed = await owedByLine(this.company.pool)
    for await (const line of this.company.core.lines.all(this.carrier)) {
      const inBooks = this.money(owed.get(line.id) ?? 0n)
      expect({ line: line.id, owes: await this.balance(line) }).toEqual({
        line: line.id,
        owes: inBooks,
      })
    }
  }

  async close(): Promise<void> {
    await this.company.close()
    await this.#drop()
  }
}

/** Unix milliseconds of a time on the market's clocks. */
export function msOf(local: string, zone: string): number {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds
}
