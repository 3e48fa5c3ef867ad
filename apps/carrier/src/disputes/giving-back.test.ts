import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type Books, openBooks, won1 } from '../bills/books.fixture.ts'
import type { Line, Payment } from '../model.ts'

/** A justified objection ends, whatever has become of its payment. */

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books?.close())
afterEach(() => void vi.restoreAllMocks())

const day = 86_400_000

async function disputed(line: Line, payment: Payment): Promise<string> {
  const { disputes } = books.books
  const opened = await disputes.open(line.id, payment.id, 'not me', { block: false })
  if (!opened.ok) throw new Error(opened.code)
  return opened.dispute.id
}

/** From here on the market gives nothing back any more. */
function giveNothingBack(): void {
  const carrier = books.carriers.get('kt')
  if (carrier === undefined) throw new Error('no kt')
  const profileOf = carrier.profileOf.bind(carrier)
  vi.spyOn(carrier, 'profileOf').mockImplementation((version) => {
    const profile = profileOf(version)
    return { ...profile, reversal: { ...profile.reversal, lateRefund: 'none' as const } }
  })
}

test('paid early, so that it can no longer be cancelled: a credit instead', async () => {
  const line = await books.openLine()
  const payment = await books.buy(line, 10_000)
  await books.pay(line, 10_000, true)
  giveNothingBack()
  const id = await disputed(line, payment)
  // What a client asks for is refused as the market says.
  const asked = await books.core.refunds.create({
    ...{ paymentId: payment.id, clientId: 'shop', clientCorrelator: null, referenceCode: 'x' },
    ...{ type: 'total', reason: null, facts: {}, sink: null, sinkToken: null },
  })
  expect(asked).toMatchObject({ ok: false, code: 'not_refundable', reason: 'paid_early' })
  const answer = await books.books.disputes.answer(id, 'justified', null)
  expect(answer).toMatchObject({ ok: true, dispute: { state: 'justified', remark: null } })
  expect(await books.standing(line)).toMatchObject({ credit: won1(10_000) })
  await books.check(line)
})

test('refunded already: answered with that remark', async () => {
  const line = await books.openLine()
  const payment = await books.buy(line, 10_000)
  const id = await disputed(line, payment)
  await books.refund(payment)
  const { disputes } = books.books
  const dispute = await disputes.find(id)
  await disputes.applyDue('kt', (dispute?.answerByMs ?? 0) + 1)
  expect(await disputes.find(id)).toMatchObject({
    state: 'justified',
    answer: '이미 환불된 결제입니다.',
    remark: 'already_refunded',
    payoutHeld: false,
  })
  expect((await books.texts(line, 'dispute')).at(-1)).toContain('이미 환불된 결제입니다.')
  await books.check(line)
})

test('refused by the ledger: not tried again day by day, but left to the operator, who can', async () => {
  const line = await books.openLine()
  const payment = await books.buy(line, 10_000)
  const id = await disputed(line, payment)
  const { disputes } = books.books
  const accepted = await books.core.refunds.accept({
    ...{ paymentId: payment.id, clientId: 'shop', clientCorrelator: id, referenceCode: id },
    ...{ type: 'total', reason: null, facts: {}, sink: null, sinkToken: null },
  })
  if (!accepted.ok) throw new Error(accepted.code)
  // While it is not decided nothing is said.
  const due = ((await disputes.find(id))?.answerByMs ?? 0) + 1
  const create = vi.spyOn(books.core.refunds, 'create')
  create.mockResolvedValueOnce({ ok: false, code: 'unavailable' })
  await disputes.applyDue('kt', due)
  expect(await disputes.find(id)).toMatchObject({
    state: 'open',
    remark: null,
    answerByMs: due + day,
  })
  const refund = { ...accepted.refund, status: 'denied', denialReason: 'account_closed' } as const
  create.mockResolvedValueOnce({ ok: true, refund })
  await disputes.applyDue('kt', due + day)
  await books.core.refunds.deny(accepted.refund.id, 'account_closed')
  expect(await disputes.find(id)).toMatchObject({ state: 'open', remark: 'account_closed' })
  expect(await disputes.nextDueAt()).toBeUndefined()
  expect(await disputes.applyDue('kt', due + 100 * day)).toBe(0)
  const other = await books.buy(line, 1_000)
  const urgent = await disputed(line, other)
  expect((await disputes.waiting('kt')).map((each) => each.id)).toEqual([id, urgent])
  const answer = await disputes.answer(id, 'justified', 'By hand.')
  expect(answer).toMatchObject({ ok: true, dispute: { answer: 'By hand.', remark: null } })
  expect((await books.core.refunds.list(payment.id)).map(({ status }) => status)).toEqual([
    'denied',
    'succeeded',
  ])
  await books.check(line)
})

test('a client’s own refund that bears the dispute’s name is not taken for it', async () => {
  const line = await books.openLine()
  const payment = await books.buy(line, 10_000)
  const other = await books.buy(line, 5_000)
  const id = await disputed(line, payment)
  const squat = await books.core.refunds.create({
    ...{ paymentId: other.id, clientId: 'shop', clientCorrelator: id, referenceCode: id },
    ...{ type: 'partial', amount: won1(1_000), reason: null, facts: {} },
    ...{ sink: null, sinkToken: null },
  })
  expect(squat).toMatchObject({ ok: true })
  expect(await books.books.disputes.answer(id, 'justified', null)).toMatchObject({ ok: true })
  expect((await books.core.payments.find(payment.id))?.refunded).toBe(won1(10_000))
  await books.check(line)
})
