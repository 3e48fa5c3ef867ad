/** European Union, winter to spring 2026, in Berlin: euros and cents, refunds to the bank, and Germany's own page. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Line } from '../../apps/carrier/src/model.ts'
import { type Market, openMarket } from './market.ts'

let eu: Market
let anna: Line
let firm: Line
beforeAll(async () => {
  eu = await openMarket('EU', '2026-01-30T12:00')
  anna = await eu.open()
  firm = await eu.open({ kind: 'corporate' })
})
afterAll(() => eu.close())

test('people and firms, up to €50 at once and €100 a month', async () => {
  expect(await eu.tries(anna, '50')).toBe('ok')
  expect(await eu.tries(anna, '50.01', { category: 'ticket' })).toBe('transaction_limit')
  expect(await eu.tries(anna, '49.99', { category: 'content' })).toBe('ok')
  expect(await eu.tries(anna, '0.02', { category: 'charity' })).toBe('month_limit')
  expect(eu.whyNot()).toBe(
    'This passes the limit of EUR 100 for this month. Left: EUR 0.01 → ' +
      'Raise the limit. The limit begins anew on 1 February.',
  )
  expect(await eu.tries(anna, '0.01', { category: 'voice' })).toBe('ok')
  expect(await eu.tries(firm, '19.90')).toBe('ok')
  for (const category of ['physical', 'voucher'] as const) {
    expect(await eu.tries(firm, '1', { category })).toBe('category_not_allowed')
  }
  expect(await eu.tries(firm, '1.001')).toBe('amount_not_a_step')
  expect(await eu.tries(await eu.open({ kind: 'prepaid' }), '1')).toBe('kind_not_allowed')
  expect(await eu.tries(await eu.open({ born: '2010-01-31' }), '1')).toBe('too_young')
  const [text] = await eu.texts(anna, 'charge')
  expect(text).toContain('Charged to your line: €50.00')
})

test('an owner’s block says in local time when it ends', async () => {
  const { blocks } = eu.company.core
  const block = await blocks.set(anna.id, 'permanent', 'owner')
  expect(await blocks.lift(anna.id, block.id, { factors: [] })).toMatchObject({ ok: false })
  await blocks.lift(anna.id, block.id, { factors: ['sms_code'] })
  expect(await eu.tries(anna, '1')).toBe('blocked_permanently')
  expect(eu.whyNot()).toContain('Open again: 31 January at 12:00')
  await eu.at('2026-01-31T12:00')
  expect(await eu.tries(anna, '1')).toBe('month_limit')
})

test('a bill that is paid in time; its refund goes to the bank', async () => {
  await eu.at('2026-01-31T23:59')
  const last = await eu.buys(firm, '5.10')
  expect(last.cycle).toBe('2026-01')
  await eu.at('2026-02-01T00:00')
  expect((await eu.buys(firm, '1')).cycle).toBe('2026-02')
  await eu.at('2026-02-03T12:00')
  expect(await eu.bill(firm, '2026-01')).toEqual({
    ...{ madeOn: '2026-02-03', dueOn: '2026-02-17', state: 'open', total: '25', owed: '25' },
  })
  expect(await eu.pays(firm, 'all')).toBe('0')
  expect(await eu.refunds(last, '2.55')).toBe('bank_transfer')
  expect(await eu.bill(firm, '2026-01')).toMatchObject({ state: 'paid', owed: '0' })
  // Neither bill nor credit: the money left for the bank.
  expect(await eu.balance(firm)).toBe('1')
})

test('a refund of what is not paid yet comes off the debt: nobody is paid out what he has not paid', async () => {
  const all = await eu.company.core.payments.ofLine(anna.id, { limit: 9, cycle: '2026-01' })
  const bought = all.find(({ amount }) => all.every((other) => other.amount <= amount))
  if (bought === undefined) throw new Error('Anna bought something')
  expect(await eu.bill(anna, '2026-01')).toMatchObject({ total: '100', owed: '100' })
  expect(await eu.refunds(bought)).toBe('bill_credit')
  expect(await eu.bill(anna, '2026-01')).toMatchObject({ total: '100', owed: '50' })
})

test('a part is paid, then nothing: an objection that is justified, a suspension, and back', async () => {
  const spent = await eu.buys(anna, '10')
  await eu.buys(anna, '30')
  expect(await eu.pays(anna, '10')).toBe('0')
  await eu.at('2026-03-03T12:00')
  expect(await eu.standing(anna)).toEqual({
    ...{ stage: 'blocked', toPay: '40 oldest_month', service: 'arrears_blocked' },
  })
  const { disputes } = eu.company.services
  const opened = await disputes.open(anna.id, spent.id, 'never got it', { block: false })
  if (!opened.ok) throw new Error(opened.code)
  expect(await disputes.answer(opened.dispute.id, 'justified', null)).toMatchObject({ ok: true })
  await eu.at('2026-03-20T12:00')
  expect(await eu.standing(anna)).toEqual({
    ...{ stage: 'outgoing_suspended', toPay: '70 full_balance', service: 'suspended' },
  })
  expect(await eu.pays(anna, 'all')).toBe('0')
  expect(await eu.tries(anna, '1')).toBe('ok')
})

test('March ends at midnight of summer time', async () => {
  await eu.at('2026-03-31T23:59')
  expect((await eu.buys(anna, '2')).cycle).toBe('2026-03')
  await eu.at('2026-04-01T00:00')
  expect(new Date(eu.company.clock.now()).toISOString()).toBe('2026-03-31T22:00:00.000Z')
  const april = await eu.buys(anna, '3')
  expect(april.cycle).toBe('2026-04')
  expect(await eu.refunds(april)).toBe('cancel')
  await eu.at('2026-05-04T12:00')
  expect(await eu.bill(anna, '2026-04')).toBeUndefined()
  expect(await eu.bill(anna, '2026-03')).toMatchObject({ total: '3' })
})

test('after two years the records go', async () => {
  await eu.proves()
  expect(await eu.forgets('2028-03-01T04:00')).toMatchInlineSnapshot(
    `"7 gone, 4 left, 3 of them not paid or not billed"`,
  )
  await eu.proves()
})

test('Germany: every purchase is confirmed on the carrier’s own page', async () => {
  const de = await openMarket('EU', '2026-10-24T12:00', {
    ...{ id: 'detel', patch: () => ({ identity: { redirectRequired: true } }) },
  })
  const line = await de.open({ linked: true })
  expect(await de.tries(line, '1')).toBe('second_factor_missing')
  const { payments } = de.company.core
  const prepared = await payments.prepare(de.order(line, '10', {}, 2))
  if (!prepared.ok) throw new Error(prepared.code)
  expect(prepared.payment).toMatchObject({ status: 'pending_validation', validation: 'url' })
  expect(await payments.validateByUrl(prepared.payment.id, true)).toMatchObject({ ok: true })
  expect(await payments.confirm(prepared.payment.id)).toMatchObject({
    payment: { status: 'succeeded' },
  })
  // A reservation is over after ten minutes, also where the hour from two to three comes twice.
  await de.at('2026-10-25T02:55')
  const waiting = await payments.prepare(de.order(line, '10', {}, 2))
  if (!waiting.ok) throw new Error(waiting.code)
  await de.company.advance(de.company.clock.now() + 9 * 60_000)
  expect(await payments.find(waiting.payment.id)).toMatchObject({ status: 'pending_validation' })
  await de.company.advance(de.company.clock.now() + 2 * 60_000)
  expect(await payments.find(waiting.payment.id)).toMatchObject({ status: 'cancelled' })
  await de.at('2026-11-03T12:00')
  expect(await de.bill(line, '2026-10')).toMatchObject({ total: '10', dueOn: '2026-11-17' })
  await de.proves()
  await de.close()
})
