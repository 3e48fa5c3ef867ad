/** Japan, the first months of a leap year: yen, caps by age and by how long a line exists, a password for most things. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Line } from '../../apps/carrier/src/model.ts'
import { type Market, openMarket } from './market.ts'

const quietly = { shown: ['network' as const] }

let jp: Market
let hana: Line
let ken: Line
beforeAll(async () => {
  jp = await openMarket('JP', '2028-01-10T12:00')
  hana = await jp.open({ linked: true })
  ken = await jp.open()
})
afterAll(() => jp.close())

test('the cap goes by age, then by tenure', async () => {
  const caps: [born: string, since: string, most: string, above: string][] = [
    ['2016-03-01', '2024-01-01', '1500', '1'],
    ['2012-03-01', '2024-01-01', '10000', '1'],
    ['2009-03-01', '2024-01-01', '10000', '1'],
    ['1990-03-01', '2027-11-11', '10000', '1'],
    ['1990-03-01', '2027-10-10', '30000', '1'],
    ['1990-03-01', '2026-01-11', '30000', '1'],
    ['1990-03-01', '2026-01-10', '100000', '1'],
  ]
  for (const [born, since, most, above] of caps) {
    const line = await jp.open({ born, since, consents: ['guardian'] })
    expect([born, since, await jp.tries(line, most)]).toEqual([born, since, 'ok'])
    expect([born, since, await jp.tries(line, above)]).toEqual([born, since, 'month_limit'])
  }
  expect(jp.whyNot()).toBe(
    'This passes the limit of JPY 100,000 for this month. Left: JPY 0 → ' +
      'Raise the limit. The limit begins anew on 1 February.',
  )
  expect(await jp.tries(await jp.open({ born: '2012-03-01' }), '1')).toBe(
    'guardian_consent_missing',
  )
  expect(await jp.tries(await jp.open({ kind: 'prepaid' }), '1')).toBe('kind_not_allowed')
  expect(await jp.tries(await jp.open({ kind: 'corporate' }), '1')).toBe('kind_not_allowed')
})

test('everything is sold; small things need no password up to a sum a day, vouchers always do', async () => {
  for (const category of [
    'digital',
    'physical',
    'content',
    'charity',
    'ticket',
    'voice',
  ] as const) {
    expect([category, await jp.tries(ken, '1200', { category })]).toEqual([category, 'ok'])
  }
  expect(await jp.tries(ken, '1200', { category: 'voucher' })).toBe('ok')
  expect(await jp.tries(ken, '0.5')).toBe('amount_not_a_step')
  expect(await jp.tries(hana, '1001', quietly)).toBe('second_factor_missing')
  expect(await jp.tries(hana, '100', { ...quietly, category: 'voucher' })).toBe(
    'second_factor_missing',
  )
  for (let count = 0; count < 5; count += 1)
    expect(await jp.tries(hana, '1000', quietly)).toBe('ok')
  expect(await jp.tries(hana, '1', quietly)).toBe('unconfirmed_limit')
  // Midnight in Tokyo, 15:00 in UTC.
  await jp.at('2028-01-11T00:00')
  expect(await jp.tries(hana, '1', quietly)).toBe('ok')
  const [first] = await jp.texts(hana, 'charge')
  expect(first).toContain('Charged to your line: ¥1,000')
})

test('a payment of 31 January is cancelled that day, and afterwards only comes back on a bill', async () => {
  await jp.at('2028-01-31T23:59')
  const kept = await jp.buys(ken, '3000')
  const part = await jp.buys(ken, '2000')
  expect(await jp.refunds(part, '500')).toBe('cancel')
  await jp.at('2028-02-01T00:00')
  expect(await jp.refunds(kept)).toBe('bill_credit')
  expect(await jp.refunds(part, '500')).toBe('bill_credit')
  // The credit waits until the bill of January uses it.
  await jp.at('2028-02-10T12:00')
  expect(await jp.bill(ken, '2028-01')).toEqual({
    ...{ madeOn: '2028-02-10', dueOn: '2028-02-29', state: 'open', total: '12900', owed: '9400' },
  })
  const [bill] = await jp.texts(ken, 'bill')
  expect(bill).toContain('Total ¥12,900, due 29 February 2028')
  expect(bill).toContain('Paid early or credited ¥3,500, left to pay ¥9,400')
})

test('a late refund gives no limit back, and neither does paying early', async () => {
  const young = await jp.open({ since: '2028-02-01' })
  await jp.buys(young, '8000')
  expect(await jp.pays(young, 'all', { early: true })).toBe('0')
  expect(await jp.tries(young, '2001')).toBe('month_limit')
  const [paid] = await jp.company.core.payments.ofLine(young.id, { limit: 1 })
  if (paid === undefined) throw new Error('something was bought')
  expect(await jp.refunds(paid)).toBe('bill_credit')
  expect(await jp.tries(young, '2001')).toBe('month_limit')
  expect(await jp.balance(young)).toBe('-8000')
})

test('29 February is the last day to pay; an objection stops the clock', async () => {
  await jp.at('2028-02-29T23:59')
  expect(await jp.standing(ken)).toMatchObject({ stage: 'current', service: 'enabled' })
  await jp.at('2028-03-10T12:00')
  expect(await jp.standing(ken)).toEqual({
    ...{ stage: 'blocked', toPay: '9400 oldest_month', service: 'arrears_blocked' },
  })
  const { disputes } = jp.company.services
  const bought = await jp.company.core.payments.ofLine(ken.id, { limit: 9, cycle: '2028-01' })
  const item = bought.find(({ category }) => category === 'ticket')
  const opened = await disputes.open(ken.id, item?.id ?? '', 'not mine', { block: false })
  if (!opened.ok) throw new Error(opened.code)
  await jp.at('2028-03-18T12:00')
  expect(await disputes.answer(opened.dispute.id, 'rejected', 'It was yours.')).toMatchObject({
    ok: true,
  })
  // Full suspension, the 20th day, is the 28th now.
  await jp.at('2028-03-27T23:59')
  expect(await jp.standing(ken)).toMatchObject({ stage: 'blocked' })
  await jp.at('2028-03-28T12:00')
  expect(await jp.standing(ken)).toEqual({
    ...{ stage: 'fully_suspended', toPay: '9400 full_balance', service: 'suspended' },
  })
  expect(await jp.bill(ken, '2028-01')).toMatchObject({ total: '12900', owed: '9400' })
  const [first, second] = await jp.texts(ken, 'dispute')
  // 14 days for the answer.
  expect(first).toContain(
    'We have your objection to "A ticket thing". You get an answer by 24 March',
  )
  expect(second).toContain('was not accepted. It was yours.')
})

test('all of it brings the line back, and payments with it', async () => {
  expect(await jp.pays(ken, '5000')).toBe('0')
  expect(await jp.tries(ken, '100')).toBe('line_suspended')
  expect(await jp.pays(ken, '5000')).toBe('600')
  expect(await jp.tries(ken, '100')).toBe('ok')
  expect(await jp.texts(ken, 'restored')).toHaveLength(1)
})

test('after seven years the records go', async () => {
  await jp.at('2028-06-15T12:00')
  await jp.proves()
  expect(await jp.forgets('2035-02-01T04:00')).toMatchInlineSnapshot(
    `"9 gone, 15 left, 13 of them not paid or not billed"`,
  )
  await jp.proves()
})
