import { createHash } from 'node:crypto'
import type { AccountId, Command, Ledger, TransferId } from '@jeon/ledger'

/**
 * What the writer process sends in one round. Commands follow from the plan and their number alone,
 * so that the one that watches knows them without being told.
 */
export interface Plan {
  readonly databaseUrl: string
  readonly seed: number
  readonly round: number
  /** When the ids pretend to have been made. Unix milliseconds. */
  readonly baseMs: number
}

export const shards = [0, 1]
/** Commands that are submitted together. */
export const groupLength = 200
/** Every so many groups go as linked ones, four commands at a time. */
export const linkedEvery = 8
export const linkedLength = 4

const walletsPerShard = 40
const merchantsPerShard = 4
/** Wallets from here on have no money: what they want is refused. */
const richWallets = 36

export interface Players {
  readonly rails: readonly AccountId[]
  readonly wallets: readonly (readonly AccountId[])[]
  readonly merchants: readonly (readonly AccountId[])[]
}

/** Opens the accounts, or finds them, and fills the rich wallets once. */
export async function openPlayers(ledger: Ledger, seed: number): Promise<Players> {
  const rails: AccountId[] = []
  const wallets: AccountId[][] = []
  const merchants: AccountId[][] = []
  for (const shard of shards) {
    const asset = 'KRW/3'
    const named = (kind: 'wallet' | 'merchant', count: number) =>
      Array.from({ length: count }, (_, index) => ({
        shard,
        reference: `${kind}-${index}`,
        asset,
        kind,
      }))
    rails.push(
      ...(await ledger.openAccounts([
        { shard, reference: 'rail', asset, kind: 'rail', overdraft: null },
      ])),
    )
    wallets.push(await ledger.openAccounts(named('wallet', walletsPerShard)))
    merchants.push(await ledger.openAccounts(named('merchant', merchantsPerShard)))
  }
  const players = { rails, wallets, merchants }
  await ledger.submitAll(topupsOf(players, seed))
  return players
}

/** The money that the rich wallets begin with. */
export function topupsOf({ rails, wallets }: Players, seed: number): Command[] {
  return wallets.flatMap((ofShard, shard) =>
    ofShard.slice(0, richWallets).map((credit, index) => ({
      type: 'pay' as const,
      kind: 'topup' as const,
      id: hashOf(`topup ${seed} ${shard} ${index}`),
      debit: rails[shard] ?? 0,
      credit,
      amount: 1_000_000_000n,
    })),
  )
}

/** Whether the group that a command belongs to is submitted as linked ones. */
export function isLinked(index: number): boolean {
  return Math.floor(index / groupLength) % linkedEvery === linkedEvery - 1
}

/** The command of that number. */
export function commandAt(plan: Plan, players: Players, index: number): Command {
  const dice = diceOf(plan, index)
  // The members of a linked group have to be in one shard.
  const first = isLinked(index) ? index - (index % linkedLength) : index
  const shard = diceOf(plan, first).shard
  const id = idAt(plan, index)
  if (!isLinked(index) && dice.verb >= 80) {
    const wanted = dice.verb >= 92 ? 'pay' : 'hold'
    const target = targetOf(plan, index, shard, wanted)
    const amount = dice.amount % 2 === 0 ? {} : { amount: BigInt(dice.amount) }
    if (target !== undefined) {
      if (wanted === 'pay') return { type: 'refund', id, payment: target, shard, ...amount }
      return dice.verb >= 88
        ? { type: 'void', id, hold: target, shard }
        : { type: 'capture', id, hold: target, shard, ...amount }
    }
  }
  const sides = {
    id,
    debit: players.wallets[shard]?.[dice.wallet] ?? 0,
    credit: players.merchants[shard]?.[dice.merchant] ?? 0,
    amount: BigInt(dice.amount),
    reference: `${plan.round}/${index}`,
  }
  return isHold(dice.verb) ? { type: 'hold', ttlS: 3_600, ...sides } : { type: 'pay', ...sides }
}

function isHold(verb: number): boolean {
  return verb >= 70 && verb < 80
}

/** An earlier command of the same shard that can be resolved or given back. */
function targetOf(
  plan: Plan,
  index: number,
  shard: number,
  wanted: 'pay' | 'hold',
): TransferId | undefined {
  const least = Math.max(0, index - 600)
  for (let before = index - 1 - (index % 97); before >= least; before -= 1) {
    const dice = diceOf(plan, before)
    if (isLinked(before) || dice.shard !== shard) continue
    if (wanted === 'hold' ? isHold(dice.verb) : dice.verb < 70) return idAt(plan, before)
  }
  return undefined
}

interface Dice {
  readonly shard: number
  readonly verb: number
  readonly wallet: number
  readonly merchant: number
  readonly amount: number
}

function diceOf({ seed, round }: Plan, index: number): Dice {
  const bits = mix(mix(seed ^ Math.imul(round, 0x9e3779b1)) ^ index)
  const more = mix(bits)
  return {
    shard: bits & 1,
    verb: (bits >>> 1) % 100,
    wallet: (bits >>> 8) % walletsPerShard,
    merchant: (more >>> 3) % merchantsPerShard,
    amount: 1 + ((more >>> 8) % 5_000),
  }
}

function mix(number: number): number {
  let mixed = (number + 0x6d2b79f5) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** Mostly UUIDv7, as clients make them; some without a time, which have to be looked up in SQL. */
export function idAt({ seed, round, baseMs }: Plan, index: number): TransferId {
  const hash = hashOf(`${seed} ${round} ${index}`)
  if (index % 5 === 0) return hash
  const time = (baseMs + Math.floor(index / groupLength)).toString(16).padStart(12, '0')
  return `${time}7${hash.slice(13, 16)}8${hash.slice(17)}`
}

function hashOf(text: string): TransferId {
  const hash = createHash('sha256').update(text).digest('hex')
  return `${hash.slice(0, 12)}8${hash.slice(13, 16)}8${hash.slice(17, 32)}`
}
