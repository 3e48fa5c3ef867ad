import {
  type MarketProfile,
  overriddenProfile,
  type ProfilePatch,
  profileOfVersion,
  registerProfile,
  startOfDayMs,
  UnknownMarket,
  versionsOf,
} from '@jeon/billing'
import type { Carrier, CarrierId } from './model.ts'

/** A carrier as it is set up. */
export interface CarrierSettings {
  readonly id: CarrierId
  readonly name: string
  readonly contact: string
  /** A market that is shipped: `KR`, `sandbox`, … */
  readonly market: string
  /** The ledger shard that keeps its accounts; no two carriers share one. */
  readonly shard: number
  /** Its own settings over each version of the market's rules. (Default: none) */
  readonly patch?: (profile: MarketProfile) => ProfilePatch
}

/**
 * The three Korean carriers. Where they differ, and from where that is known: `notices` and contact are theirs; minors
 * (inews24.com/view/wrlted/1750711 [B]); blocked after 10 days at SKT and 7 at the others (prepaidnow.tistory.com [C]);
 * an unblock that takes effect the next day at SKT [C]; SKT's ceiling two months later (Money Today 2020-05-17 [B]).
 */
export const KOREAN_CARRIERS: readonly CarrierSettings[] = [
  {
    id: 'skt',
    name: 'SKT',
    contact: '1600-0523',
    market: 'KR',
    shard: 0,
    patch: (profile) => ({
      notices: { objectionContact: '1600-0523' },
      limits: {
        regulatory: profile.limits.regulatory.map((step) =>
          step.from === '2020-04-01' ? { ...step, from: '2020-06-01' } : step,
        ),
        ...minorsUpTo(profile, '300000'),
      },
      dunning: {
        ladder: profile.dunning.ladder.map((step) =>
          step.stage === 'blocked' ? { ...step, day: 10 } : step,
        ),
      },
      blocks: { unblock: { coolingOffHours: 24 } },
    }),
  },
  {
    id: 'kt',
    name: 'KT',
    contact: '100',
    market: 'KR',
    shard: 1,
    patch: (profile) => ({
      notices: { objectionContact: '100' },
      limits: minorsUpTo(profile, '100000'),
    }),
  },
  {
    id: 'lgu',
    name: 'LG U+',
    contact: '101',
    market: 'KR',
    shard: 2,
    patch: (profile) => ({
      notices: { objectionContact: '101' },
      limits: minorsUpTo(profile, '300000'),
    }),
  },
]

/** A carrier of the fictional market in which every feature can be tried. */
export const SANDBOX_CARRIER: CarrierSettings = {
  id: 'sandbox',
  name: 'Sandbox Telecom',
  contact: '+82-2-0000-0000',
  market: 'sandbox',
  shard: 3,
}

/**
 * Sets carriers up and registers their profiles, so that payments made under them can be read for ever.
 *
 * @throws InvalidProfile for settings that contradict the market's rules, RangeError for a shard or id used twice
 */
export function createCarriers(
  settings: readonly CarrierSettings[] = KOREAN_CARRIERS,
): ReadonlyMap<CarrierId, Carrier> {
  const carriers = new Map(settings.map((one) => [one.id, createCarrier(one)]))
  const shards = new Set(settings.map(({ shard }) => shard))
  if (carriers.size < settings.length || shards.size < settings.length) {
    throw new RangeError('every carrier has an id and a shard of its own')
  }
  return carriers
}

function createCarrier({ id, name, contact, market, shard, patch }: CarrierSettings): Carrier {
  const versions = versionsOf(market).map((version) => {
    const profile = overriddenProfile(version, id, patch?.(version) ?? {})
    registerProfile(profile)
    return { profile, fromMs: startOfDayMs(profile.effectiveFrom, profile.zone) }
  })
  return {
    id,
    name,
    contact,
    shard,
    profileAt(ms) {
      const inForce = versions.findLast(({ fromMs }) => fromMs <= ms)
      if (inForce !== undefined) return inForce.profile
      throw new UnknownMarket(`${market} had no rules at ${new Date(ms).toISOString()}`)
    },
    profileOf(version) {
      const profile = profileOfVersion(version)
      if (profile !== undefined) return profile
      throw new UnknownMarket(`there is no profile ${version}`)
    },
  }
}

/** What those who are not of age may spend at most; nothing changes where they may spend nothing. */
function minorsUpTo(
  profile: MarketProfile,
  month: string,
): NonNullable<Pick<ProfilePatch, 'limits'>['limits']> {
  const { adultAge } = profile.eligibility
  return {
    tiers: profile.limits.tiers.map((tier) =>
      tier.ageTo < adultAge
        ? { ...tier, ceiling: { transaction: month, day: month, month } }
        : tier,
    ),
  }
}
