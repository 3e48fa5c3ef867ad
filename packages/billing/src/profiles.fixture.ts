import fc from 'fast-check'
import type { CalendarDate, MarketProfile } from './model.ts'
import type { ProfilePatch } from './patch.ts'
import { markets, overriddenProfile, profileOfVersion, versionsOf } from './profiles.ts'

/** The one in force since September 2025. */
export const KR = versionOrThrow('KR-2025-09-15')
export const JP = versionOrThrow('JP-2022-04-01')
export const GB = versionOrThrow('GB-2025-02-01')
export const EU = versionOrThrow('EU-2018-01-13')
export const SANDBOX = versionOrThrow('sandbox-2020-01-01')

export const everyProfile: readonly MarketProfile[] = markets().flatMap(versionsOf)

export function kr(patch: ProfilePatch): MarketProfile {
  return overriddenProfile(KR, 'test', patch)
}

/** The zones of the profiles, and some where days are strange: moved at midnight, by half an hour, a day left out. */
export const zones: readonly string[] = [
  ...new Set(everyProfile.map(({ zone }) => zone)),
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'UTC',
]

/** Whole won in the ledger’s smallest unit, thousandths. */
export const won = (text: number) => BigInt(text) * 1_000n

export const someProfile = fc.constantFrom(...everyProfile)
export const someZone = fc.constantFrom(...zones)

/** 2000 to 2039, month ends and leap days often. */
export const someDate: fc.Arbitrary<CalendarDate> = fc.oneof(
  fc.integer({ min: 0, max: 40 * 365 }).map((days) => dateFrom(2000, 1, 1, days)),
  fc
    .record({ year: year(), month: fc.integer({ min: 1, max: 12 }) })
    .map(({ year, month }) => dateFrom(year, month + 1, 1, -1)),
  fc.record({ year: year() }).map(({ year }) => dateFrom(year, 3, 1, -1)),
)

/** 2005 to 2039, often within a second of a day's turn somewhere. */
export const someInstant = fc.oneof(
  fc.integer({ min: Date.UTC(2005), max: Date.UTC(2039) }),
  fc
    .record({
      half: fc.integer({ min: Date.UTC(2005) / 1_800_000, max: Date.UTC(2039) / 1_800_000 }),
      by: fc.integer({ min: -1_000, max: 1_000 }),
    })
    .map(({ half, by }) => half * 1_800_000 + by),
)

function year() {
  return fc.integer({ min: 2000, max: 2039 })
}

function dateFrom(year: number, month: number, day: number, plusDays: number): CalendarDate {
  return new Date(Date.UTC(year, month - 1, day + plusDays)).toISOString().slice(0, 10)
}

function versionOrThrow(version: string): MarketProfile {
  const profile = profileOfVersion(version)
  if (profile === undefined) throw new Error(`no ${version}`)
  return profile
}
