import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addCycles,
  addDays,
  addMonths,
  ageOn,
  billDateOf,
  compareDates,
  cycleOf,
  cycleOfDate,
  dateOf,
  daysBetween,
  dueDateOf,
  endOfCycleMs,
  monthsBetween,
  nextCycle,
  previousCycle,
  startOfCycleMs,
  startOfDayMs,
} from './calendar.ts'
import {
  JP,
  KR,
  kr,
  SANDBOX,
  someDate,
  someInstant,
  someProfile,
  someZone,
} from './profiles.fixture.ts'

const RUNS = { numRuns: 300 }

describe('days and cycles of a zone', () => {
  test('a cycle holds its instants', () => {
    fc.assert(
      fc.property(someInstant, someZone, (atMs, zone) => {
        const cycle = cycleOf(atMs, zone)
        expect(startOfCycleMs(cycle, zone)).toBeLessThanOrEqual(atMs)
        expect(endOfCycleMs(cycle, zone)).toBeGreaterThan(atMs)
      }),
      RUNS,
    )
  })

  test('cycles meet without a gap, and their last and first milliseconds are their own', () => {
    fc.assert(
      fc.property(someDate, someZone, (date, zone) => {
        const cycle = cycleOfDate(date)
        const endMs = endOfCycleMs(cycle, zone)
        expect(endMs).toBe(startOfCycleMs(nextCycle(cycle), zone))
        expect(cycleOf(endMs, zone)).toBe(nextCycle(cycle))
        expect(cycleOf(endMs - 1, zone)).toBe(cycle)
      }),
      RUNS,
    )
  })

  test('a day starts at its first millisecond, whatever the clock does', () => {
    fc.assert(
      fc.property(someInstant, someZone, (atMs, zone) => {
        const date = dateOf(atMs, zone)
        const startMs = startOfDayMs(date, zone)
        expect(startMs).toBeLessThanOrEqual(atMs)
        expect(dateOf(startMs, zone)).toBe(date)
        expect(compareDates(dateOf(startMs - 1, zone), date)).toBeLessThan(0)
      }),
      RUNS,
    )
  })

  test.each([
    ['Asia/Seoul', '2026-01-31T14:59:59.999Z', '2026-01-31'],
    ['Asia/Seoul', '2026-01-31T15:00:00.000Z', '2026-02-01'],
    ['Europe/London', '2026-03-28T23:59:59.999Z', '2026-03-28'],
    ['Europe/London', '2026-06-30T23:00:00.000Z', '2026-07-01'],
    ['Europe/Berlin', '2026-12-31T23:00:00.000Z', '2027-01-01'],
  ])('in %s %s is %s', (zone, instant, date) => {
    expect(dateOf(Date.parse(instant), zone)).toBe(date)
  })

  test('days of 23 and 25 hours, and one that starts at one o’clock', () => {
    const hours = (date: string, zone: string) =>
      (startOfDayMs(addDays(date, 1), zone) - startOfDayMs(date, zone)) / 3_600_000
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23)
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25)
    expect(hours('2026-03-29', 'Asia/Seoul')).toBe(24)
    expect(startOfDayMs('2018-11-04', 'America/Sao_Paulo')).toBe(Date.parse('2018-11-04T03:00Z'))
  })

  test('what does not exist throws', () => {
    expect(() => dateOf(0, 'Asia/Pyongchang')).toThrow(RangeError)
    expect(() => addDays('2026-02-29', 1)).toThrow(RangeError)
    expect(() => startOfCycleMs('2026-13', 'UTC')).toThrow(RangeError)
  })
})

describe('arithmetic', () => {
  test('days there and back', () => {
    fc.assert(
      fc.property(someDate, fc.integer({ min: -4_000, max: 4_000 }), (date, days) => {
        const moved = addDays(date, days)
        expect(addDays(moved, -days)).toBe(date)
        expect(daysBetween(date, moved)).toBe(days)
        expect(Math.sign(compareDates(moved, date))).toBe(Math.sign(days))
      }),
      RUNS,
    )
  })

  test('months between are the most that fit', () => {
    fc.assert(
      fc.property(someDate, someDate, (one, other) => {
        const [from, to] = compareDates(one, other) <= 0 ? [one, other] : [other, one]
        const months = monthsBetween(from, to)
        expect(compareDates(addMonths(from, months), to)).toBeLessThanOrEqual(0)
        expect(compareDates(addMonths(from, months + 1), to)).toBeGreaterThan(0)
        expect(monthsBetween(to, from) + months).toBe(0)
      }),
      RUNS,
    )
  })

  test('months keep the day, or take the last there is', () => {
    fc.assert(
      fc.property(someDate, fc.integer({ min: -60, max: 60 }), (date, months) => {
        const moved = addMonths(date, months)
        expect(cycleOfDate(moved)).toBe(addCycles(cycleOfDate(date), months))
        if (moved.slice(8) === date.slice(8)) return
        expect(cycleOfDate(addDays(moved, 1))).toBe(nextCycle(cycleOfDate(moved)))
        expect(Number(moved.slice(8))).toBeLessThan(Number(date.slice(8)))
      }),
      RUNS,
    )
  })

  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-01-31', 3, '2026-04-30'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2026-03-31', -1, '2026-02-28'],
  ])('%s and %d months is %s', (date, months, moved) => {
    expect(addMonths(date, months)).toBe(moved)
  })

  test('cycles there and back, over the year', () => {
    expect(nextCycle('2026-12')).toBe('2027-01')
    expect(previousCycle('2026-01')).toBe('2025-12')
    expect(addCycles('2026-11', -23)).toBe('2024-12')
  })
})

describe('age', () => {
  test.each([
    ['2008-11-22', '2026-11-21', 17],
    ['2008-11-22', '2026-11-22', 18],
    ['2008-02-29', '2027-02-28', 18],
    ['2008-02-29', '2027-03-01', 19],
    ['2008-02-29', '2028-02-28', 19],
    ['2008-02-29', '2028-02-29', 20],
    ['2026-11-22', '2026-11-22', 0],
    ['2026-11-22', '2026-11-21', -1],
  ])('born %s, on %s: %d', (birthdate, date, age) => {
    expect(ageOn(birthdate, date)).toBe(age)
  })

  test('one more a year, never less with time', () => {
    fc.assert(
      fc.property(someDate, fc.nat(30_000), (birthdate, days) => {
        const date = addDays(birthdate, days)
        const age = ageOn(birthdate, date)
        const grown = ageOn(birthdate, addDays(date, 1)) - age
        expect([0, 1]).toContain(grown)
        expect(age * 365).toBeLessThanOrEqual(days)
        expect((age + 1) * 366).toBeGreaterThan(days)
      }),
      RUNS,
    )
  })
})

describe('bill and due day', () => {
  test.each([
    ['2026-01', '2026-02-05', '2026-02-25'],
    ['2026-12', '2027-01-05', '2027-01-25'],
  ])('KR: used in %s, billed %s, due %s', (cycle, billed, due) => {
    expect(billDateOf(KR, cycle)).toBe(billed)
    expect(dueDateOf(KR, cycle)).toBe(due)
  })

  test('31 is the last day of every month', () => {
    const last = kr({ billing: { dueDay: 31 } })
    expect(dueDateOf(last, '2026-01')).toBe('2026-02-28')
    expect(dueDateOf(last, '2028-01')).toBe('2028-02-29')
    expect(dueDateOf(last, '2026-02')).toBe('2026-03-31')
    expect(dueDateOf(last, '2026-03')).toBe('2026-04-30')
  })

  test('a weekend moves to Monday, even into the month after', () => {
    expect(dueDateOf(SANDBOX, '2025-12')).toBe('2026-01-12')
    expect(dueDateOf(SANDBOX, '2026-04')).toBe('2026-05-11')
    expect(dueDateOf(SANDBOX, '2026-01')).toBe('2026-02-10')
    expect(dueDateOf(JP, '2026-01')).toBe('2026-03-02')
  })

  test('in the month after use, the bill before the due day', () => {
    fc.assert(
      fc.property(someProfile, someDate, (profile, date) => {
        const cycle = cycleOfDate(date)
        const billed = billDateOf(profile, cycle)
        const due = dueDateOf(profile, cycle)
        expect(cycleOfDate(billed)).toBe(nextCycle(cycle))
        expect(compareDates(billed, due)).toBeLessThan(0)
        expect(compareDates(due, dueDateOf(profile, nextCycle(cycle)))).toBeLessThan(0)
        if (profile.billing.dueOnWorkdays) {
          expect([0, 6]).not.toContain(new Date(due).getUTCDay())
          expect(daysBetween(addMonths(`${cycle}-01`, 2), due)).toBeLessThan(2)
        } else {
          expect(cycleOfDate(due)).toBe(nextCycle(cycle))
        }
      }),
      RUNS,
    )
  })
})
