/** When messages to an owner may go out. */
import type { MarketProfile } from './model.ts'

/**
 * When a message that can wait is sent: now, or else when the market's hours begin next. The days between a notice and
 * what it announces count from this instant, not from when the message was written.
 */
export function sendingAtMs(profile: MarketProfile, atMs: number): number {
  const { hours } = profile.notices
  if (hours === null) return atMs
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(profile.zone)
  if (at.hour >= hours.from && at.hour < hours.to) return atMs
  const day = at.hour < hours.from ? at.toPlainDate() : at.toPlainDate().add({ days: 1 })
  const plainTime = { hour: hours.from }
  return day.toZonedDateTime({ timeZone: profile.zone, plainTime }).epochMilliseconds
}
