/**
 * Whatever happens in whatever order: no bucket of a line passes a limit when a purchase is accepted, and the ledger
 * says of every line what the rows of its payments say.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS, newLine, openStage, orderOn, type Stage, won } from '../../test/core-stage.ts'
import type { Line, Payment } from '../model.ts'
import { RESERVATION_MS } from './model.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

interface World {
  readonly lines: readonly Line[]
  readonly payments: Payment[]
}

type Step = (world: World) => Promise<void>

const which = fc.nat({ max: 40 })
const amounts = fc.constantFrom(100, 900, 2_500, 7_000)
const category = fc.constantFrom('digital', 'content', 'voucher')

const steps = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({ which, amounts, category, two: fc.boolean() }).map(toOrder),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({ which, what: fc.constantFrom('confirm', 'cancel', 'accept', 'refuse') })
      .map(toStep),
  },
  { weight: 3, arbitrary: fc.record({ which, amounts, whole: fc.boolean() }).map(toRefund) },
  {
    weight: 1,
    arbitrary: fc.record({ which, percent: fc.integer({ min: 1, max: 100 }) }).map(toEarly),
  },
  {
    weight: 1,
    arbitrary: fc.record({ which, month: fc.integer({ min: 0, max: 4 }) }).map(toLimit),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(60_000, RESERVATION_MS, 5 * 3_600_000, DAY_MS, 17 * DAY_MS)
      .map(toLater),
  },
  { weight: 1, arbitrary: which.map(toBlock) },
)

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length]

function toOrder(drawn: {
  which: number
  amounts: number
  category: 'digital' | 'content' | 'voucher'
  two: boolean
}): Step {
  return async ({ lines, payments }) => {
    const line = at(lines, drawn.which)
    if (line === undefined) return
    const { payments: sells } = stage.core
    const shown = drawn.which % 3 === 0 ? [] : (['password'] as const)
    const order = orderOn(line, {
      amount: won(drawn.amounts),
      category: drawn.category,
      shown,
    })
    const outcome = await (drawn.two ? sells.prepare(order) : sells.create(order))
    if (!outcome.ok) return
    payments.push(outcome.payment)
    await expectWithinLimits(outcome.payment)
  }
}

/** By the rows and the rules alone: the ledger's own windows would agree with themselves whatever they say. */
async function expectWithinLimits({ lineId, bucket, cycle }: Payment): Promise<void> {
  const { core } = stage
  const line = await core.lines.byId(lineId)
  if (line === undefined) throw new Error('the line is there')
  const { buckets, freed } = await core.limits.view(line)
  const most = buckets.find((limits) => limits.bucket === bucket)?.personal.month
  if (most === undefined) throw new Error('every bucket has a month')
  const rows = await core.payments.ofLine(lineId, { cycle, limit: 1_000 })
  const counted = rows.filter(
    (row) => row.bucket === bucket && !['denied', 'cancelled'].includes(row.status),
  )
  const used = counted.reduce((sum, { amount, cancelled }) => sum + amount - cancelled, 0n)
  expect(used).toBeLessThanOrEqual(most + freed[bucket])
}

function toStep(drawn: { which: number; what: string }): Step {
  return async ({ payments }) => {
    const payment = at(payments, drawn.which)
    if (payment === undefined) return
    const { payments: sells } = stage.core
    if (drawn.what === 'confirm') await sells.confirm(payment.id)
    else if (drawn.what === 'cancel') await sells.cancel(payment.id)
    else await sells.validateByUrl(payment.id, drawn.what === 'accept')
  }
}

function toRefund(drawn: { which: number; amounts: number; whole: boolean }): Step {
  return async ({ payments }) => {
    const payment = at(payments, drawn.which)
    if (payment === undefined) return
    await stage.core.refunds.create({
      paymentId: payment.id,
      clientId: payment.clientId,
      clientCorrelator: crypto.randomUUID(),
      referenceCode: 'back',
      ...(drawn.whole ? { type: 'total' } : { type: 'partial', amount: won(drawn.amounts) }),
      ...{ reason: null, facts: {}, sink: null, sinkToken: null },
    })
  }
}

/** What the owner pays early of a payment; the money itself is the business of bills. */
function toEarly(drawn: { which: number; percent: number }): Step {
  return async ({ payments }) => {
    const payment = at(payments, drawn.which)
    const now = payment && (await stage.core.payments.find(payment.id))
    if (now?.status !== 'succeeded') return
    const rest = now.amount - now.refunded
    await stage.database
      .updateTable('carrier.payment')
      .set({ paid_early: (rest * BigInt(drawn.percent)) / 100n })
      .where('id', '=', now.id)
      .execute()
    await stage.core.limits.free(now.lineId)
  }
}

function toLimit(drawn: { which: number; month: number }): Step {
  return async ({ lines }) => {
    const line = at(lines, drawn.which)
    if (line === undefined) return
    await stage.core.limits.change(line.id, {
      bucket: 'general',
      wanted: { month: won(drawn.month * 10_000) },
      consent: '동의',
      factors: ['password'],
    })
  }
}

function toLater(ms: number): Step {
  return async () => {
    const now = stage.clock.now() + ms
    await stage.moveTo(now)
    await stage.core.payments.expire(now)
    await stage.core.blocks.applyDue(now)
  }
}

function toBlock(drawn: number): Step {
  return async ({ lines }) => {
    const line = at(lines, drawn)
    if (line === undefined) return
    if (!(await stage.core.blocks.release(line.id, 'payer'))) {
      await stage.core.blocks.set(line.id, 'payer', 'owner')
    }
  }
}

/** The ledger's word for each bucket against the rows'. */
async function expectAgreement({ lines }: World): Promise<void> {
  const { core, ledger } = stage
  for (const line of lines) {
    const rows = await core.payments.ofLine(line.id, { limit: 1_000 })
    for (const bucket of ['general', 'content'] as const) {
      const mine = rows.filter((row) => row.bucket === bucket)
      const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n)
      const owed = sum(
        mine.flatMap(({ status, amount, refunded }) =>
          status === 'succeeded' ? [amount - refunded] : [],
        ),
      )
      const held = sum(
        mine.flatMap(({ status, amount }) =>
          status === 'reserved' || status === 'pending_validation' ? [amount] : [],
        ),
      )
      const account = await ledger.account(line.accounts[bucket])
      expect([account?.balance, account?.debitsPending]).toEqual([-owed, held])
    }
  }
}

test('no order of events passes a limit or parts the ledger from the rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 20, maxLength: 40 }), async (run) => {
      const personal = { general: { month: '20000' }, content: { month: '10000' } }
      const person = await stage.core.lines.openPerson({
        carrier: 'kt',
        name: '홍길동',
        birthdate: '1990-05-05',
      })
      const usedAtMs = stage.clock.now()
      const opened = [
        newLine({ person, personal, usedAtMs }),
        newLine({ person, personal, usedAtMs }),
      ]
      const consents = [{ kind: 'payments', wording: '동의', givenAtMs: usedAtMs }] as const
      const lines = await stage.core.lines.openMany(opened.map((line) => ({ ...line, consents })))
      const world: World = { lines, payments: [] }
      for (const step of run) await step(world)
      await expectAgreement(world)
      expect(stage.failures).toEqual([])
    }),
    { numRuns: 25 },
  )
  expect(await stage.ledger.verify()).toMatchObject({ ok: true })
})
