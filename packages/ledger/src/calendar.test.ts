import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { ZoneCalendar } from './calendar.ts'

const at = (text: string) => Date.parse(text)
const ZONES = [
  'UTC',
  'Asia/Seoul',
  'America/New_York',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
]
const HOUR_MS = 3_600_000

test.each([
  // Zone, a moment, its day, and how many hours that has.
  ['Asia/Seoul', '2026-01-31T14:59:59.999Z', 20260131, 24],
  ['Asia/Seoul', '2026-01-31T15:00:00.000Z', 20260201, 24],
  ['UTC', '2028-02-29T12:00:00Z', 20280229, 24],
  ['UTC', '2026-02-28T23:59:59.999Z', 20260228, 24],
  ['America/New_York', '2026-03-08T12:00:00Z', 20260308, 23],
  ['America/New_York', '2026-11-01T12:00:00Z', 20261101, 25],
  ['Australia/Lord_Howe', '2026-04-05T00:00:00Z', 20260405, 24.5],
  // Samoa went from the 29th to the 31st of December 2011.
  ['Pacific/Apia', '2011-12-30T09:59:59.999Z', 20111229, 24],
  ['Pacific/Apia', '2011-12-30T10:00:00.000Z', 20111231, 24],
])('%s: %s is in %d, which has %d hours', (zone, moment, dayKey, hours) => {
  const day = new ZoneCalendar(zone).at(at(moment))
  expect(day.dayKey).toBe(dayKey)
  expect(day.monthKey).toBe(Math.floor(dayKey / 100))
  expect((day.dayEndMs - day.fromMs) / HOUR_MS).toBe(hours)
})

test.each([
  ['Asia/Seoul', '2026-01-31T15:00:00Z', '2026-02-28T15:00:00Z'],
  ['Asia/Seoul', '2028-01-31T15:00:00Z', '2028-02-29T15:00:00Z'],
  ['UTC', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ['America/New_York', '2026-11-01T04:00:00Z', '2026-12-01T05:00:00Z'],
  ['Pacific/Apia', '2011-12-01T10:00:00Z', '2011-12-31T10:00:00Z'],
])('%s: the month of %s ends at %s', (zone, moment, end) => {
  expect(new ZoneCalendar(zone).monthEndMs(at(moment))).toBe(at(end))
})

test('days follow each other without gap or overlap, in whatever order they are asked for', () => {
  const moments = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.array(moments, { minLength: 1, maxLength: 6 }),
      (zone, list) => {
        const calendar = new ZoneCalendar(zone)
        for (const ms of list) {
          const day = calendar.at(ms)
          expect(day.fromMs <= ms && ms < day.dayEndMs).toBe(true)
          expect(calendar.at(day.dayEndMs - 1).dayKey).toBe(day.dayKey)
          expect(calendar.at(day.dayEndMs)).toMatchObject({ fromMs: day.dayEndMs })
          expect(calendar.at(day.dayEndMs).dayKey).toBeGreaterThan(day.dayKey)
          expect(calendar.monthEndMs(ms)).toBeGreaterThanOrEqual(day.dayEndMs)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('a zone that does not exist is refused', () => {
  expect(() => new ZoneCalendar('Mars/Olympus')).toThrow(RangeError)
})

test('the end of a month is worked out once, and is the same in whatever order it is asked for', () => {
  const moments = fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2013-01-01T00:00:00Z') })
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.array(moments, { maxLength: 12 }), (zone, list) => {
      const calendar = new ZoneCalendar(zone)
      const ends = list.map((ms) => calendar.monthEndMs(ms))
      expect(ends).toEqual(list.map((ms) => new ZoneCalendar(zone).monthEndMs(ms)))
    }),
    { numRuns: 30 },
  )
  const calendar = new ZoneCalendar('Asia/Seoul')
  calendar.monthEndMs(at('2026-11-10T00:00:00Z'))
  // Whoever looks at the day of an instant takes the dashes out of a date.
  const looks = vi.spyOn(String.prototype, 'replaceAll')
  try {
    // Every account that is looked at asks for it, once for each of its windows.
    expect(calendar.monthEndMs(at('2026-11-30T14:59:59Z'))).toBe(at('2026-11-30T15:00:00Z'))
    expect(looks).not.toHaveBeenCalled()
    expect(calendar.monthEndMs(at('2026-11-30T15:00:00Z'))).toBe(at('2026-12-31T15:00:00Z'))
    expect(looks).toHaveBeenCalled()
  } finally {
    looks.mockRestore()
  }
})
