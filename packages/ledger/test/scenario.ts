import type { AccountSpec, SpendingLimits, SpendingWindow } from '../src/model.ts'
import type { Random } from './random.ts'

export const CATEGORIES = ['', 'news', 'game'] as const
export const OFFERS = ['', 'article-1', '기사 ✓'] as const
const ZONES = ['UTC', 'Asia/Seoul', 'America/New_York']

/** A few wallets, merchants and a rail in two assets, some with limits. The rail comes first. */
export function makeSpecs(random: Random, shard: number): AccountSpec[] {
  const specs: AccountSpec[] = [
    { shard, reference: 'rail', asset: 'KRW/3', kind: 'rail', overdraft: null },
    { shard, reference: 'other', asset: 'USD/6', kind: 'merchant' },
  ]
  for (let at = random.between(1, 3); at > 0; at--) {
    specs.push({ shard, reference: `merchant ${at}`, asset: 'KRW/3', kind: 'merchant' })
  }
  const zone = random.pick(ZONES)
  for (let at = random.between(1, 4); at > 0; at--) {
    const overdraft = random.pick([0n, 0n, 500n, 100_000n])
    const spec = { shard, reference: `wallet ${at}`, asset: 'KRW/3', overdraft } as const
    const limits = random.chance(0.7) ? { limits: makeLimits(random, zone) } : {}
    specs.push({ ...spec, kind: 'wallet', ...limits })
  }
  return specs
}

export function makeLimits(random: Random, zone: string): SpendingLimits {
  const windows: SpendingWindow[] = []
  for (let at = random.between(1, 3); at > 0; at--) {
    const scope = random.pick([
      { of: 'all' },
      { of: 'all' },
      { of: 'merchant' },
      { of: 'category', category: random.pick(CATEGORIES) },
      { of: 'offer', offer: random.pick(OFFERS) },
    ] as const)
    const amountMax = BigInt(random.between(50, 1_500))
    const countMax = random.between(0, 12)
    windows.push({
      per: random.pick(['payment', 'day', 'day', 'month'] as const),
      scope,
      ...(random.chance(0.8) ? { amountMax } : {}),
      ...(random.chance(0.4) ? { countMax } : {}),
    })
  }
  return { zone, windows }
}
