import { assetOfProfile, type MarketProfile, mostInMonth } from '@jeon/billing'
import type { CareBill, CareBillItem, CareBillPayment, CareBillSummary } from '@jeon/camara'
import { parseAmount } from '@jeon/money'
import type { Bill, BillItem, ItemisedBill } from '../bills/model.ts'
import type { Bills } from '../bills/service.ts'
import type { Receipt, ReceiptAmount, ReceiptRefusal } from '../receipts/model.ts'
import type { Receipts } from '../receipts/service.ts'
import { type Caller, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { billPayment } from './inputs.ts'
import type { CareProblemCode } from './problem-texts.ts'
import { type CareRefusal, refuse } from './problems.ts'
import { type StandingParts, standingView } from './standing.ts'
import { amountText, filledText, moneyText, timeText } from './view.ts'
import { creditWords, objectionWords } from './words.ts'

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
        const amount = amountOf(profile, body.amount)
        if (typeof amount === 'object') return amount
        const early = body.early ?? false
        const paid = await receipts.pay(line.id, { amount, early, key, method: 'self_care' })
        if (!paid.ok) {
          const most = moneyText(profile, mostInMonth(profile) ?? 0n, call.language)
          return refuse(refusals[paid.code], { what: 'line', most })
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

function amountOf(profile: MarketProfile, text: string): ReceiptAmount | CareRefusal {
  if (text === 'all' || text === 'oldest') return text
  const parsed = parseAmount(text, assetOfProfile(profile))
  return parsed.ok ? parsed.amount : refuse('amount_invalid')
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
      .map((item) => itemView(profile, item, bill.items))
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

function itemView(profile: MarketProfile, item: BillItem, all: readonly BillItem[]): CareBillItem {
  // A surcharge is for one purchase, and says for which.
  const about = all.find(({ number }) => number === item.about)?.label ?? ''
  return {
    number: item.number,
    at: timeText(item.atMs),
    text: about === '' ? item.label : `${item.label}: ${about}`,
    merchant: item.merchant,
    payment_id: item.paymentId,
    amount: amountText(profile, item.amount),
    owed: amountText(profile, item.owed),
  }
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
    parts: receipt.parts.map(({ cycle, label, amount }) => ({
      cycle,
      text: label,
      amount: amountText(profile, amount),
    })),
    credit: amountText(profile, receipt.rest),
    standing: standingView(call, standing),
  }
}
