import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sendingAtMs } from './notices.ts'
import { GB, KR, kr, someInstant, someProfile } from './profiles.fixture.ts'

const at = (text: string) => Date.parse(text)

test('what is written at night waits for the morning, and by day for nothing', () => {
  const sent = (text: string) => sendingAtMs(KR, at(text))
  const morning = at('2026-02-05T09:00:00+09:00')
  expect(sent('2026-02-05T00:00:00+09:00')).toBe(morning)
  expect(sent('2026-02-05T08:59:59.999+09:00')).toBe(morning)
  expect(sent('2026-02-04T21:00:00+09:00')).toBe(morning)
  for (const text of ['2026-02-05T09:00:00+09:00', '2026-02-05T20:59:59.999+09:00']) {
    expect(sent(text)).toBe(at(text))
  }
  expect(sendingAtMs(kr({ notices: { hours: null } }), at('2026-02-05T03:00:00+09:00'))).toBe(
    at('2026-02-05T03:00:00+09:00'),
  )
})

test('the morning is that of the zone, also where the clock was moved in the night', () => {
  expect(sendingAtMs(GB, at('2026-03-29T00:00:00Z'))).toBe(at('2026-03-29T08:00:00Z'))
  expect(sendingAtMs(GB, at('2026-10-25T00:00:00Z'))).toBe(at('2026-10-25T09:00:00Z'))
})

test('never sooner than written, always within the hours, and never later than the next morning', () => {
  fc.assert(
    fc.property(someProfile, someInstant, (profile, writtenMs) => {
      const sentMs = sendingAtMs(profile, writtenMs)
      expect(sentMs).toBeGreaterThanOrEqual(writtenMs)
      expect(sentMs - writtenMs).toBeLessThan(25 * 3_600_000)
      expect(sendingAtMs(profile, sentMs)).toBe(sentMs)
      const { hours, zone } = { ...profile.notices, zone: profile.zone }
      const { hour } = Temporal.Instant.fromEpochMilliseconds(sentMs).toZonedDateTimeISO(zone)
      expect(hours === null || (hour >= hours.from && hour < hours.to)).toBe(true)
    }),
  )
})
