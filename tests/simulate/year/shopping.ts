import type { PurchaseCategory } from '@jeon/billing'
import type { Line, PaymentOrder } from '../../../apps/carrier/src/model.ts'
import type { Random } from '../../crash/random.ts'
import type { Company } from '../company.ts'
import type { Owner } from './world.ts'

/** A purchase that is about to be tried, and what the owner will do when it is only reserved. */
export interface Purchase {
  readonly owner: Owner
  readonly order: PaymentOrder
  readonly afterwards: 'nothing' | 'confirm' | 'cancel' | 'forget'
}

/** What became of purchases: `succeeded`, `cancelled`, `forgotten`, or the reason of the decline. */
export type Tally = Map<string, number>

export function count(tally: Tally, name: string, by = 1): void {
  tally.set(name, (tally.get(name) ?? 0) + by)
}

const merchants = ['Webtoon House', 'Daily Paper', 'Game Port', 'Sticker Shop', 'Voucher Mart']
/** One won in the ledger's smallest unit. */
const WON = 1_000n

/** What an owner tries to buy. */
export function wishOf(random: Random, owner: Owner, line: Line, serial: number): Purchase {
  const { persona } = owner
  const category: PurchaseCategory = random.pick(persona.categories)
  const merchant = random.pick(merchants)
  const isTwoStep = random.chance(0.2)
  const won = random.pick(persona.prices)
  const order: PaymentOrder = {
    carrier: line.carrier,
    clientId: 'simulation',
    lineId: line.id,
    steps: isTwoStep ? 2 : 1,
    clientCorrelator: `sim-${serial}`,
    referenceCode: `ref-${serial}`,
    amount: BigInt(won) * WON,
    currency: 'KRW',
    description: `${category} from ${merchant}`,
    isTaxIncluded: true,
    taxAmount: null,
    merchant: {
      id: merchant.toLowerCase().replace(' ', '-'),
      name: merchant,
      contact: '1588-0000',
    },
    category,
    product: '',
    metaData: null,
    items: [],
    boundToPhone: false,
    shown: ['network', 'sms_code', 'password'],
    sink: null,
    sinkToken: null,
    validation: 'none',
  }
  const afterwards = isTwoStep
    ? random.pick(['confirm', 'confirm', 'confirm', 'confirm', 'cancel', 'forget'] as const)
    : 'nothing'
  return { owner, order, afterwards }
}

/** Tries one purchase to its end. @returns the payment's id when it succeeded */
export async function buy(
  { core }: Company,
  { order, afterwards }: Purchase,
  tally: Tally,
): Promise<string | undefined> {
  const outcome = await (order.steps === 1
    ? core.payments.create(order)
    : core.payments.prepare(order))
  if (!outcome.ok) {
    count(tally, outcome.code === 'declined' ? `declined: ${outcome.reason}` : outcome.code)
    return undefined
  }
  const { payment } = outcome
  switch (afterwards) {
    case 'nothing':
      count(tally, 'succeeded')
      return payment.id
    case 'confirm': {
      const confirmed = await core.payments.confirm(payment.id)
      count(tally, confirmed.ok ? 'succeeded' : `at confirmation: ${confirmed.code}`)
      return confirmed.ok ? payment.id : undefined
    }
    case 'cancel': {
      const cancelled = await core.payments.cancel(payment.id)
      count(tally, cancelled.ok ? 'cancelled' : `at cancellation: ${cancelled.code}`)
      return undefined
    }
    case 'forget':
      count(tally, 'forgotten')
      return undefined
  }
}
