/** The market profiles that are shipped, how one is read from data, and how a carrier makes its own of one. */
import { compareDates, dateOf } from './calendar.ts'
import { inconsistenciesOf } from './consistency.ts'
import { EU_PROFILES } from './markets/eu.ts'
import { GB_PROFILES } from './markets/gb.ts'
import { JP_PROFILES } from './markets/jp.ts'
import { KR_PROFILES } from './markets/kr.ts'
import { SANDBOX_PROFILES } from './markets/sandbox.ts'
import type { MarketProfile } from './model.ts'
import { type ProfilePatch, patched } from './patch.ts'
import { profileSchema } from './schema.ts'

/** There is no such market, or it had no rules yet at the time asked for. */
export class UnknownMarket extends Error {
  override readonly name = 'UnknownMarket'
}

/** Data that is no profile; `issues` says where and why. */
export class InvalidProfile extends Error {
  override readonly name = 'InvalidProfile'
  readonly issues: readonly string[]

  constructor(version: string, issues: readonly string[]) {
    super(`${version}: ${issues.join('; ')}`)
    this.issues = issues
  }
}

/** What {@link parseProfile} answers. `issues` are of the form `path: complaint`. */
export type ProfileOutcome =
  | { readonly ok: true; readonly profile: MarketProfile }
  | { readonly ok: false; readonly issues: readonly string[] }

/**
 * The profile of a market in force at an instant, which is a day in the market's own zone.
 *
 * @throws UnknownMarket for a market that does not exist, or that had no rules yet
 */
export function profileAt(market: string, atMs: number): MarketProfile {
  const inForce = versionsOf(market).findLast(
    ({ effectiveFrom, zone }) => compareDates(effectiveFrom, dateOf(atMs, zone)) <= 0,
  )
  if (inForce === undefined) {
    throw new UnknownMarket(`${market} had no rules at ${new Date(atMs).toISOString()}`)
  }
  return inForce
}

/** The profile that a payment was made under; also finds registered ones. */
export function profileOfVersion(version: string): MarketProfile | undefined {
  return byVersion.get(version)
}

/** The shipped markets, in order of their names. */
export function markets(): string[] {
  return [...shipped.keys()].toSorted((one, other) => (one < other ? -1 : 1))
}

/** The shipped versions of a market, the oldest first. Throws {@link UnknownMarket}. */
export function versionsOf(market: string): MarketProfile[] {
  const versions = shipped.get(market)
  if (versions === undefined) throw new UnknownMarket(`there is no market ${market}`)
  return [...versions]
}

/** Reads a profile from data that comes from outside. Never throws. */
export function parseProfile(json: unknown): ProfileOutcome {
  const parsed = profileSchema.safeParse(json)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'profile'}: ${message}`,
    )
    return { ok: false, issues }
  }
  const issues = inconsistenciesOf(parsed.data)
  return issues.length > 0 ? { ok: false, issues } : { ok: true, profile: frozen(parsed.data) }
}

/**
 * A carrier's own settings over a profile: members of the patch replace those of the profile, lists as a whole, and
 * `undefined` takes an optional one away. The version becomes `KR-2025-09-15+skt`; {@link registerProfile} makes it
 * known to {@link profileOfVersion}.
 *
 * @param name - lower-case letters, digits and dashes
 * @throws InvalidProfile when the outcome contradicts itself
 */
export function overriddenProfile(
  profile: MarketProfile,
  name: string,
  patch: ProfilePatch,
): MarketProfile {
  const version = `${profile.market}-${profile.effectiveFrom}+${name}`
  return validProfile(version, { ...patched(profile, patch), version })
}

/**
 * Makes a profile known by its version, for the life of the program. The same rules may be registered again; other
 * rules under a version that payments may already carry are refused.
 *
 * @throws InvalidProfile for a profile that contradicts itself, or a version that is taken
 */
export function registerProfile(profile: MarketProfile): void {
  const valid = validProfile(profile.version, profile)
  const known = byVersion.get(valid.version)
  if (known !== undefined && canonical(known) !== canonical(valid)) {
    throw new InvalidProfile(valid.version, ['version: known with other rules'])
  }
  byVersion.set(valid.version, known ?? valid)
}

const shipped: ReadonlyMap<string, readonly MarketProfile[]> = new Map(
  [KR_PROFILES, JP_PROFILES, GB_PROFILES, EU_PROFILES, SANDBOX_PROFILES].map((versions) => {
    const valid = versions.map((profile) => validProfile(profile.version, profile))
    return [valid[0]?.market ?? '', valid]
  }),
)

const byVersion = new Map<string, MarketProfile>(
  [...shipped.values()].flat().map((profile) => [profile.version, profile]),
)

function validProfile(version: string, json: unknown): MarketProfile {
  const outcome = parseProfile(json)
  if (!outcome.ok) throw new InvalidProfile(version, outcome.issues)
  return outcome.profile
}

/** The schema's order of members is the same for every profile, but not that of records. */
function canonical(profile: MarketProfile): string {
  return JSON.stringify(profile, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : value,
  )
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}
