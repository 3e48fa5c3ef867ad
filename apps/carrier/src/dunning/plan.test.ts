import { addDays, type CalendarDate, profileAt } from '@jeon/billing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bill } from '../bills/model.ts'
import type { DunningFacts, Rung } from './model.ts'
import { planFor } from './plan.ts'

const profile = profileAt('KR', Date.UTC(2026, 0, 10))
const profileOf = () => profile
const lead = profile.notices.leadDays

function billDue(dueOn: CalendarDate, part: Partial<Bill> = {}): Bill {
  return {
    ...{
      id: `bill_${dueOn}`,
      carrier: 'kt',
      lineId: 'line_1',
      cycle: '2026-01',
      madeOn: dueOn,
      dueOn,
    },
    ...{ profileVersion: profile.version, state: 'open', missed: 0 },
    ...{ total: 10_000n, settled: 0n, owed: 10_000n, chargedOff: 0n, madeAtMs: 0 },
    ...part,
  }
}

const calm: DunningFacts = {
  ...{ lineId: 'line_1', carrier: 'kt', stage: 'active', inArrears: false },
  ...{ bills: [], steps: [], pauses: [] },
}

/** Lets the days of `runs` pass, doing on each what the plan says. */
function live(facts: DunningFacts, runs: readonly CalendarDate[]) {
  let now = facts
  const noticed = new Map<Rung, CalendarDate>()
  const done: { readonly stage: Rung; readonly on: CalendarDate }[] = []
  for (const today of runs) {
    for (const action of planFor(now, today, profileOf)) {
      if (action.do === 'miss') {
        const bills = now.bills.map((bill) => ({ ...bill, missed: action.missed }))
        now = { ...now, bills }
      } else if (action.do === 'charge_off') {
        now = { ...now, bills: now.bills.filter(({ id }) => id !== action.bill.id) }
      } else {
        const { bill, stage } = action
        const isDone = action.do === 'stage'
        const dueOn = action.do === 'notice' ? action.on : today
        if (!isDone || stage === 'notice') noticed.set(stage, today)
        if (isDone) done.push({ stage, on: today })
        const step = {
          billId: bill.id,
          stage,
          noticedOn: noticed.get(stage) ?? today,
          dueOn,
          isDone,
        }
        now = {
          ...now,
          stage: !isDone || stage === 'blocked' ? now.stage : stage,
          inArrears: now.inArrears || (isDone && stage === 'blocked'),
          steps: [...now.steps.filter((each) => each.stage !== stage), step],
        }
      }
    }
  }
  return { done, noticed }
}

function daysFrom(first: CalendarDate, count: number): CalendarDate[] {
  return Array.from({ length: count }, (_day, index) => addDays(first, index))
}

describe('the ladder', () => {
  const due = '2026-02-25'
  const facts = { ...calm, bills: [billDue(due)] }

  test('nothing happens up to and on the due date', () => {
    for (const today of daysFrom('2026-02-05', 21)) {
      expect(planFor(facts, today, profileOf)).toEqual([])
    }
  })

  test('climbs on its own days, each stage announced so many days before', () => {
    const { done, noticed } = live(facts, daysFrom(due, 100))
    const ladder = profile.dunning.ladder.map(({ stage, day }) => ({
      stage,
      on: addDays(due, day),
    }))
    expect(done).toEqual(ladder)
    for (const { stage, on } of done) {
      if (stage !== 'notice') expect(noticed.get(stage)).toBe(addDays(on, -lead))
    }
  })

  test('a jump of forty days announces first and waits', () => {
    const { done } = live(facts, daysFrom(addDays(due, 40), 4))
    expect(done.map(({ stage, on }) => [stage, on])).toEqual([
      ['notice', addDays(due, 40)],
      ['blocked', addDays(due, 40 + lead)],
      ['outgoing_suspended', addDays(due, 40 + lead)],
    ])
  })

  test('both due dates that passed are marked, and no third', () => {
    const missed = (today: CalendarDate, bill = billDue(due)) =>
      planFor({ ...calm, bills: [bill] }, today, profileOf).flatMap((action) =>
        action.do === 'miss' ? [action.missed] : [],
      )
    expect(missed(addDays(due, 1))).toEqual([1])
    expect(missed('2026-03-25', billDue(due, { missed: 1 }))).toEqual([])
    expect(missed('2026-03-26', billDue(due, { missed: 1 }))).toEqual([2])
    expect(missed('2026-04-26', billDue(due, { missed: 2 }))).toEqual([])
    expect(missed('2026-04-26')).toEqual([1, 2])
  })

  test('a pause stops everything and moves what follows by its length', () => {
    const paused = { ...facts, pauses: [{ from: addDays(due, 5), until: addDays(due, 25) }] }
    for (const today of daysFrom(addDays(due, 5), 20)) {
      expect(planFor(paused, today, profileOf)).toEqual([])
    }
    const { done } = live(paused, daysFrom(due, 130))
    const day = new Map(profile.dunning.ladder.map(({ stage, day: days }) => [stage, days]))
    expect(done).toContainEqual({ stage: 'notice', on: addDays(due, day.get('notice') ?? 0) })
    for (const stage of [
      'blocked',
      'outgoing_suspended',
      'fully_suspended',
      'terminated',
    ] as const) {
      expect(done).toContainEqual({ stage, on: addDays(due, (day.get(stage) ?? 0) + 20) })
    }
  })

  test('an announcement that a pause has outdated is made again', () => {
    const on = addDays(due, 7)
    const announced = {
      billId: `bill_${due}`,
      stage: 'blocked',
      noticedOn: addDays(on, -3),
      dueOn: on,
      isDone: false,
    } as const
    const after = {
      ...calm,
      stage: 'notice',
      bills: [billDue(due, { missed: 1 })],
      steps: [announced],
      pauses: [{ from: addDays(due, 5), until: addDays(due, 25) }],
    } as const
    const moved = addDays(on, 20)
    expect(planFor(after, addDays(moved, -2), profileOf)).toMatchObject([
      { do: 'notice', stage: 'blocked', on: addDays(moved, 1) },
    ])
  })

  test('property: whenever it runs, every stage comes after its notice, in order, once', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 })
    const pause = fc.option(fc.tuple(fc.nat(100), fc.nat(40)), { nil: undefined })
    fc.assert(
      fc.property(gaps, pause, (steps, stop) => {
        let day = 0
        const runs = steps.map((gap) => {
          day += gap
          return addDays(due, day)
        })
        const pauses = stop
          ? [{ from: addDays(due, stop[0]), until: addDays(due, stop[0] + stop[1]) }]
          : []
        const { done, noticed } = live({ ...facts, pauses }, runs)
        const order = profile.dunning.ladder.map(({ stage }) => stage)
        expect(done.map(({ stage }) => stage)).toEqual(order.slice(0, done.length))
        for (const { stage, on } of done) {
          const told = noticed.get(stage)
          expect(told).toBeDefined()
          if (stage !== 'notice') expect(addDays(told ?? on, lead) <= on).toBe(true)
        }
      }),
    )
  })
})

test('a bill that is given up leads no ladder, and the next one does', () => {
  const old = billDue('2025-06-25', { id: 'bill_old', missed: 2 })
  const newer = billDue('2026-02-25', { missed: 1 })
  const today = addDays(old.dueOn, profile.dunning.chargeOffDay)
  const at = today > newer.dueOn ? today : addDays(newer.dueOn, 1)
  const actions = planFor({ ...calm, bills: [old, newer] }, at, profileOf)
  expect(actions).toContainEqual({ do: 'charge_off', bill: old })
  expect(actions.filter((action) => action.do === 'stage')).toEqual([
    { do: 'stage', bill: newer, stage: 'notice' },
  ])
})

test('a line that was restored and owes the next month begins anew, without skipping a notice', () => {
  const bill = billDue('2026-02-25', { missed: 2 })
  const [first] = planFor({ ...calm, bills: [bill] }, '2026-04-20', profileOf)
  expect(first).toEqual({ do: 'stage', bill, stage: 'notice' })
})
