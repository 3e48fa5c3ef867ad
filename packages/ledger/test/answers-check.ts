import { numberOf } from '../src/ids.ts'
import type { Command, Outcome, Refused, Transfer, TransferId } from '../src/model.ts'
import { expiryId } from '../src/state.ts'
import type { PlainJournal } from './journal-check.ts'
import type { Call, Simulation } from './simulation.ts'

interface Asked {
  readonly call: Call
  readonly command: Command
  readonly outcome: Outcome | undefined
}

/** Compares what callers were told with what is in the journal. */
export class AnswersCheck {
  readonly problems: string[] = []
  readonly #world: Simulation
  readonly #byId = new Map<TransferId, Asked[]>()

  constructor(world: Simulation) {
    this.#world = world
    for (const call of world.calls) {
      for (const [index, command] of call.commands.entries()) {
        const asked = { call, command, outcome: call.outcomes?.[index] }
        const others = this.#byId.get(command.id)
        if (others === undefined) this.#byId.set(command.id, [asked])
        else others.push(asked)
      }
    }
  }

  check(): string[] {
    for (const call of this.#world.calls) this.#checkCall(call)
    for (const [id, asked] of this.#byId) this.#checkId(id, asked)
    this.#checkOrigins()
    return this.problems
  }

  /** Everything in the journal was asked for by somebody who was not told that it had failed. */
  #checkOrigins(): void {
    const { database } = this.#world
    for (const transfer of database.transfers) {
      if (transfer.kind === 'expire') {
        const hold = database.transfers[transfer.origin - 1]
        if (hold === undefined || transfer.id !== expiryId(hold.id)) {
          this.problems.push(`${transfer.sequence} has no expiry's id`)
        }
        continue
      }
      const asked = this.#byId.get(transfer.id) ?? []
      const isOurs = asked.some(
        ({ outcome, command }) => !isRefused(outcome) && isDoneBy(command, transfer),
      )
      if (!isOurs) this.problems.push(`${transfer.sequence} was refused or never asked for`)
    }
  }

  #checkId(id: TransferId, asked: readonly Asked[]): void {
    const stored = this.#world.database.byId(id)
    let firsts = 0
    for (const { outcome, command } of asked) {
      if (outcome?.ok !== true) continue
      if (stored === undefined) this.problems.push(`${id} was accepted and is lost`)
      else if (!isSame(stored, outcome.transfer)) this.problems.push(`${id} was told otherwise`)
      if (!isDoneBy(command, outcome.transfer)) this.problems.push(`${id} is another command's`)
      if (!outcome.replayed) firsts += 1
    }
    if (firsts > 1) this.problems.push(`${id} was accepted ${firsts} times`)
  }

  #checkCall(call: Call): void {
    const { commands, outcomes, isLinked, host } = call
    if (outcomes === undefined) {
      if (!host.isDead) this.problems.push(`${commands[0]?.id} was never answered`)
      return
    }
    if (isLinked) this.#checkLinked(call, outcomes)
    for (const [index, outcome] of outcomes.entries()) {
      const command = commands[index]
      if (command !== undefined && isRefused(outcome)) this.#checkRefusal(call, command, outcome)
    }
  }

  #checkLinked({ commands }: Call, outcomes: readonly Outcome[]): void {
    const accepted = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.transfer] : []))
    const unknown = outcomes.filter(({ ok, ...rest }) => !ok && 'id' in rest)
    if (unknown.length > 0) {
      const stored = commands.filter(({ id }) => this.#world.database.byId(id) !== undefined)
      const isWhole = unknown.length === commands.length
      const fresh = commands.every(({ id }) => this.#byId.get(id)?.length === 1)
      if (isWhole && fresh && stored.length > 0 && stored.length < commands.length) {
        this.problems.push(`half of the group of ${commands[0]?.id} is in the journal`)
      }
      return
    }
    if (accepted.length > 0 && accepted.length < commands.length) {
      this.problems.push(`half of the group of ${commands[0]?.id} was accepted`)
    }
    const first = accepted[0]
    // Members that had been accepted before, each on its own, are replayed from where they are.
    if (first === undefined || outcomes.some((outcome) => outcome.ok && outcome.replayed)) return
    const inRow = accepted.every(({ sequence }, index) => sequence === first.sequence + index)
    if (!inRow) this.problems.push(`the group of ${commands[0]?.id} is torn apart`)
  }

  /** Refusals that would be wrong whatever the order in which things were decided. */
  #checkRefusal(call: Call, command: Command, refused: Refused): void {
    const wrong = this.#isWrong(call, command, refused)
    if (wrong) this.problems.push(`${command.type} ${command.id}: ${refused.code} ${wrong}`)
  }

  #isWrong(call: Call, command: Command, refused: Refused): string | undefined {
    switch (refused.code) {
      case 'account_not_found':
        return this.#namesNobody(command) ? undefined : 'but they exist'
      case 'asset_mismatch':
        return this.#mixesAssets(command) ? undefined : 'but the assets are the same'
      case 'hold_not_found':
        return this.#wasKnown(call, holdOf(command), 'hold')
      case 'payment_not_found':
        return this.#wasKnown(call, command.type === 'refund' ? command.payment : '')
      case 'hold_resolved':
        return this.#mayBeResolved(call, holdOf(command)) ? undefined : 'but it is open'
      case 'key_reused':
        return this.#isReused(call, command) ? undefined : 'but nobody else used it'
      case 'insufficient_funds':
        return refused.left === undefined || tooSmall(command, refused.left) ? undefined : 'enough'
      case 'capture_exceeds_hold':
      case 'refund_exceeds_payment':
        return refused.left !== undefined && tooSmall(command, refused.left) ? undefined : 'enough'
      case 'window_exceeded':
        return isWindowFull(command, refused) ? undefined : 'but there is room'
      case 'linked_failed':
        return call.isLinked ? undefined : 'without a group'
      case 'same_account':
      case 'id_malformed':
      case 'shard_unavailable':
      case 'not_refundable':
        return undefined
      default:
        return 'was not to be expected'
    }
  }

  #namesNobody(command: Command): boolean {
    if (command.type !== 'pay' && command.type !== 'hold') return false
    const { accounts } = this.#world.database
    return !accounts.has(numberOf(command.debit)) || !accounts.has(numberOf(command.credit))
  }

  #mixesAssets(command: Command): boolean {
    if (command.type !== 'pay' && command.type !== 'hold') return false
    const asset = (id: number) => this.#world.database.accounts.get(numberOf(id))?.asset
    return asset(command.debit) !== asset(command.credit)
  }

  /** Whether somebody had been told of it before this call was made. */
  #wasKnown(call: Call, id: TransferId, kind?: string): string | undefined {
    const known = this.#byId.get(id)?.some(({ call: earlier, outcome }) => {
      if (outcome?.ok !== true || earlier.answeredAs >= call.answeredBefore) return false
      return kind === undefined || outcome.transfer.kind === kind
    })
    // A writer that was overtaken refuses from what it knows.
    return known === true && !call.host.isStale ? 'but it was accepted before' : undefined
  }

  #mayBeResolved(call: Call, id: TransferId): boolean {
    const { database } = this.#world
    // A group may resolve a hold and fail as a whole; and a writer that was overtaken finds holds in
    // SQL that it has never had in memory.
    if (call.isLinked || call.host.isStale) return true
    const hold = database.byId(id)
    return database.transfers.some(({ origin }) => origin === hold?.sequence)
  }

  #isReused(call: Call, command: Command): boolean {
    const asked = this.#byId.get(command.id) ?? []
    return asked.length > 1 || call.isLinked || this.#world.database.byId(command.id) !== undefined
  }
}

function isRefused(outcome: Outcome | undefined): outcome is Refused {
  return outcome !== undefined && !outcome.ok && outcome.code !== 'unknown_outcome'
}

function holdOf(command: Command): TransferId {
  return command.type === 'capture' || command.type === 'void' ? command.hold : ''
}

function tooSmall(command: Command, left: bigint): boolean {
  if (command.type === 'void') return false
  return command.amount === undefined || command.amount > left || left === 0n
}

function isWindowFull(command: Command, { window }: Refused): boolean {
  if (window === undefined || (command.type !== 'pay' && command.type !== 'hold')) return false
  const { amountLeft, countLeft } = window
  return (amountLeft !== null && amountLeft < command.amount) || countLeft === 0
}

/** Whether a transfer is what this command asks for. */
function isDoneBy(command: Command, transfer: Transfer): boolean {
  switch (command.type) {
    case 'pay':
      return (
        transfer.kind === (command.kind ?? 'payment') &&
        isBetween(command, transfer) &&
        transfer.offer === (command.offer ?? '')
      )
    case 'hold':
      return (
        transfer.kind === 'hold' &&
        transfer.ttlS === command.ttlS &&
        isBetween(command, transfer) &&
        transfer.category === (command.category ?? '')
      )
    case 'capture':
    case 'refund':
      return (
        transfer.kind === command.type &&
        (command.amount === undefined || transfer.amount === command.amount)
      )
    case 'void':
      return transfer.kind === 'void'
  }
}

function isBetween(
  command: { readonly debit: number; readonly credit: number; readonly amount: bigint },
  transfer: Transfer,
): boolean {
  const { debit, credit, amount } = transfer
  return command.debit === debit && command.credit === credit && command.amount === amount
}

function isSame(a: Transfer, b: Transfer): boolean {
  const keys = Object.keys(a) as (keyof Transfer)[]
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

/** What readers saw was durable, and no older than what they knew. */
export function checkReads(world: Simulation, journal: PlainJournal): string[] {
  const problems: string[] = []
  for (const { account, view, knownSequence, host } of world.reads) {
    if (view === undefined || !('lastSequence' in view)) continue
    const state = journal.at(account, view.lastSequence)
    const isDurable =
      state !== undefined &&
      state.debitsPosted === view.debitsPosted &&
      state.creditsPosted === view.creditsPosted &&
      state.debitsPending === view.debitsPending &&
      state.creditsPending === view.creditsPending
    if (!isDurable) problems.push(`account ${account} was never as it was read`)
    if (view.lastSequence < knownSequence && !host.isStale) {
      problems.push(`account ${account} was read as it had been before`)
    }
  }
  return problems
}
