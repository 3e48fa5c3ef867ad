import type { Carriers } from '@jeon/carrier'
import { createPaymentId } from '../http/payment-ids.ts'
import { Dice } from '../statistics.ts'
import { CARRIER, type PayingLine } from './lines.ts'
import type { CarrierJob } from './stage.ts'

type Order = Parameters<Carriers['core']['payments']['create']>[0]
type Plan = Extract<CarrierJob, { readonly task: 'decide' }>

const MERCHANTS = 16
/** One won in the ledger's smallest unit. */
const WON = 1_000n

/**
 * Payments in one step, so many waiting at once, uniform over the lines. A decision counts when it is answered, which
 * is after all its commits. Throws when one is not accepted.
 *
 * @returns decisions a second, one figure a repetition
 */
export async function measureDecisions(
  { core, clientId }: Carriers,
  lines: readonly PayingLine[],
  { payments, atOnce, repetitions }: Plan,
  onProgress: (share: number) => void,
): Promise<number[]> {
  const dice = new Dice(11)
  const pay = async () => {
    const line = lines[dice.roll(lines.length)]
    if (line === undefined) throw new Error('there are no lines')
    const outcome = await core.payments.create(orderOf(line, clientId, dice.roll(MERCHANTS)))
    if (!outcome.ok) throw new Error(`a payment of the bench was not accepted: ${outcome.code}`)
  }
  await payMany(pay, payments / 2, atOnce)
  const rates: number[] = []
  for (let turn = 1; turn <= repetitions; turn += 1) {
    const begun = performance.now()
    await payMany(pay, payments, atOnce)
    rates.push((payments / (performance.now() - begun)) * 1_000)
    onProgress(turn / repetitions)
  }
  return rates
}

async function payMany(pay: () => Promise<void>, count: number, atOnce: number): Promise<void> {
  let left = count
  const hands = Array.from({ length: atOnce }, async () => {
    while (left > 0) {
      left -= 1
      await pay()
    }
  })
  await Promise.all(hands)
}

function orderOf({ id }: PayingLine, clientId: string, merchant: number): Order {
  return {
    carrier: CARRIER,
    clientId,
    lineId: id,
    steps: 1,
    clientCorrelator: createPaymentId(),
    referenceCode: 'order-1234',
    amount: WON,
    currency: 'KRW',
    description: 'An article',
    isTaxIncluded: false,
    taxAmount: null,
    merchant: { id: `press-${merchant}`, name: 'A newspaper', contact: '02-000-0000' },
    category: 'digital',
    product: '',
    metaData: null,
    items: [],
    boundToPhone: false,
    shown: [],
    sink: null,
    sinkToken: null,
    validation: 'none',
  }
}
