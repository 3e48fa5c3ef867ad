import type { AccountId, AccountSpec, Command, Transfer, TransferId } from '../src/model.ts'
import { expiryId } from '../src/state.ts'
import type { Random } from './random.ts'
import { CATEGORIES, makeLimits, OFFERS } from './scenario.ts'
import type { Call, Simulation } from './simulation.ts'

/** Makes commands that have something to do with each other: they know of holds and payments made before. */
export class CommandMaker {
  readonly #random: Random
  readonly #world: Simulation
  readonly #sent: Command[] = []
  readonly #holds: TransferId[] = []
  readonly #payments: TransferId[] = []
  readonly #newest = new Map<AccountId, number>()
  /** Half of the runs change limits, and then all zones are one: a change of zone begins a new day. */
  readonly #changesLimits: boolean

  constructor(random: Random, world: Simulation) {
    this.#random = random
    this.#world = world
    const zones = world.specs.flatMap(({ limits }) => limits?.zone ?? [])
    this.#changesLimits = random.chance(0.5) && zones.every((zone) => zone === 'UTC')
  }

  /** Remembers what was accepted, so that later commands can point at it. */
  learn(call: Call): void {
    for (const outcome of call.outcomes ?? []) {
      if (!outcome.ok) continue
      const { transfer } = outcome
      this.#seen(transfer.debit, transfer)
      this.#seen(transfer.credit, transfer)
    }
  }

  newestOf(account: AccountId): number {
    return this.#newest.get(account) ?? 0
  }

  #seen(account: AccountId, { sequence }: Transfer): void {
    this.#newest.set(account, Math.max(sequence, this.newestOf(account)))
  }

  command(): Command {
    const draw = this.#random.next()
    const command =
      draw < 0.15
        ? (this.#repeated() ?? this.#fresh())
        : draw < 0.17
          ? this.#hostile()
          : this.#fresh()
    this.#sent.push(command)
    if (command.type === 'hold') this.#holds.push(command.id)
    if (command.type === 'pay' || command.type === 'capture') this.#payments.push(command.id)
    return command
  }

  burst(): Command[] {
    return Array.from({ length: this.#random.between(2, 12) }, () => this.command())
  }

  linked(): Command[] {
    const repeated = this.#random.chance(0.2) ? this.#linkedBefore.at(-1) : undefined
    if (repeated !== undefined) return [...repeated]
    const group = Array.from({ length: this.#random.between(1, 3) }, () => this.command())
    this.#linkedBefore.push(group)
    return group
  }

  readonly #linkedBefore: (readonly Command[])[] = []

  change():
    | { account: AccountId; limits?: AccountSpec['limits'] | null; overdraft: bigint | null }
    | undefined {
    const random = this.#random
    const wallets = this.#world.specs.flatMap(({ kind }, at) => (kind === 'wallet' ? [at] : []))
    const account = this.#world.accountOf(random.pick(wallets))
    if (random.chance(0.5)) return { account, overdraft: random.pick([0n, 300n, 2_000n]) }
    if (!this.#changesLimits) return undefined
    const limits = random.chance(0.3) ? null : makeLimits(random, 'UTC')
    return { account, limits, overdraft: 0n }
  }

  /** The same again, or something else under the same id. */
  #repeated(): Command | undefined {
    const random = this.#random
    if (this.#sent.length === 0) return undefined
    const recent = this.#sent.slice(-12)
    const command = random.pick(random.chance(0.7) ? recent : this.#sent)
    if (random.chance(0.7)) return command
    return { ...this.#fresh(), id: command.id }
  }

  /** Somebody who knows how the ids of expiries are made. */
  #hostile(): Command {
    const hold = this.#holds.at(-1)
    const fresh = this.#fresh()
    return hold === undefined ? fresh : { ...fresh, id: expiryId(hold) }
  }

  #fresh(): Command {
    const random = this.#random
    const { shard } = this.#world.database
    const id = this.#id()
    const draw = random.next()
    if (draw < 0.15 && this.#holds.length > 0) {
      const hold = random.pick(this.#holds.slice(-6))
      if (random.chance(0.3)) return { type: 'void', id, hold, shard }
      const part = random.chance(0.5) ? {} : { amount: BigInt(random.between(1, 150)) }
      return { type: 'capture', id, hold, shard, ...part }
    }
    if (draw < 0.3 && this.#payments.length > 0) {
      const payment = random.pick(this.#payments.slice(-8))
      const part = random.chance(0.4) ? {} : { amount: BigInt(random.between(1, 120)) }
      return { type: 'refund', id, payment, shard, ...part }
    }
    if (draw < 0.45)
      return { ...this.#movement(id), type: 'hold', ttlS: random.pick([1, 5, 90, 4_000, 100_000]) }
    if (draw < 0.6) return { ...this.#topup(id) }
    return { ...this.#movement(id), type: 'pay' }
  }

  #topup(id: TransferId): Command {
    const { accountOf, specs } = this.#bound()
    const credit = accountOf(this.#random.between(2, specs.length - 1))
    return { type: 'pay', kind: 'topup', id, debit: accountOf(0), credit, amount: 400n }
  }

  #movement(id: TransferId) {
    const random = this.#random
    const { accountOf, specs } = this.#bound()
    const at = (kind: string) => specs.flatMap((spec, index) => (spec.kind === kind ? [index] : []))
    const anywhere = random.chance(0.05)
    const debit = anywhere ? random.below(specs.length + 1) : random.pick(at('wallet'))
    const credit = anywhere ? random.below(specs.length + 1) : random.pick(at('merchant').slice(1))
    return {
      id,
      debit: accountOf(debit),
      credit: accountOf(credit),
      amount: BigInt(random.between(1, 300)),
      category: random.pick(CATEGORIES),
      offer: random.pick(OFFERS),
    }
  }

  #bound() {
    const { specs } = this.#world
    return { specs, accountOf: (index: number) => this.#world.accountOf(index) }
  }

  /** With a time inside, mostly the right one, or without. */
  #id(): TransferId {
    const random = this.#random
    if (random.chance(0.2)) return `${random.hex(12)}4${random.hex(19)}`
    const offMs = random.chance(0.1) ? random.between(-60_000, 3_000) : 0
    const time = (this.#world.time.nowMs + offMs).toString(16).padStart(12, '0')
    return `${time}7${random.hex(19)}`
  }
}
