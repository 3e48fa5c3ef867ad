import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { ok, problem, type Reply, terminalWithLine } from './terminal-with-line.ts'

const { replies, asked, jeon, purseFile } = terminalWithLine()

test('a wallet’s own money is what is not held', async () => {
  const spent = { spent_today: '36000', spent_this_month: '36000', limits: [] }
  replies['GET /v1/wallet'] = ok({
    ...{ id: 'wal_1', object: 'wallet', created_at: '2026-11-22T15:10:00Z' },
    pockets: [{ currency: 'KRW', balance: '43000', available: '10000', held: '33000', ...spent }],
  })
  const { out } = await jeon('wallet')
  expect(out).toContain('₩10,000, and ₩33,000 is held until it is decided')
  expect(out).toContain('today ₩36,000, this month ₩36,000, with what is held')
})

test('offers are listed with what they cost, page by page', async () => {
  const offer = (id: string, amount: string | null, charge: string) => ({
    ...{ id, title: id, category: 'digital', charge, active: id !== 'gone' },
    price: { amount, currency: 'KRW' },
  })
  replies['GET /v1/offers'] = ok({
    data: [offer('coins', '3000', 'each'), offer('gone', '1', 'auto'), offer('tip', null, 'auto')],
    next_cursor: null,
  })
  const { out } = await jeon('offers', '--merchant', 'mer_1')
  expect(out).toMatch(/coins +₩3,000 +coins +digital +a charge of its own/)
  expect(out).toMatch(/tip +any, KRW/)
  expect(out).not.toContain('gone')
  expect((await jeon('offers')).err).toContain('--merchant')
})

describe('a payment that waits to be confirmed', () => {
  const id = () => `${asked.findLast(({ what }) => what === 'POST /v1/payments')?.key}`
  const waits = (): Reply => ({
    status: 202,
    json: { id: 'pay_x', status: 'pending_validation', validation: { by: 'code', url: null } },
  })

  beforeEach(async () => {
    replies['GET /v1/entitlements'] = ok({ entitled: false })
    replies['POST /v1/payments'] = waits()
    expect((await jeon('pay', '--offer', 'coins', '--merchant', 'mer_1')).exitCode).toBe(3)
  })
  const again = () => jeon('pay', '--offer', 'coins', '--merchant', 'mer_1')

  test('is gone on with while its line is linked', async () => {
    const first = id()
    expect(first).toMatch(/^pay_/)
    await again()
    expect(id()).toBe(first)
  })

  test('does not follow the terminal to another line', async () => {
    const first = id()
    expect(first).toMatch(/^pay_/)
    replies[`GET /v1/payments/${first}`] = waits()
    replies['GET /v1/line'] = ok({ linked: true, phone_number: '+821020000002' })
    await again()
    expect(id()).not.toBe(first)
    const purse: unknown = JSON.parse(await readFile(purseFile(), 'utf8'))
    expect(JSON.stringify(purse)).not.toContain(first)
  })

  test('is kept when it was confirmed after all, or nobody knows', async () => {
    const first = id()
    expect(first).toMatch(/^pay_/)
    replies['GET /v1/line'] = ok({ linked: false })
    replies[`GET /v1/payments/${first}`] = problem(503, 'unavailable')
    await again()
    expect(id()).toBe(first)
  })
})
