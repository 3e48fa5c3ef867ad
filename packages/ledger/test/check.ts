import type { AccountState } from '../src/accounts.ts'
import type { ScopedUse } from '../src/limits.ts'
import type { ShardState } from '../src/state.ts'
import { AnswersCheck, checkReads } from './answers-check.ts'
import { checkChain, checkOverdrafts, checkProof, PlainJournal } from './journal-check.ts'
import type { Simulation } from './simulation.ts'
import { checkWindows, type LimitsFrom } from './windows-check.ts'

/** Everything that must be true after a run, whatever happened in it. */
export async function checkRun(world: Simulation): Promise<string[]> {
  const { database } = world
  const problems = [...world.failures, ...checkChain(database)]
  const journal = new PlainJournal(database.transfers)
  problems.push(...journal.problems, ...checkProof(database), ...checkOverdrafts(database, journal))
  problems.push(...checkAllWindows(world))
  problems.push(
    ...new AnswersCheck(world).check(),
    ...checkReads(world, journal),
    ...checkHeard(world),
  )
  problems.push(...(await checkRecovery(world, journal)))
  return problems
}

function checkAllWindows(world: Simulation): string[] {
  const problems: string[] = []
  for (const [index, spec] of world.specs.entries()) {
    const account = world.accountOf(index)
    const changes = world.changes.filter((change) => change.account === account)
    if (changes.some(({ isCertain }) => !isCertain)) continue
    const history: LimitsFrom[] = [
      { from: 1, limits: spec.limits ?? null, isChanged: false },
      ...changes.map(({ from, limits }) => ({ from, limits: limits ?? null, isChanged: true })),
    ]
    const own = world.database.transfers.filter(
      ({ debit, credit }) => debit === account || credit === account,
    )
    const passed = checkWindows(account, own, history)
    problems.push(...passed.map((problem) => `account ${account}: ${problem}`))
  }
  return problems
}

/** Listeners hear of every commit of their writer once, in order, as it is in the journal. */
function checkHeard(world: Simulation): string[] {
  const problems: string[] = []
  for (const { heard } of world.hosts) {
    for (const [at, transfer] of heard.entries()) {
      const before = heard[at - 1]
      const follows = before === undefined || before.sequence + 1 === transfer.sequence
      const stored = world.database.transfers[transfer.sequence - 1]
      if (!follows || stored?.id !== transfer.id)
        problems.push(`heard ${transfer.sequence} wrongly`)
    }
  }
  return problems
}

/** Whoever opens the shard next finds what the journal says, and so does whoever opens it after that. */
async function checkRecovery(world: Simulation, journal: PlainJournal): Promise<string[]> {
  const problems: string[] = []
  const live = world.host
  if (live === undefined || live.writer.pipeline.isOver) return ['no writer is left']
  if (live.writer.mode !== 'open') return [`the writer is ${live.writer.mode}`]
  const before = snapshot(live.writer.state, world)
  problems.push(...compareWithJournal(before, world, journal))
  const openHolds = [...live.writer.state.holds.all()]
    .map(({ sequence }) => sequence)
    .sort(byNumber)
  if (openHolds.join() !== [...journal.openHolds.keys()].sort(byNumber).join()) {
    problems.push(`open holds are ${openHolds}, not ${[...journal.openHolds.keys()]}`)
  }
  const nothingChanged = world.changes.length === 0
  for (const checkpoints of [false, true]) {
    if (checkpoints) await world.until(world.host?.writer.checkpoint())
    const opened = await openFresh(world)
    const after = snapshot(opened, world)
    problems.push(...compareWithJournal(after, world, journal))
    if (nothingChanged) problems.push(...compare(before, after, `checkpoint: ${checkpoints}`))
    if (opened.holds.size !== openHolds.length) problems.push('a hold was lost on opening')
  }
  return problems
}

function byNumber(a: number, b: number): number {
  return a - b
}

async function openFresh(world: Simulation): Promise<ShardState> {
  let isDone = false
  world.openAnother(() => {
    isDone = true
  })
  await world.time.run(() => isDone)
  const { host } = world
  if (host === undefined) throw new Error('the shard cannot be opened any more')
  return host.writer.state
}

type Snapshot = ReadonlyMap<number, { state: AccountState; scoped: ReadonlyMap<string, ScopedUse> }>

function snapshot({ accounts, windows }: ShardState, world: Simulation): Snapshot {
  const taken = new Map<number, { state: AccountState; scoped: ReadonlyMap<string, ScopedUse> }>()
  for (const number of world.database.accounts.keys()) {
    const slot = accounts.slotOf(number)
    if (slot === undefined) continue
    const state = accounts.stateAt(slot, 0)
    // Uses of periods that are over are not stored: they would begin at zero anyway.
    const scoped = [...(windows.scopedOf(number) ?? [])].filter(
      ([, { key }]) => key === state.dayKey || key === state.monthKey,
    )
    taken.set(number, { state, scoped: new Map(scoped) })
  }
  return taken
}

function compareWithJournal(taken: Snapshot, world: Simulation, journal: PlainJournal): string[] {
  const problems: string[] = []
  for (const [number, { state }] of taken) {
    const plain = journal.latest(world.accountOf(number - 1))
    const fits =
      state.lastSequence === plain.sequence &&
      state.debitsPosted === plain.debitsPosted &&
      state.creditsPosted === plain.creditsPosted &&
      state.debitsPending === plain.debitsPending &&
      state.creditsPending === plain.creditsPending
    if (!fits) problems.push(`account ${number} is in memory not what the journal says`)
  }
  return problems
}

function compare(before: Snapshot, after: Snapshot, when: string): string[] {
  const problems: string[] = []
  for (const [number, one] of before) {
    const other = after.get(number)
    if (other === undefined) continue
    const a = describe(one)
    const b = describe(other)
    if (a !== b) problems.push(`account ${number} was ${a} and is ${b} when opened (${when})`)
  }
  return problems
}

function describe({
  state,
  scoped,
}: {
  state: AccountState
  scoped: ReadonlyMap<string, ScopedUse>
}): string {
  const used = [...scoped].filter(([, { amount, count }]) => amount !== 0n || count !== 0)
  used.sort(([a], [b]) => a.localeCompare(b))
  return JSON.stringify([state, used], (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}
