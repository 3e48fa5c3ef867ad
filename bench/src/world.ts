import {
  type AccountId,
  type AccountSpec,
  Ledger,
  type Pay,
  type SpendingLimits,
} from '@jeon/ledger'
import { IdSource } from './ids.ts'

/** Unlimited in practice, yet checked at every payment: a real wallet's limits, only wider. */
export const LIMITS: SpendingLimits = {
  zone: 'Asia/Seoul',
  windows: [
    { per: 'payment', scope: { of: 'all' }, amountMax: 100_000_000n },
    { per: 'day', scope: { of: 'all' }, amountMax: 10n ** 15n },
    { per: 'month', scope: { of: 'all' }, amountMax: 10n ** 16n },
  ],
}

const FUNDS = 10n ** 12n
const ASSET = 'KRW/3'
const OPENED_AT_ONCE = 10_000
const FUNDED_AT_ONCE = 5_000

/** The accounts of one shard that take part in a measurement. */
export interface Side {
  readonly shard: number
  readonly rail: AccountId
  readonly wallets: Float64Array
  readonly merchants: Float64Array
  /** Payments each of them took part in, to be compared with what SQL says. */
  readonly paidByWallet: Uint32Array
  readonly paidToMerchant: Uint32Array
}

export interface WorldPlan {
  readonly databaseUrl: string
  readonly shards: readonly number[]
  /** In all; spread over the shards. Every shard has a stripe of every merchant. */
  readonly wallets: number
  readonly merchants: number
  readonly onProgress?: (share: number) => void
}

/** A ledger with funded wallets and merchants. */
export interface World {
  readonly databaseUrl: string
  readonly ledger: Ledger
  readonly sides: readonly Side[]
}

export function openLedger(databaseUrl: string, shards: readonly number[]): Promise<Ledger> {
  return Ledger.open({
    databaseUrl,
    shards,
    clock: Date.now,
    log: (event) => {
      if (event.event !== 'shard.opened') process.stderr.write(`${JSON.stringify(event)}\n`)
    },
  })
}

export async function createWorld(plan: WorldPlan): Promise<World> {
  const { databaseUrl, shards, merchants } = plan
  const ledger = await openLedger(databaseUrl, shards)
  const count = Math.ceil(plan.wallets / shards.length)
  const sides: Side[] = []
  for (const shard of shards) {
    const tell = (share: number) => plan.onProgress?.((sides.length + share) / shards.length)
    sides.push(await createSide(ledger, shard, { wallets: count, merchants }, tell))
  }
  return { databaseUrl, ledger, sides }
}

async function createSide(
  ledger: Ledger,
  shard: number,
  counts: { readonly wallets: number; readonly merchants: number },
  onProgress: (share: number) => void,
): Promise<Side> {
  const rest = { shard, asset: ASSET }
  const [rail] = await ledger.openAccounts([
    { ...rest, reference: 'rail', kind: 'rail', overdraft: null },
  ])
  if (rail === undefined) throw new Error('the rail has no account')
  const merchants = await openMany(ledger, counts.merchants, (index) => ({
    ...rest,
    reference: `merchant-${index}`,
    kind: 'merchant',
  }))
  const wallets = await openMany(
    ledger,
    counts.wallets,
    (index) => ({ ...rest, reference: `wallet-${index}`, kind: 'wallet', limits: LIMITS }),
    (share) => onProgress(share / 2),
  )
  await fund(ledger, rail, wallets, (share) => onProgress(0.5 + share / 2))
  return {
    shard,
    rail,
    wallets,
    merchants,
    paidByWallet: new Uint32Array(wallets.length),
    paidToMerchant: new Uint32Array(merchants.length),
  }
}

async function openMany(
  ledger: Ledger,
  count: number,
  specOf: (index: number) => AccountSpec,
  onProgress: (share: number) => void = () => undefined,
): Promise<Float64Array> {
  const ids = new Float64Array(count)
  for (let from = 0; from < count; from += OPENED_AT_ONCE) {
    const length = Math.min(OPENED_AT_ONCE, count - from)
    const specs = Array.from({ length }, (_, at) => specOf(from + at))
    ids.set(await ledger.openAccounts(specs), from)
    onProgress((from + length) / count)
  }
  return ids
}

/** A top-up for every wallet, which also brings it into the writer's memory. */
export async function fund(
  ledger: Ledger,
  rail: AccountId,
  wallets: Float64Array,
  onProgress: (share: number) => void = () => undefined,
): Promise<void> {
  const ids = new IdSource(FUNDED_AT_ONCE)
  for (let from = 0; from < wallets.length; from += FUNDED_AT_ONCE) {
    ids.refill()
    const part = wallets.subarray(from, from + FUNDED_AT_ONCE)
    const commands = Array.from(
      part,
      (credit, at): Pay => ({
        type: 'pay',
        kind: 'topup',
        id: ids.at(at),
        debit: rail,
        credit,
        amount: FUNDS,
      }),
    )
    const outcomes = await ledger.submitAll(commands)
    const refused = outcomes.find(({ ok }) => !ok)
    if (refused !== undefined) throw new Error(`a top-up was refused: ${JSON.stringify(refused)}`)
    onProgress(Math.min(1, (from + FUNDED_AT_ONCE) / wallets.length))
  }
}
