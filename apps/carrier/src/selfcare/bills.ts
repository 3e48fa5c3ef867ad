import { assetOfProfile, type MarketProfile, minorOf, mostInMonth } from '@jeon/billing'
import type { CareBill, CareBillItem, CareBillPayment, CareBillSummary } from '@jeon/camara'
import { parseAmount } from '@jeon/money'
import type { Bill, BillItem, ItemisedBill } from '../bills/model.ts'
import type { Bills } from '../bills/service.ts'
import type { Language } from '../language.ts'
import type { Receipt, ReceiptAmount, ReceiptRefusal } from '../receipts/model.ts'
import type { Receipts } from '../receipts/service.ts'
import { type Caller, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { billPayment } from './inputs.ts'
import type { CareProblemCode } from './problem-texts.ts'
import { type CareRefusal, refuse } from './problems.ts'
import { type StandingParts, standingView } from './standing.ts'
import { amountText, filledText, moneyText, timeText } from './view.ts'
import { creditWords, objectionWords, surchargeText } from './words.ts'

export interface BillRouteParts extends StandingParts {
  readonly bills: Pick<Bills, 'list' | 'find'>
  readonly receipts: Pick<Receipts, 'pay'>
}

/** What was billed, and paying it. */
export function createBillEndpoints(parts: BillRouteParts): CareEndpoint[] {
  const { bills, receipts } = parts
  return [
    careEndpoint({
      method: 'GET',
      path: '/bills',
      summary: 'Your bills, newest first',
      reply: 'bills',
      async handle({ line, carrier }) {
        const list = await bills.list(line.id)
        return {
          bills: list.map((bill) => summaryView(carrier.profileOf(bill.profileVersion), bill)),
        }
      },
    }),
    careEndpoint({
      method: 'GET',
      path: '/bills/{id}',
      summary: 'One bill, itemised',
      reply: 'bill',
      errors: ['not_found'],
      async handle(call) {
        const bill = await bills.find(call.id)
        return bill?.lineId === call.line.id
          ? billView(call, bill)
          : refuse('not_found', { what: 'bill' })
      },
    }),
    careEndpoint({
      method: 'POST',
      path: '/bill-payments',
      summary: 'Pay what is owed, oldest first, or this month’s use early',
      body: billPayment,
      idempotency: true,
      reply: 'billPaid',
      status: 201,
      errors: ['nothing_owed', 'amount_invalid', 'amount_too_large', 'key_reused'],
      async handle(call) {
        const { line, body, profile, idempotencyKey: key } = call
        const step = moneyText(profile, minorOf(profile, profile.amountStep), call.language)
        const amount = amountOf(profile, body.amount, step)
        if (typeof amount === 'object') return amount
        const early = body.early ?? false
        const paid = await receipts.pay(line.id, { amount, early, key, method: 'self_care' })
        if (!paid.ok) {
          const most = moneyText(profile, mostInMonth(profile) ?? 0n, call.language)
          return refuse(refusals[paid.code], { what: 'line', most, step })
        }
        return paidView(call, paid.receipt, await parts.standing(line))
      },
    }),
  ]
}

const refusals: Readonly<Record<ReceiptRefusal, CareProblemCode>> = {
  nothing_owed: 'nothing_owed',
  amount_not_positive: 'amount_invalid',
  amount_not_a_step: 'amount_invalid',
  amount_too_large: 'amount_too_large',
  key_reused: 'key_reused',
  line_not_found: 'not_found',
}

function amountOf(profile: MarketProfile, text: string, step: string): ReceiptAmount | CareRefusal {
  if (text === 'all' || text === 'oldest') return text
  const parsed = parseAmount(text, assetOfProfile(profile))
  return parsed.ok ? parsed.amount : refuse('amount_invalid', { step })
}

function summaryView(profile: MarketProfile, bill: Bill): CareBillSummary {
  return {
    id: bill.id,
    cycle: bill.cycle,
    made_on: bill.madeOn,
    due_on: bill.dueOn,
    state: bill.state,
    currency: profile.currency,
    total: amountText(profile, bill.total),
    owed: amountText(profile, bill.owed),
    charged_off: amountText(profile, bill.chargedOff),
  }
}

function billView({ carrier, language }: Caller, bill: ItemisedBill): CareBill {
  const profile = carrier.profileOf(bill.profileVersion)
  const ofKind = (kind: BillItem['kind']) =>
    bill.items
      .filter((item) => item.kind === kind)
      .map((item) => itemView(item, { profile, items: bill.items, language }))
  const paid = bill.items.reduce((sum, item) => sum + item.paid, 0n)
  return {
    ...summaryView(profile, bill),
    tax_included: profile.billing.taxIncluded,
    third_party: ofKind('payment'),
    surcharges: ofKind('surcharge'),
    credits: bill.credits.map(({ amount, from }) => ({
      amount: amountText(profile, amount),
      text: creditWords[from][language],
    })),
    paid: amountText(profile, paid),
    objection: filledText(objectionWords[language], { contact: carrier.contact }),
  }
}

interface OnBill {
  readonly profile: MarketProfile
  readonly items: readonly BillItem[]
  readonly language: Language
}

function itemView(item: BillItem, on: OnBill): CareBillItem {
  const { profile } = on
  return {
    number: item.number,
    at: timeText(item.atMs),
    text: itemText(item, on),
    merchant: item.merchant,
    payment_id: item.paymentId,
    amount: amountText(profile, item.amount),
    owed: amountText(profile, item.owed),
  }
}

/** A surcharge is for one purchase and says for which, as long as that is remembered. */
function itemText({ missed, label, about }: BillItem, on: OnBill): string {
  if (missed === null) return label
  const percent = on.profile.surcharge.steps[missed - 1]
  const what = on.items.find(({ number }) => number === about)?.label ?? ''
  return named(surchargeText({ missed, percent }, on.language), what)
}

function named(surcharge: string, what: string): string {
  return what === '' ? surcharge : `${surcharge}: ${what}`
}

function paidView(
  call: Caller,
  receipt: Receipt,
  standing: Parameters<typeof standingView>[1],
): CareBillPayment {
  const { profile } = call
  return {
    id: receipt.id,
    amount: amountText(profile, receipt.amount),
    early: receipt.early,
    at: timeText(receipt.atMs),
    parts: receipt.parts.map(({ cycle, label, missed, amount }) => ({
      cycle,
      text:
        missed === null
          ? label
          : named(surchargeText({ missed, percent: undefined }, call.language), label),
      amount: amountText(profile, amount),
    })),
    credit: amountText(profile, receipt.rest),
    standing: standingView(call, standing),
  }
}
