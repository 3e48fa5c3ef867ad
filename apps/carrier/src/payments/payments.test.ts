import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  DAY_MS,
  NOON,
  newLine,
  openStage,
  orderOn,
  type Stage,
  won,
} from '../../test/core-stage.ts'
import type { NewLine } from '../lines/model.ts'
import type { DeclineReason, PaymentOrder } from '../model.ts'
import { reasonText } from './reasons.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const adult = { name: '홍길동', birthdate: '1990-05-05' }

/** A line (or what is done to it), an order on it, and the reason that must be told. */
const declines: readonly {
  readonly reason: DeclineReason
  readonly line?: Partial<NewLine>
  readonly order?: Partial<PaymentOrder>
  readonly before?: (stage: Stage, lineId: string) => Promise<unknown>
  readonly detail?: Record<string, unknown>
}[] = [
  { reason: 'no_consent', line: { consents: [] } },
  { reason: 'kind_not_allowed', line: { kind: 'prepaid' } },
  { reason: 'kind_not_allowed', line: { kind: 'corporate' } },
  { reason: 'too_young', line: { person: { name: '아이', birthdate: '2016-01-01' } } },
  {
    reason: 'guardian_consent_missing',
    line: { person: { name: '학생', birthdate: '2011-01-01' } },
  },
  { reason: 'joined_recently', line: { openedOn: '2026-11-09' }, detail: { days: '3' } },
  { reason: 'paused', line: { paused: true } },
  { reason: 'in_arrears', before: ({ core }, id) => core.lines.setArrears(id, true) },
  {
    reason: 'line_suspended',
    before: ({ core }, id) => core.lines.setStage(id, 'outgoing_suspended'),
  },
  { reason: 'line_terminated', before: ({ core }, id) => core.lines.setStage(id, 'terminated') },
  { reason: 'dormant', line: { usedAtMs: NOON - 400 * DAY_MS } },
  { reason: 'dormant', before: ({ core }, id) => core.blocks.set(id, 'dormant', 'unused') },
  { reason: 'blocked_by_payer', before: ({ core }, id) => core.blocks.set(id, 'payer', 'owner') },
  {
    reason: 'blocked_permanently',
    before: ({ core }, id) => core.blocks.set(id, 'permanent', 'owner'),
  },
  {
    reason: 'blocked_by_operator',
    before: ({ core }, id) => core.blocks.set(id, 'operator', 'after_suspension'),
  },
  { reason: 'fraud_hold', before: ({ core }, id) => core.blocks.set(id, 'fraud', 'femtocell') },
  {
    reason: 'vouchers_blocked',
    order: { category: 'voucher' },
    before: ({ core }, id) => core.blocks.set(id, 'voucher', 'owner'),
  },
  {
    reason: 'auto_pay_blocked',
    order: { recurring: true },
    before: ({ core }, id) => core.blocks.set(id, 'auto_pay', 'owner'),
  },
  { reason: 'sim_changed', line: { simChangedAtMs: NOON - 3_600_000 } },
  { reason: 'sim_changed', line: { deviceChangedAtMs: NOON - 3_600_000 } },
  { reason: 'second_factor_missing', order: { amount: won(10_001), shown: ['network'] } },
  { reason: 'second_factor_missing', order: { category: 'voucher', shown: ['sms_code'] } },
  {
    reason: 'second_factor_missing',
    line: { simChangedAtMs: NOON - 2 * DAY_MS },
    order: { shown: ['network'] },
  },
  { reason: 'amount_not_a_step', order: { amount: won(1_000) + 1n }, detail: { step: '1' } },
  {
    reason: 'transaction_limit',
    line: { personal: { general: { transaction: '20000' } } },
    order: { amount: won(20_001) },
    detail: { limit: '20000', left: '20000' },
  },
  {
    reason: 'day_limit',
    line: { personal: { general: { day: '20000' } } },
    order: { amount: won(20_001) },
    detail: { left: '20000', resets_at: '2026-11-10T15:00:00.000Z' },
  },
  {
    reason: 'month_limit',
    line: { personal: { general: { month: '20000' } } },
    order: { amount: won(20_001) },
    detail: { limit: '20000', resets_at: '2026-11-30T15:00:00.000Z' },
  },
  { reason: 'category_limit', order: { category: 'voucher', amount: won(100_001) } },
]

describe('a purchase is declined', () => {
  test.each(declines)('$reason $line $order', async ({ reason, line, order, before, detail }) => {
    const { core, ledger } = stage
    const opened = await core.lines.open(newLine(line))
    await before?.(stage, opened.id)
    const wanted = orderOn(opened, order)
    const outcome = await core.payments.create(wanted)
    expect(outcome).toMatchObject({ ok: false, code: 'declined', reason, detail: detail ?? {} })
    const [attempt] = await core.payments.attempts(opened.id, { limit: 10 })
    expect(attempt).toMatchObject({ reason, amount: wanted.amount, merchant: wanted.merchant })
    expect(await core.payments.ofLine(opened.id, { limit: 10 })).toEqual([])
    expect((await ledger.account(opened.accounts.general))?.balance).toBe(0n)
    expect(stage.changes).toContainEqual(
      expect.objectContaining({ lineId: opened.id, what: 'declined', id: attempt?.id }),
    )
    for (const language of ['ko', 'en'] as const) {
      const { text, remedy } = reasonText(reason, attempt?.detail ?? {}, language)
      expect(text).not.toMatch(/[{}]|undefined/)
      expect(remedy ?? '').not.toMatch(/[{}]|undefined/)
    }
  })

  test('by the windows of a product, of a merchant and of the person', async () => {
    const { core, parts } = stage
    expect(parts.carriers.get('kt')?.profileAt(NOON).limits.person).not.toBeNull()
    const one = await core.lines.open(newLine({ person: adult }))
    const two = await core.lines.open(newLine({ person: one.person }))
    expect(await core.payments.create(orderOn(one, { amount: won(700_000) }))).toMatchObject({
      ok: true,
    })
    expect(await core.payments.create(orderOn(two, { amount: won(300_001) }))).toMatchObject({
      reason: 'person_limit',
      detail: { left: '300000' },
    })
    expect(await core.payments.create(orderOn(two, { amount: won(300_000) }))).toMatchObject({
      ok: true,
    })
  })

  test('of another carrier’s line, or in another currency', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    const order = orderOn(line)
    expect(await core.payments.create({ ...order, carrier: 'skt' })).toEqual({
      ok: false,
      code: 'line_not_found',
    })
    expect(await core.payments.create({ ...order, currency: 'EUR' })).toMatchObject({
      code: 'currency_mismatch',
    })
  })
})

describe('a purchase', () => {
  test('is charged, counted, told, and messaged once', async () => {
    const { core, ledger, messages, changes } = stage
    const line = await core.lines.open(newLine())
    const seen: string[] = []
    const stop = core.payments.onChanged(({ status }) => seen.push(status))
    const outcome = await core.payments.create(orderOn(line))
    stop()
    if (!outcome.ok) throw new Error(outcome.code)
    const { payment } = outcome
    expect(payment).toMatchObject({ status: 'succeeded', cycle: '2026-11', paidAtMs: NOON })
    expect(await core.payments.find(payment.id)).toEqual(payment)
    const view = await ledger.account(line.accounts.general)
    expect(view).toMatchObject({ balance: -won(1_000), spentThisMonth: won(1_000) })
    const person = await ledger.account(line.person.accounts.general)
    expect(person?.spentThisMonth).toBe(won(1_000))
    expect(messages.filter(({ about }) => about === payment.id)).toHaveLength(1)
    expect(changes).toContainEqual(expect.objectContaining({ what: 'payment', id: payment.id }))
    expect(seen).toEqual(['succeeded'])
    expect((await core.lines.byId(line.id))?.usedAtMs).toBe(NOON)
  })

  test('is made once for a correlator, and its refusal frees the correlator', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    const order = orderOn(line)
    const tries = await Promise.all(Array.from({ length: 20 }, () => core.payments.create(order)))
    const [made, ...rest] = tries.filter(({ ok }) => ok)
    expect(rest).toEqual([])
    for (const one of tries) {
      if (one === made) continue
      expect(one).toMatchObject({ ok: false, code: 'correlator_used' })
    }
    await core.blocks.set(line.id, 'payer', 'owner')
    expect(await core.payments.create(order)).toMatchObject({
      code: 'correlator_used',
      payment: { status: 'succeeded' },
    })
    const other = orderOn(line)
    expect(await core.payments.create(other)).toMatchObject({ reason: 'blocked_by_payer' })
    await core.blocks.release(line.id, 'payer')
    expect(await core.payments.create(other)).toMatchObject({ ok: true })
    // Another client's correlators are its own.
    expect(await core.payments.create({ ...other, clientId: 'other' })).toMatchObject({ ok: true })
  })

  test('without a correlator is made once for a reference', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    const order = orderOn(line, { clientCorrelator: null })
    const tries = await Promise.all(Array.from({ length: 5 }, () => core.payments.create(order)))
    expect(tries.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await core.payments.create(order)).toEqual({ ok: false, code: 'reference_used' })
    const correlated = { ...order, clientCorrelator: 'tells them apart' }
    expect(await core.payments.create(correlated)).toMatchObject({ ok: true })
  })

  test('keeps whatever text a client sends, and in content its own bucket', async () => {
    const { core, ledger } = stage
    const line = await core.lines.open(newLine())
    const odd = 'a\0b\ud800 “🎮”'
    const order = orderOn(line, {
      category: 'content',
      referenceCode: 'r'.repeat(300) + odd,
      description: odd,
      merchant: { id: odd, name: odd, contact: odd },
      product: odd,
      metaData: { merchantName: odd, fee: 1.5, nested: { channel: odd } },
      items: [{ id: '1', amount: won(1_000), description: odd, taxAmount: won(90) }],
    })
    const outcome = await core.payments.create(order)
    if (!outcome.ok) throw new Error(outcome.code)
    expect(outcome.payment.bucket).toBe('content')
    expect((await ledger.account(line.accounts.content))?.balance).toBe(-won(1_000))
    const kept = await core.payments.find(outcome.payment.id)
    expect(kept?.items[0]).toMatchObject({ amount: won(1_000), taxAmount: won(90) })
    expect(kept?.description).toBe('ab\ufffd “🎮”')
  })

  test('is listed page by page to its client alone', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    const clientId = 'lister'
    for (let count = 0; count < 5; count++) {
      await core.payments.create(orderOn(line, { clientId, merchant: merchantOf(count % 2) }))
    }
    const filter = { carrier: 'kt', clientId, order: 'desc', page: 2, perPage: 2 } as const
    const page = await core.payments.list(filter)
    expect(page).toMatchObject({ total: 5 })
    expect(page.payments).toHaveLength(2)
    const odd = await core.payments.list({ ...filter, page: 1, merchantId: 'm1' })
    expect(odd.total).toBe(2)
    expect((await core.payments.list({ ...filter, status: ['denied'] })).total).toBe(0)
    expect((await core.payments.list({ ...filter, toMs: NOON - 1 })).total).toBe(0)
    expect((await core.payments.list({ ...filter, clientId: 'x' })).total).toBe(0)
    expect((await core.payments.list({ ...filter, lineId: line.id, fromMs: NOON })).total).toBe(5)
  })
})

function merchantOf(number: number) {
  return { id: `m${number}`, name: '상점', contact: '02' }
}
