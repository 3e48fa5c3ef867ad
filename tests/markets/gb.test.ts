/** Great Britain, spring 2026: pounds and pence, summer time from 29 March, and a cap of £40 and £240 on each number. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Line } from '../../apps/carrier/src/model.ts'
import { type Market, openMarket } from './market.ts'

let gb: Market
let alice: Line
let bob: Line
beforeAll(async () => {
  gb = await openMarket('GB', '2026-03-20T12:00')
  alice = await gb.open()
  bob = await gb.open()
})
afterAll(() => gb.close())

test('what may be bought, by whom, and up to where a line starts', async () => {
  expect(await gb.tries(alice, '12.50')).toBe('ok')
  expect(await gb.tries(alice, '5.25', { category: 'content' })).toBe('ok')
  expect(await gb.tries(alice, '3', { category: 'charity' })).toBe('ok')
  expect(await gb.tries(alice, '20', { category: 'ticket' })).toBe('ok')
  expect(await gb.tries(alice, '1.25', { category: 'voice' })).toBe('ok')
  expect(await gb.tries(alice, '2', { category: 'voucher' })).toBe('category_not_allowed')
  expect(await gb.tries(alice, '2', { category: 'physical' })).toBe('category_not_allowed')
  expect(await gb.tries(alice, '0.005')).toBe('amount_not_a_step')
  expect(gb.whyNot()).toBe('Amounts are charged in steps of GBP 0.01. → Change the amount.')
  expect(await gb.tries(alice, '30.01')).toBe('transaction_limit')
  expect(gb.whyNot()).toContain('the limit of GBP 30 for one payment')
  expect(await gb.tries(alice, '8.01')).toBe('month_limit')
  // Midnight of 1 April in London is 23:00 of 31 March in UTC.
  expect(gb.whyNot()).toBe(
    'This passes the limit of GBP 50 for this month. Left: GBP 8 → ' +
      'Raise the limit. The limit begins anew on 1 April.',
  )
  expect(await gb.tries(alice, '8')).toBe('ok')
  expect(await gb.balance(alice)).toBe('50')

  const child = await gb.open({ born: '2010-03-21' })
  expect(await gb.tries(child, '1')).toBe('too_young')
  const minor = await gb.open({ born: '2008-03-21' })
  expect(await gb.tries(minor, '1')).toBe('guardian_consent_missing')
  const guarded = await gb.open({ born: '2008-03-21', consents: ['guardian'] })
  expect(await gb.tries(guarded, '1')).toBe('ok')
  for (const kind of ['prepaid', 'corporate'] as const) {
    expect(await gb.tries(await gb.open({ kind }), '1')).toBe('kind_not_allowed')
  }
  // The market asks for no consent to payments and no second factor; a stranger still needs the owner's code.
  const silent = { shown: ['network' as const] }
  expect(await gb.tries(await gb.open({ consents: [] }), '30', silent)).toBe(
    'second_factor_missing',
  )
  const linked = await gb.open({ consents: [], linked: true })
  expect(await gb.tries(linked, '30', silent)).toBe('ok')
})

test('owners are told in pounds, in the language of the market', async () => {
  const [first] = await gb.texts(alice, 'charge')
  expect(first).toContain('Charged to your line: £12.50')
  expect(first).toContain('At 03/20 12:00')
  expect(first).toContain('Counts in March 2026')
})

test('a raise cools off for a day, and this day has 23 hours', async () => {
  await gb.at('2026-03-28T12:00')
  const wish = {
    ...{ bucket: 'general' as const, consent: 'I agree.', factors: ['sms_code' as const] },
    wanted: { transaction: gb.minor('40'), month: gb.minor('240') },
  }
  const { limits } = gb.company.core
  expect(await limits.change(alice.id, { ...wish, factors: [] })).toMatchObject({ ok: false })
  const tooHigh = { ...wish, wanted: { month: gb.minor('245') } }
  expect(await limits.change(alice.id, tooHigh)).toMatchObject({ ok: false })
  expect(await limits.change(alice.id, wish)).toMatchObject({ ok: true, raises: true })
  await gb.at('2026-03-29T12:59')
  expect(await gb.tries(alice, '40')).toBe('transaction_limit')
  await gb.at('2026-03-29T13:00')
  expect(await gb.tries(alice, '40')).toBe('ok')
  expect(await gb.tries(alice, '40.01')).toBe('transaction_limit')
})

test('March ends at midnight in London, an hour before it ends in UTC', async () => {
  await gb.at('2026-03-31T23:59')
  for (let count = 0; count < 3; count += 1) await gb.buys(alice, '40')
  expect(await gb.tries(alice, '30.01')).toBe('month_limit')
  expect(await gb.buys(alice, '30')).toMatchObject({ cycle: '2026-03' })
  expect(await gb.buys(bob, '10')).toMatchObject({ cycle: '2026-03' })
  expect(await gb.remedy(alice)).toBe(
    'It starts anew on 1 April. Before that you can raise the limit.',
  )
  await gb.at('2026-04-01T00:00')
  expect(new Date(gb.company.clock.now()).toISOString()).toBe('2026-03-31T23:00:00.000Z')
  expect(await gb.buys(alice, '40')).toMatchObject({ cycle: '2026-04' })
})

test('within a fortnight a purchase is cancelled, also of last month, until it is on a bill', async () => {
  const late = await gb.buys(bob, '9')
  expect(await gb.refunds(late, '4.50')).toBe('cancel')
  const [march] = await gb.company.core.payments.ofLine(bob.id, { limit: 1, cycle: '2026-03' })
  if (march === undefined) throw new Error('Bob bought something in March')
  expect(await gb.refunds(march, '2.50')).toBe('cancel')
  await gb.at('2026-04-04T12:00')
  expect(await gb.bill(bob, '2026-03')).toEqual({
    ...{ madeOn: '2026-04-04', dueOn: '2026-04-20', state: 'open', total: '7.5', owed: '7.5' },
  })
  // On the bill it stays, though the fortnight is not over: the rest is a credit, which pays it at once.
  expect(await gb.refunds(march)).toBe('bill_credit')
  expect(await gb.bill(bob, '2026-03')).toMatchObject({ state: 'paid', total: '7.5', owed: '0' })
  expect(await gb.bill(alice, '2026-03')).toMatchObject({ total: '240', dueOn: '2026-04-20' })
  const [text] = await gb.texts(alice, 'bill')
  expect(text).toContain('Total £240.00, due 20 April 2026')
  expect(text).toContain('03/29 13:00 Merchant shop (0800) A digital thing £40.00')
})

test('what was paid early can still be cancelled, and comes back as a credit', async () => {
  const payment = await gb.buys(bob, '20')
  expect(await gb.pays(bob, 'all', { early: true })).toBe('0')
  expect(await gb.balance(bob)).toBe('0')
  // No headroom is freed by it here.
  expect(await gb.tries(bob, '25.51')).toBe('month_limit')
  expect(await gb.refunds(payment)).toBe('cancel')
  await gb.at('2026-05-04T12:00')
  expect(await gb.bill(bob, '2026-04')).toMatchObject({ state: 'paid', total: '4.5', owed: '0' })
  expect(await gb.balance(bob)).toBe('-20')
  await gb.buys(bob, '25')
  await gb.at('2026-06-04T12:00')
  expect(await gb.bill(bob, '2026-05')).toMatchObject({ state: 'open', total: '25', owed: '5' })
  expect(await gb.pays(bob, '5')).toBe('0')
})

test('who does not pay is told a week ahead of each step, and pays no surcharge', async () => {
  // Due on Monday, 20 April, since the 18th is a Saturday.
  expect(await gb.bill(alice, '2026-03')).toMatchObject({ state: 'overdue_2', owed: '240' })
  const notices = await gb.texts(alice, 'dunning_notice')
  const told = [...notices, ...(await gb.texts(alice, 'dunning_step'))]
  expect(told.map((text) => text.replace('[GB Tel] ', ''))).toMatchInlineSnapshot(`
    [
      "Your bill for March 2026 was due on 20 April 2026 and is not paid. You owe £240.00. Questions: 100",
      "£240.00 for March 2026 is still not paid. If it stays so, payments and then the line are restricted step by step; each step is announced with its day. Questions: 100",
      "Notice: £240.00 for March 2026 is not paid, and on 4 May 2026 payments on this line are blocked. Paying before then prevents it. Questions: 100",
      "Notice: £240.00 for March 2026 is not paid, and on 20 May 2026 outgoing calls and data are suspended. Paying before then prevents it. Questions: 100",
      "Your bill for March 2026 was due on 20 April 2026 and is not paid. You owe £240.00. Questions: 100",
      "Your bill for April 2026 was due on 18 May 2026 and is not paid. You owe £40.00. Questions: 100",
      "4 May 2026: because £240.00 for March 2026 is not paid, payments on this line are blocked. Questions: 100",
      "20 May 2026: because £240.00 for March 2026 is not paid, outgoing calls and data are suspended. Questions: 100",
    ]
  `)
})

test('paying late brings a line back: the oldest month before a suspension, all of it after', async () => {
  const carol = await gb.open()
  await gb.buys(carol, '30')
  await gb.at('2026-07-05T12:00')
  expect(await gb.pays(carol, '10')).toBe('0')
  expect(await gb.pays(carol, '0.005')).toBe('amount_not_a_step')
  expect(await gb.pays(carol, '1000')).toBe('amount_too_large')
  await gb.at('2026-08-03T12:00')
  expect(await gb.standing(carol)).toEqual({
    ...{ stage: 'blocked', toPay: '20 oldest_month', service: 'arrears_blocked' },
  })
  expect(await gb.tries(carol, '1')).toBe('in_arrears')
  expect(await gb.pays(carol, 'oldest')).toBe('0')
  await gb.buys(carol, '25')
  await gb.at('2026-09-01T12:00')
  await gb.buys(carol, '10')
  await gb.at('2026-10-18T12:00')
  expect(await gb.standing(carol)).toEqual({
    ...{ stage: 'outgoing_suspended', toPay: '35 full_balance', service: 'suspended' },
  })
  expect(await gb.pays(carol, 'oldest')).toBe('0')
  expect(await gb.tries(carol, '1')).toBe('line_suspended')
  expect(await gb.pays(carol, 'all')).toBe('0')
  expect(await gb.tries(carol, '1')).toBe('ok')
  expect(gb.profile.dunning.restoreEnablesPayments).toBe(true)
})

test('who never pays is cut off after 90 days and charged off after 180', async () => {
  expect(await gb.tries(alice, '1')).toBe('line_terminated')
  const [last] = (await gb.texts(alice, 'dunning_step')).slice(-1)
  expect(last).toContain('19 July 2026: because £240.00 for March 2026 is not paid')
  expect(await gb.bill(alice, '2026-03')).toMatchObject({ state: 'charged_off', owed: '0' })
  expect(await gb.balance(alice)).toBe('40')
})

test('October has an hour more', async () => {
  await gb.at('2026-10-31T23:59')
  expect(await gb.buys(bob, '1')).toMatchObject({ cycle: '2026-10' })
  await gb.at('2026-11-01T00:00')
  expect(new Date(gb.company.clock.now()).toISOString()).toBe('2026-11-01T00:00:00.000Z')
  expect(await gb.buys(bob, '1')).toMatchObject({ cycle: '2026-11' })
})

test('after two years the records go, but not of what is owed, and the journal still proves itself', async () => {
  await gb.proves()
  // Alice never paid: it was written off, she still owes it, and so it is kept what it was for.
  expect(await gb.forgets('2028-03-29T13:00')).toMatchInlineSnapshot(
    `"0 gone, 24 left, 14 of them not paid or not billed"`,
  )
  expect(await gb.pays(alice, 'all')).toBe('0')
  expect(await gb.forgets('2028-03-29T13:00')).toMatchInlineSnapshot(
    `"6 gone, 18 left, 2 of them not paid or not billed"`,
  )
  expect(await gb.forgets('2028-11-02T04:00')).toMatchInlineSnapshot(
    `"13 gone, 5 left, 2 of them not paid or not billed"`,
  )
  await gb.proves()
})
