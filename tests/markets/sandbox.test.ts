/** The market that does not exist: every kind of limit at once, three surcharges, and a line that is lost in a fortnight. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Line } from '../../apps/carrier/src/model.ts'
import { type Market, openMarket } from './market.ts'

let box: Market
let mina: Line
let twin: Line
beforeAll(async () => {
  box = await openMarket('sandbox', '2026-01-05T12:00')
  mina = await box.open()
  twin = await box.open({ sameAs: mina })
})
afterAll(() => box.close())

test('who may pay: consent, kind, age, days since joining, and less in the first month', async () => {
  expect(await box.tries(await box.open({ consents: [] }), '10')).toBe('no_consent')
  expect(await box.tries(await box.open({ kind: 'prepaid' }), '10')).toBe('kind_not_allowed')
  expect(await box.tries(await box.open({ kind: 'corporate' }), '10')).toBe('ok')
  expect(await box.tries(await box.open({ born: '2014-01-06' }), '10')).toBe('too_young')
  const teen = { born: '2010-01-06' } as const
  expect(await box.tries(await box.open(teen), '10')).toBe('guardian_consent_missing')
  const guarded = await box.open({ ...teen, consents: ['payments', 'guardian'] })
  expect(await box.tries(guarded, '5010')).toBe('transaction_limit')
  expect(await box.tries(guarded, '5000')).toBe('ok')
  expect(await box.tries(guarded, '10')).toBe('day_limit')
  expect(await box.tries(await box.open({ since: '2026-01-05' }), '10')).toBe('joined_recently')
  const fresh = await box.open({ since: '2025-12-20' })
  expect(await box.tries(fresh, '3010')).toBe('transaction_limit')
  expect(await box.tries(fresh, '3000')).toBe('ok')
  expect(await box.tries(mina, '15')).toBe('amount_not_a_step')
  expect(await box.tries(mina, '10', { category: 'voice' })).toBe('category_not_allowed')
})

test('what has to be shown depends on what is bought', async () => {
  for (const category of ['digital', 'voucher', 'physical', 'ticket'] as const) {
    const unproved = await box.tries(mina, '2010', { category, shown: [] })
    expect(unproved).toBe('second_factor_missing')
  }
  expect(await box.tries(mina, '10', { category: 'voucher', shown: ['password'] })).toBe(
    'second_factor_missing',
  )
  expect(box.whyNot()).toBe(
    'This purchase needs more proof (identity). → Confirm it with your payment password.',
  )
  expect(await box.tries(mina, '10', { category: 'ticket', shown: ['biometric'] })).toBe('ok')
})

test('every limit is met to the last won, and the one that is passed is named', async () => {
  const { limits } = box.company.core
  const all = { transaction: '50000', day: '70000', month: '100000' } as const
  for (const line of [mina, twin]) {
    const wanted = {
      transaction: box.minor(all.transaction),
      day: box.minor(all.day),
      month: box.minor(all.month),
    }
    const raise = { bucket: 'general' as const, wanted, consent: 'I agree.' }
    expect(
      await limits.change(line.id, { ...raise, factors: ['password', 'sms_code'] }),
    ).toMatchObject({ ok: true, raises: true })
  }
  await box.at('2026-01-06T12:00')
  const voucher = { category: 'voucher', merchant: 'v' } as const
  expect(await box.tries(mina, '10010', voucher)).toBe('category_limit')
  expect(await box.tries(mina, '10000', voucher)).toBe('ok')
  expect(await box.tries(mina, '10', voucher)).toBe('category_limit')
  const sword = { product: 'rare-sword', merchant: 'w' }
  expect(await box.tries(mina, '10010', sword)).toBe('product_limit')
  expect(await box.tries(mina, '10000', sword)).toBe('ok')
  expect(await box.tries(mina, '10', sword)).toBe('product_limit')
  expect(await box.tries(mina, '20010', { merchant: 'x' })).toBe('merchant_limit')
  expect(await box.tries(mina, '20000', { merchant: 'x' })).toBe('ok')
  expect(await box.tries(mina, '10010', { merchant: 'x' })).toBe('merchant_limit')
  expect(await box.tries(mina, '20000', { category: 'ticket', merchant: 'y' })).toBe('ok')
  expect(await box.tries(mina, '10', { category: 'ticket', merchant: 'y' })).toBe('category_limit')
  expect(await box.tries(mina, '10010', { merchant: 'z' })).toBe('day_limit')
  expect(await box.tries(mina, '50010', { merchant: 'z' })).toBe('transaction_limit')
  await box.at('2026-01-07T00:00')
  expect(await box.tries(mina, '20000', { category: 'charity', merchant: 'a' })).toBe('ok')
  // 80,010 and 20,000 are above what a month has, but 19,990 are not.
  expect(await box.tries(mina, '20000', { category: 'physical', merchant: 'b' })).toBe(
    'month_limit',
  )
  expect(box.whyNot()).toBe(
    'This passes the limit of KRW 100,000 for this month. Left: KRW 19,990 → Raise the limit. ' +
      'Paying early makes room again, up to KRW 30,000 a month. The limit begins anew on 1 February.',
  )
  expect(box.whyNot('ko')).toContain('미리 납부하면 한 달에 30,000원까지 한도가 다시 생깁니다.')
  expect(await box.tries(mina, '19990', { category: 'physical', merchant: 'b' })).toBe('ok')
  // Both lines of a person together: 120,000.
  expect(await box.tries(twin, '20000', { merchant: 'c' })).toBe('ok')
  expect(await box.tries(twin, '10', { merchant: 'd' })).toBe('person_limit')
  // What is bought in an app counts apart, and has its own ceilings.
  const app = { category: 'content', merchant: 'e' } as const
  expect(await box.tries(twin, '10010', app)).toBe('category_limit')
  expect(await box.tries(twin, '10000', app)).toBe('ok')
})

test('paying early makes room once, up to its sum', async () => {
  expect(await box.pays(mina, 'all', { early: true })).toBe('0')
  expect(await box.balance(mina)).toBe('0')
  const buy = (amount: string, merchant: string) => box.tries(mina, amount, { merchant })
  await box.at('2026-01-08T12:00')
  expect(await buy('20000', 'f')).toBe('ok')
  expect(await buy('10010', 'g')).toBe('month_limit')
  expect(await buy('10000', 'g')).toBe('ok')
  expect(await box.pays(mina, 'all', { early: true })).toBe('0')
  expect(await buy('10', 'h')).toBe('month_limit')
})

test('within three days a purchase is cancelled, then it is a credit; either gives the limit back', async () => {
  const line = await box.open()
  const first = await box.buys(line, '20000')
  await box.at('2026-01-09T12:00')
  const second = await box.buys(line, '10000', { merchant: 'other' })
  await box.at('2026-01-12T12:00')
  expect(await box.tries(line, '20000', { merchant: 'third' })).toBe('ok')
  expect(await box.tries(line, '10', { merchant: 'fourth' })).toBe('month_limit')
  expect(await box.refunds(first)).toBe('bill_credit')
  expect(await box.tries(line, '10000', { merchant: 'fourth' })).toBe('ok')
  expect(await box.refunds(second, '4000')).toBe('cancel')
  await box.at('2026-02-02T12:00')
  // 60,000 less what was cancelled, less the credit.
  expect(await box.bill(line, '2026-01')).toMatchObject({ total: '56000', owed: '36000' })
})

test('three due dates are missed, each with its surcharge, until the cap is reached', async () => {
  const late = await box.open()
  await box.buys(late, '10000')
  await box.at('2026-03-02T12:00')
  expect(await box.bill(late, '2026-02')).toEqual({
    ...{ madeOn: '2026-03-02', dueOn: '2026-03-10', state: 'open', total: '10000', owed: '10000' },
  })
  const stages: [string, string][] = []
  for (const day of ['10', '11', '13', '15', '18', '22']) {
    await box.at(`2026-03-${day}T12:00`)
    stages.push([day, (await box.standing(late)).stage])
  }
  expect(stages).toEqual([
    ['10', 'current'],
    ['11', 'notice'],
    ['13', 'blocked'],
    ['15', 'outgoing_suspended'],
    ['18', 'fully_suspended'],
    ['22', 'terminated'],
  ])
  expect(await box.bill(late, '2026-02')).toMatchObject({ total: '11000' })
  await box.at('2026-04-11T12:00')
  expect(await box.bill(late, '2026-02')).toMatchObject({ total: '11500' })
  await box.at('2026-05-12T12:00')
  expect(await box.bill(late, '2026-02')).toMatchObject({ total: '12000', owed: '12000' })
  expect(await box.items(late, '2026-02')).toEqual([
    ...[
      'A digital thing 10000',
      'surcharge no. 1 1000',
      'surcharge no. 2 500',
      'surcharge no. 3 500',
    ],
  ])
  await box.at('2026-05-25T12:00')
  expect(await box.bill(late, '2026-02')).toMatchObject({ state: 'charged_off', owed: '0' })
})

test('who was suspended and pays everything may pay again; who does not use it for two months may not', async () => {
  const line = await box.open()
  await box.buys(line, '2000')
  await box.at('2026-06-15T12:00')
  expect(await box.standing(line)).toEqual({
    ...{ stage: 'outgoing_suspended', toPay: '2200 full_balance', service: 'suspended' },
  })
  expect(await box.pays(line, 'all')).toBe('0')
  expect(await box.tries(line, '10')).toBe('ok')
  await box.at('2026-07-02T12:00')
  expect(await box.pays(line, 'all')).toBe('0')
  await box.at('2026-08-16T12:00')
  expect(await box.tries(line, '10')).toBe('dormant')
})

test('small records go after a year, larger ones after two', async () => {
  await box.proves()
  expect(await box.forgets('2027-09-01T04:00')).toMatchInlineSnapshot(
    `"2 gone, 19 left, 10 of them not paid or not billed"`,
  )
  // What was written off is kept beyond that, until it is paid.
  expect(await box.forgets('2028-09-01T04:00')).toMatchInlineSnapshot(
    `"9 gone, 10 left, 10 of them not paid or not billed"`,
  )
  for await (const line of box.company.core.lines.all(box.carrier)) await box.pays(line, 'all')
  expect(await box.forgets('2028-09-01T04:00')).toMatchInlineSnapshot(
    `"10 gone, 0 left, 0 of them not paid or not billed"`,
  )
  await box.proves()
})
