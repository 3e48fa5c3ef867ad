import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, compareDates, daysBetween } from './calendar.ts'
import {
  type DunningPause,
  isSeverer,
  ladderFor,
  ladderWithPauses,
  pausedDaysOf,
  restorationOf,
  STAGES,
  stagesDue,
} from './dunning.ts'
import { KR, kr, someDate, someProfile } from './profiles.fixture.ts'

const DUE = '2026-02-25'

const somePauses: fc.Arbitrary<DunningPause[]> = fc.array(
  fc
    .record({ from: fc.integer({ min: -20, max: 120 }), days: fc.option(fc.nat(40)) })
    .map(({ from, days }) => ({
      from: addDays(DUE, from),
      until: days === null ? null : addDays(DUE, from + days),
    })),
  { maxLength: 4 },
)

describe('the ladder', () => {
  test('KR, after 25 February', () => {
    expect(ladderFor(KR, DUE)).toEqual([
      { stage: 'notice', noticeOn: '2026-02-26', on: '2026-02-26' },
      { stage: 'blocked', noticeOn: '2026-03-01', on: '2026-03-04' },
      { stage: 'outgoing_suspended', noticeOn: '2026-03-24', on: '2026-03-27' },
      { stage: 'fully_suspended', noticeOn: '2026-04-23', on: '2026-04-26' },
      { stage: 'terminated', noticeOn: '2026-05-23', on: '2026-05-26' },
    ])
  })

  test('announces every step before it comes, after the due day, and after the step before', () => {
    fc.assert(
      fc.property(someProfile, someDate, (profile, dueOn) => {
        const ladder = ladderFor(profile, dueOn)
        for (const [at, rung] of ladder.entries()) {
          const lead = daysBetween(rung.noticeOn, rung.on)
          expect(lead).toBe(rung.stage === 'notice' ? 0 : profile.notices.leadDays)
          expect(compareDates(rung.noticeOn, dueOn)).toBeGreaterThan(0)
          const before = ladder[at - 1]
          if (before === undefined) continue
          expect(compareDates(before.on, rung.noticeOn)).toBeLessThanOrEqual(0)
          expect(isSeverer(rung.stage, before.stage)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('a day', () => {
  test.each([
    ['2026-02-25', 'due', 0, 'notice'],
    ['2026-02-26', 'notice', 1, 'blocked'],
    ['2026-03-01', 'notice', 2, 'blocked'],
    ['2026-03-03', 'notice', 2, 'blocked'],
    ['2026-03-04', 'blocked', 2, 'outgoing_suspended'],
    ['2026-05-26', 'terminated', 5, undefined],
  ])('on %s: %s, %d announced, then %s', (today, stage, announced, next) => {
    const position = stagesDue(KR, DUE, today, 0)
    expect(position.stage).toBe(stage)
    expect(position.announced).toHaveLength(announced)
    expect(position.next?.stage).toBe(next)
  })

  test('charge-off on its day', () => {
    expect(stagesDue(KR, DUE, addDays(DUE, 179), 0).chargeOff).toBe(false)
    expect(stagesDue(KR, DUE, addDays(DUE, 180), 0).chargeOff).toBe(true)
    expect(stagesDue(KR, DUE, addDays(DUE, 180), 1).chargeOff).toBe(false)
  })

  test('nothing is reached that was not announced', () => {
    fc.assert(
      fc.property(
        someProfile,
        fc.integer({ min: -5, max: 200 }),
        fc.nat(60),
        (profile, days, pausedDays) => {
          const position = stagesDue(profile, DUE, addDays(DUE, days), pausedDays)
          expect(position.announced.slice(0, position.reached.length)).toEqual(position.reached)
        },
      ),
    )
  })
})

describe('pauses', () => {
  test('count once, up to today, and only after the due day', () => {
    const pauses = [
      { from: '2026-02-20', until: '2026-03-02' },
      { from: '2026-03-01', until: '2026-03-05' },
      { from: '2026-03-10', until: null },
    ]
    expect(pausedDaysOf(pauses, DUE, '2026-02-25')).toBe(0)
    expect(pausedDaysOf(pauses, DUE, '2026-03-04')).toBe(7)
    expect(pausedDaysOf(pauses, DUE, '2026-03-09')).toBe(8)
    expect(pausedDaysOf(pauses, DUE, '2026-03-15')).toBe(13)
  })

  test('move later steps, and leave earlier ones', () => {
    const fortnight = [{ from: '2026-03-10', until: '2026-03-24' }]
    expect(ladderWithPauses(KR, DUE, fortnight).map(({ on }) => on)).toEqual([
      '2026-02-26',
      '2026-03-04',
      '2026-04-10',
      '2026-05-10',
      '2026-06-09',
    ])
    const open = [{ from: '2026-03-02', until: null }]
    expect(ladderWithPauses(KR, DUE, open).map(({ stage }) => stage)).toEqual(['notice'])
    const announced = [{ from: '2026-03-02', until: '2026-04-02' }]
    expect(ladderWithPauses(KR, DUE, announced)[1]).toEqual({
      stage: 'blocked',
      noticeOn: '2026-03-01',
      on: '2026-04-04',
    })
  })

  test('dates and daily positions agree', () => {
    fc.assert(
      fc.property(someProfile, somePauses, fc.nat(250), (profile, pauses, days) => {
        const today = addDays(DUE, days)
        const dated = ladderWithPauses(profile, DUE, pauses)
        const position = stagesDue(profile, DUE, today, pausedDaysOf(pauses, DUE, today))
        const come = dated.filter(({ on }) => compareDates(on, today) <= 0)
        expect(position.reached.map(({ stage }) => stage)).toEqual(come.map(({ stage }) => stage))
      }),
      { numRuns: 500 },
    )
  })

  test('never bring a step forward, nor take one back as days pass', () => {
    fc.assert(
      fc.property(someProfile, somePauses, (profile, pauses) => {
        const plain = ladderFor(profile, DUE)
        for (const [at, rung] of ladderWithPauses(profile, DUE, pauses).entries()) {
          expect(compareDates(rung.on, plain[at]?.on ?? '')).toBeGreaterThanOrEqual(0)
          expect(daysBetween(rung.noticeOn, rung.on)).toBeGreaterThanOrEqual(
            rung.stage === 'notice' ? 0 : profile.notices.leadDays,
          )
        }
        let reached = 0
        for (let day = 0; day < 120; day += 1) {
          const today = addDays(DUE, day)
          const paused = pausedDaysOf(pauses, DUE, today)
          const now = stagesDue(profile, DUE, today, paused).reached.length
          expect(now).toBeGreaterThanOrEqual(reached)
          reached = now
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('restoration', () => {
  const owed = { oldestMonthOwed: 40_000n, totalOwed: 90_000n }

  test.each([
    ['due', 'oldest_month', 40_000n],
    ['notice', 'oldest_month', 40_000n],
    ['blocked', 'oldest_month', 40_000n],
    ['outgoing_suspended', 'full_balance', 90_000n],
    ['fully_suspended', 'full_balance', 90_000n],
    ['terminated', 'full_balance', 90_000n],
  ] as const)('KR, at %s: %s', (stage, rule, toPay) => {
    expect(restorationOf(KR, { ...owed, stage })).toEqual({ toPay, rule, enablesPayments: false })
  })

  test('a terminated line is not brought back by a lenient market', () => {
    const lenient = kr({
      dunning: { restoreAfterSuspension: 'oldest_month', restoreEnablesPayments: true },
    })
    expect(restorationOf(lenient, { ...owed, stage: 'fully_suspended' })).toEqual({
      toPay: 40_000n,
      rule: 'oldest_month',
      enablesPayments: true,
    })
    expect(restorationOf(lenient, { ...owed, stage: 'terminated' })).toEqual({
      toPay: 90_000n,
      rule: 'full_balance',
      enablesPayments: false,
    })
  })

  test('owing more in a month than at all is a bug', () => {
    const wrong = { stage: 'due', oldestMonthOwed: 2n, totalOwed: 1n } as const
    expect(() => restorationOf(KR, wrong)).toThrow('does not hold')
  })
})

test('stages are in order', () => {
  for (const [at, stage] of STAGES.entries()) {
    for (const [than, other] of STAGES.entries()) expect(isSeverer(stage, other)).toBe(at > than)
  }
})
