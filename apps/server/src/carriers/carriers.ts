import { randomBytes, randomUUID } from 'node:crypto'
import { assetOfProfile, type MarketProfile, profileAt } from '@jeon/billing'
import { type CamaraClient, createCamaraClient, createTokens, type Tokens } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { Asset } from '@jeon/money'
import type { CarrierConfig } from './model.ts'

/** A carrier as the platform uses it. */
export interface Carrier {
  readonly id: string
  readonly name: string
  readonly apiRoot: string
  readonly issuer: string
  readonly camara: CamaraClient
  readonly tokens: Tokens
  /** The market's rules that hold at an instant. */
  profileAt(atMs: number): MarketProfile
  /** In what it bills. */
  readonly asset: Asset
  /** How long one call may take, in milliseconds. */
  readonly timeoutMs: number
}

/** The carriers that this platform may charge through, by id, in the order they were told. */
export type Carriers = ReadonlyMap<string, Carrier>

/** How long one call may take when nothing else is said, in milliseconds. */
const timeoutDefaultMs = 10_000

/**
 * @param fetch - how they are reached; tests answer themselves
 * @throws TypeError for an address that is none, RangeError for an unknown market
 */
export function createCarriers(
  configs: readonly CarrierConfig[],
  clock: Clock,
  fetch: typeof globalThis.fetch,
): Carriers {
  return new Map(configs.map((config) => [config.id, carrierOf(config, clock, fetch)]))
}

function carrierOf(config: CarrierConfig, clock: Clock, fetch: typeof globalThis.fetch): Carrier {
  const { id, name, apiRoot, issuer, clientId, clientSecret } = config
  const { market = 'KR', timeoutMs = timeoutDefaultMs } = config
  // Tokens live by the machine's clock, which is the only one that a carrier and a platform share.
  const now = () => clock.machineNow()
  const tokens = createTokens({
    ...{ issuer, clientId, clientSecret, fetch, timeoutMs, now },
    randomBytes: (length) => randomBytes(length),
  })
  const newCorrelator = () => randomUUID()
  const camara = createCamaraClient({ apiRoot, tokens, fetch, timeoutMs, now, newCorrelator })
  return {
    ...{ id, name, apiRoot: apiRoot.replace(/\/+$/, ''), issuer: issuer.replace(/\/+$/, '') },
    ...{ camara, tokens, timeoutMs },
    profileAt: (atMs) => profileAt(market, atMs),
    asset: assetOfProfile(profileAt(market, clock.now())),
  }
}
