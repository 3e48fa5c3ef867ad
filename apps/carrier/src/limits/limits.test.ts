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
import type { Line } from '../model.ts'
import { FREED_ENDS_EARLY_MS } from './readiness.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

async function reasonOf(line: Line, whole: number): Promise<string> {
  const outcome = await stage.core.payments.create(orderOn(line, { amount: won(whole) }))
  if (outcome.ok) return 'ok'
  return outcome.code === 'declined' ? outcome.reason : outcome.code
}

const wish = { bucket: 'general', consent: '올려 주세요', factors: ['password'] } as const

describe('limits of one’s own', () => {
  test('begin with the market’s, go down at once and count as the change of the day', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine({ personal: {} }))
    const view = await core.limits.view(line)
    expect(view).toMatchObject({ changesLeftToday: 1 })
    expect(view.buckets[0]).toMatchObject({
      bucket: 'general',
      personal: { month: won(300_000) },
      ceiling: { month: won(1_000_000) },
      pending: null,
    })
    expect(await reasonOf(line, 50_000)).toBe('ok')
    const lower = { ...wish, consent: null, factors: [], wanted: { month: won(60_000) } }
    const changed = await core.limits.change(line.id, lower)
    expect(changed).toMatchObject({ ok: true, raises: false, limits: { changesLeftToday: 0 } })
    expect(await reasonOf(line, 10_001)).toBe('month_limit')
    expect(await reasonOf(line, 10_000)).toBe('ok')
    // Lowering is never refused, but nothing goes up again on the day of a change.
    expect(await core.limits.change(line.id, lower)).toMatchObject({ ok: true })
    const raise = { ...wish, wanted: { month: won(70_000) } }
    expect(await core.limits.change(line.id, raise)).toMatchObject({ code: 'too_many_changes' })
    const read = await core.lines.byId(line.id)
    if (read === undefined) throw new Error('the line is there')
    expect(await core.limits.isExhausted(read, 'general')).toBe(true)
    expect(await core.service(read)).toEqual({ state: 'limit_exhausted', reason: null })
  })

  test('go up with consent and a second factor, and not in arrears', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine({ personal: { general: { month: '50000' } } }))
    const raise = { ...wish, wanted: { month: won(400_000) } }
    const { change } = {
      change: (more: object) => core.limits.change(line.id, { ...raise, ...more }),
    }
    expect(await change({ consent: null })).toMatchObject({ code: 'consent_missing' })
    expect(await change({ factors: ['sms_code'] })).toMatchObject({ code: 'factors_missing' })
    expect(await change({ wanted: { month: won(400_001) } })).toMatchObject({ code: 'not_a_step' })
    expect(await change({ wanted: { month: won(1_010_000) } })).toMatchObject({
      code: 'above_ceiling',
    })
    await core.lines.setArrears(line.id, true)
    expect(await change({})).toMatchObject({ code: 'in_arrears' })
    await core.lines.setArrears(line.id, false)
    expect(await change({})).toMatchObject({ ok: true, raises: true, effectiveAtMs: NOON })
    expect(await reasonOf(line, 400_000)).toBe('ok')
    const consents = await core.consents.history(line.id)
    expect(consents[0]).toMatchObject({ kind: 'limit_raise', wording: '올려 주세요' })
  })

  test('a raise that cools off waits, is superseded, and is refused to who fell into arrears', async () => {
    const { core, database } = stage
    const waiting = async (hours: number) => {
      const line = await core.lines.open(newLine({ personal: { general: { month: '10000' } } }))
      await database
        .insertInto('carrier.limit_change')
        .values({
          id: `limitchange_${line.id}`,
          line_id: line.id,
          bucket: 'general',
          before: '{"month":"10000"}',
          after: '{"month":"90000"}',
          requested_at: new Date(NOON - DAY_MS),
          effective_at: new Date(NOON + hours * 3_600_000),
        })
        .execute()
      return line
    }
    const [one, two] = [await waiting(1), await waiting(2)]
    expect(await core.limits.nextDueAt()).toBe(NOON + 3_600_000)
    expect((await core.limits.view(one)).buckets[0]?.pending).toEqual({
      after: { month: won(90_000) },
      effectiveAtMs: NOON + 3_600_000,
    })
    expect(await core.limits.applyDue(NOON)).toBe(0)
    await core.lines.setArrears(two.id, true)
    expect(await core.limits.applyDue(NOON + 3 * 3_600_000)).toBe(2)
    await core.lines.setArrears(two.id, false)
    expect(await reasonOf(one, 20_000)).toBe('ok')
    expect(await reasonOf(two, 20_000)).toBe('month_limit')
    const three = await waiting(1)
    await core.limits.change(three.id, { ...wish, wanted: { day: won(10_000) } })
    expect(await core.limits.nextDueAt()).toBeUndefined()
  })
})

describe('what is paid early', () => {
  test('makes room for the person as well, across lines, and survives a restart', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    const other = await core.lines.open(newLine({ person: line.person }))
    const outcome = await core.payments.create(orderOn(line, { amount: won(1_000_000) }))
    if (!outcome.ok) throw new Error(outcome.code)
    expect(await reasonOf(other, 1_000)).toBe('person_limit')
    await payEarly(outcome.payment.id, 700_000)
    await core.limits.free(line.id)
    // No more than 500,000 are freed, whatever was paid.
    expect(await reasonOf(other, 500_001)).toBe('person_limit')
    expect(await reasonOf(other, 400_000)).toBe('ok')
    await stage.close({ keep: true })
    stage = await stage.again()
    const again = await stage.core.lines.byId(other.id)
    if (again === undefined) throw new Error('the line is there')
    expect(await reasonOf(again, 100_001)).toBe('person_limit')
    expect(await reasonOf(again, 100_000)).toBe('ok')
  })

  test('makes room this month, and the room is gone at midnight of the first', async () => {
    const { core, ledger } = stage
    const line = await core.lines.open(newLine({ personal: { general: { month: '100000' } } }))
    const outcome = await core.payments.create(orderOn(line, { amount: won(100_000) }))
    if (!outcome.ok) throw new Error(outcome.code)
    expect(await reasonOf(line, 1_000)).toBe('month_limit')
    await payEarly(outcome.payment.id, 60_000)
    const freed = await core.limits.free(line.id)
    expect(freed).toMatchObject({ freed: won(60_000), freedCycle: '2026-11' })
    expect(await core.limits.view(freed)).toMatchObject({
      freed: { general: won(60_000), content: 0n },
      freeableLeft: won(440_000),
    })
    // Repeating it frees nothing more.
    await core.limits.free(line.id)
    expect(await reasonOf(line, 60_001)).toBe('month_limit')
    expect(await reasonOf(line, 50_000)).toBe('ok')
    const end = Date.parse('2026-12-01T00:00:00+09:00')
    await stage.moveTo(end - FREED_ENDS_EARLY_MS - 1)
    expect(await reasonOf(line, 1_000)).toBe('ok')
    await stage.moveTo(end - 1)
    expect(await reasonOf(line, 1_000)).toBe('month_limit')
    await stage.moveTo(end)
    expect(await reasonOf(line, 100_001)).toBe('month_limit')
    expect(await reasonOf(line, 100_000)).toBe('ok')
    expect((await ledger.account(line.accounts.general))?.spentThisMonth).toBe(won(100_000))
  })
})

async function payEarly(paymentId: string, whole: number): Promise<void> {
  await stage.database
    .updateTable('carrier.payment')
    .set({ paid_early: won(whole) })
    .where('id', '=', paymentId)
    .execute()
}

test('a line of three months and a day may spend more than in its first three', async () => {
  const { core } = stage
  const line = await core.lines.open(newLine({ openedOn: '2026-10-15' }))
  expect(await reasonOf(line, 100_001)).toBe('month_limit')
  await stage.moveTo(Date.parse('2027-01-14T12:00:00+09:00'))
  expect(await reasonOf(line, 100_001)).toBe('month_limit')
  await stage.moveTo(Date.parse('2027-01-15T00:00:00+09:00'))
  expect(await reasonOf(line, 100_001)).toBe('ok')
})
