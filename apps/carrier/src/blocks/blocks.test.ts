import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_MS, NOON, newLine, openStage, orderOn, type Stage } from '../../test/core-stage.ts'
import type { Line } from '../model.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

async function reasonOf(line: Line): Promise<string> {
  const outcome = await stage.core.payments.create(orderOn(line))
  if (outcome.ok) return 'ok'
  return outcome.code === 'declined' ? outcome.reason : outcome.code
}

const proof = { factors: ['identity', 'password'] } as const

describe('a block', () => {
  test('holds from the next decision on, and is lifted with proof, once a day', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    const block = await core.blocks.set(line.id, 'payer', 'owner')
    expect(await core.blocks.set(line.id, 'payer', 'again')).toEqual(block)
    expect(await reasonOf(line)).toBe('blocked_by_payer')
    expect(await core.blocks.lift(line.id, 'block_none', proof)).toMatchObject({
      code: 'not_found',
    })
    expect(await core.blocks.lift(line.id, block.id, { factors: ['password'] })).toEqual({
      ok: false,
      code: 'factors_missing',
      missing: ['identity'],
    })
    expect(await core.blocks.lift(line.id, block.id, proof)).toMatchObject({
      ok: true,
      liftsAtMs: NOON,
    })
    expect(await reasonOf(line)).toBe('ok')
    const next = await core.blocks.set(line.id, 'voucher', 'owner')
    expect(await core.blocks.lift(line.id, next.id, proof)).toMatchObject({
      code: 'too_many_today',
    })
  })

  test('of a carrier with cooling-off holds until that is over', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine({ carrier: 'skt' }))
    const block = await core.blocks.set(line.id, 'payer', 'owner')
    const liftsAtMs = NOON + DAY_MS
    expect(await core.blocks.lift(line.id, block.id, proof)).toMatchObject({ liftsAtMs })
    expect(await core.blocks.lift(line.id, block.id, proof)).toMatchObject({
      code: 'already_granted',
    })
    expect(await core.blocks.nextDueAt()).toBe(liftsAtMs)
    expect(await reasonOf(line)).toBe('blocked_by_payer')
    expect(await core.blocks.applyDue(liftsAtMs - 1)).toEqual([])
    // Blocking again takes the grant back.
    await core.blocks.set(line.id, 'payer', 'owner')
    expect(await core.blocks.nextDueAt()).toBeUndefined()
    await stage.moveTo(NOON + DAY_MS)
    expect(await core.blocks.lift(line.id, block.id, proof)).toMatchObject({ ok: true })
    await stage.moveTo(NOON + 2 * DAY_MS)
    // Also where nobody has ended it yet, it does not hold any more.
    expect(await reasonOf(line)).toBe('ok')
    const gone = await core.blocks.applyDue(NOON + 2 * DAY_MS)
    expect(gone).toMatchObject([{ lineId: line.id, block: { kind: 'payer' } }])
    expect((await core.lines.byId(line.id))?.blocks).toEqual([])
  })

  test('is lifted with every other one that is the owner’s to lift, by one proof and as one of the day', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    const payer = await core.blocks.set(line.id, 'payer', 'owner')
    const suspended = await core.blocks.set(line.id, 'operator', 'after_suspension')
    const good = await core.blocks.set(line.id, 'permanent', 'owner')
    const fraud = await core.blocks.set(line.id, 'fraud', 'femtocell')
    const nowMs = stage.clock.now()
    const outcome = await core.blocks.lift(line.id, suspended.id, proof)
    if (!outcome.ok) throw new Error(outcome.code)
    const lifts = new Map(outcome.lifted.map(({ id, liftsAtMs }) => [id, liftsAtMs]))
    expect(lifts).toEqual(
      new Map([
        [payer.id, nowMs],
        [suspended.id, nowMs],
        [good.id, nowMs + DAY_MS],
      ]),
    )
    expect(outcome).toMatchObject({ remaining: [{ id: fraud.id }], liftsAtMs: nowMs + DAY_MS })
    const held = (await core.lines.byId(line.id))?.blocks.map(({ kind }) => kind)
    expect(held?.toSorted()).toEqual(['fraud', 'permanent'])
    // It was one unblock, and the market allows no second one on this day.
    const next = await core.blocks.set(line.id, 'voucher', 'owner')
    expect(await core.blocks.lift(line.id, next.id, proof)).toMatchObject({
      code: 'too_many_today',
    })
  })

  test('for good cools off longer; those of the carrier are not the owner’s to lift', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine())
    const good = await core.blocks.set(line.id, 'permanent', 'owner')
    const nowMs = stage.clock.now()
    expect(await core.blocks.lift(line.id, good.id, proof)).toMatchObject({
      liftsAtMs: nowMs + DAY_MS,
    })
    const fraud = await core.blocks.set(line.id, 'fraud', 'femtocell')
    const operator = await core.blocks.set(line.id, 'operator', 'investigation')
    for (const { id } of [fraud, operator]) {
      expect(await core.blocks.lift(line.id, id, proof)).toMatchObject({ code: 'not_liftable' })
    }
    expect(await core.blocks.release(line.id, 'fraud')).toBe(true)
    expect(await core.blocks.release(line.id, 'fraud')).toBe(false)
    expect(core.blocks.isLiftable({ ...operator, reason: 'after_suspension' })).toBe(true)
  })

  test('comes by itself after a year without use, and the owner ends it', async () => {
    const { core } = stage
    const since = (date: string) => Date.parse(`${date}T12:00:00+09:00`)
    const [asleep, awake, never] = await core.lines.openMany([
      newLine({ usedAtMs: since('2025-11-12') }),
      newLine({ usedAtMs: since('2025-11-13') }),
      newLine({ usedAtMs: null, consents: [] }),
    ])
    if (asleep === undefined || awake === undefined || never === undefined) {
      throw new Error('three lines were opened')
    }
    expect(await core.blocks.blockDormant(stage.clock.now())).toEqual([asleep.id])
    expect(await core.blocks.blockDormant(stage.clock.now())).toEqual([])
    expect(await reasonOf(asleep)).toBe('dormant')
    expect(await reasonOf(awake)).toBe('ok')
    const [block] = (await core.lines.byId(asleep.id))?.blocks ?? []
    expect(await core.blocks.lift(asleep.id, block?.id ?? '', proof)).toMatchObject({ ok: true })
    expect(await reasonOf(asleep)).toBe('ok')
    expect(await core.blocks.blockDormant(stage.clock.now())).toEqual([])
  })
})

describe('a consent', () => {
  test('allows payments until it is revoked, and its history stays', async () => {
    const { core } = stage
    const line = await core.lines.open(newLine({ consents: [] }))
    expect(await reasonOf(line)).toBe('no_consent')
    expect(core.lines.service(line, stage.clock.now())).toEqual({
      state: 'no_consent',
      reason: 'no_consent',
    })
    const words = { kind: 'payments', factors: ['password'], wording: '동의합니다' } as const
    const consent = await core.consents.give(line.id, words)
    expect(await core.consents.give(line.id, words)).toEqual(consent)
    expect(await reasonOf(line)).toBe('ok')
    const revoked = await core.consents.revoke(line.id, consent.id)
    expect(revoked).toMatchObject({ id: consent.id, revokedAtMs: stage.clock.now() })
    expect(await core.consents.revoke(line.id, consent.id)).toBeUndefined()
    expect(await reasonOf(line)).toBe('no_consent')
    expect(await core.consents.history(line.id)).toEqual([revoked])
  })
})
