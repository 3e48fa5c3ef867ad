import { accountId } from '../src/ids.ts'
import type { AccountSpec, Command, Outcome, Transfer } from '../src/model.ts'
import type { WriterEvent, WriterOptions } from '../src/runtime.ts'
import { ShardWriter } from '../src/writer.ts'
import { CommandMaker } from './commands.ts'
import { MemoryDatabase } from './memory-database.ts'
import { FAIR, MemoryStore, type Weather } from './memory-store.ts'
import { Random } from './random.ts'
import { makeSpecs } from './scenario.ts'
import { type Process, VirtualTime } from './virtual-time.ts'

const START_MS = Date.UTC(2026, 9, 31, 14, 0, 0)
/** When the weather has turned fair, everything is answered within this. */
export const PATIENCE_MS = 60_000

/** One writer in one process, until it crashes. */
export interface Host extends Process {
  readonly writer: ShardWriter
  readonly heard: Transfer[]
  readonly events: WriterEvent[]
  /** Another writer has taken the shard since. */
  readonly isStale: boolean
}

/** One call of `submit`, and what came of it. */
export interface Call {
  readonly commands: readonly Command[]
  readonly isLinked: boolean
  readonly host: Host
  readonly calledAtMs: number
  /** How many calls had been answered when this was made. */
  readonly answeredBefore: number
  outcomes: readonly Outcome[] | undefined
  answeredAtMs: number
  answeredAs: number
}

export interface ReadCall {
  readonly account: number
  readonly host: Host
  /** The newest transfer of the account that a caller knew of. */
  readonly knownSequence: number
  view: Awaited<ReturnType<ShardWriter['read']>>
}

/** When an account's overdraft or limits changed, and the first transfer that was decided after it. */
export interface Change {
  readonly account: number
  from: number
  /** False while nobody has said so, and for ever when a crash or a failure keeps it from being said. */
  isCertain: boolean
  readonly limits: AccountSpec['limits'] | null
}

/** What a seed makes of a run. */
export class Simulation {
  readonly seed: number
  readonly random: Random
  readonly time: VirtualTime
  readonly database: MemoryDatabase
  readonly weather: Weather = { ...FAIR }
  readonly options: WriterOptions
  readonly specs: readonly AccountSpec[]
  readonly calls: Call[] = []
  readonly reads: ReadCall[] = []
  readonly changes: Change[] = []
  readonly failures: string[] = []
  readonly hosts: Host[] = []
  readonly #maker: CommandMaker
  #answered = 0
  #opening = 0
  #host: Host | undefined

  constructor(seed: number) {
    this.seed = seed
    const random = new Random(seed)
    this.random = random
    this.time = new VirtualTime(random, START_MS + random.below(3) * 86_400_000)
    this.database = new MemoryDatabase(random.below(3))
    const options = {
      batchMax: random.between(1, random.pick([3, 12])),
      pipelineFrom: random.pick([1, 2, 4]),
      queueMax: 500,
      answerWithinMs: random.pick([500, 3_000]),
      checkpointEvery: random.pick([1, 5, 20, 1_000]),
      accountsMax: random.pick([1, 4, 8, 100]),
      idsRemembered: random.pick([2, 8, 1_024]),
      pageMax: [1, 3, 8_000][seed % 3]!,
    }
    this.options = options
    this.specs = makeSpecs(random, this.database.shard)
    this.database.openAccounts(this.specs)
    this.#maker = new CommandMaker(random, this)
  }

  get host(): Host | undefined {
    return this.#host
  }

  accountOf(index: number): number {
    return accountId(this.database.shard, index + 1)
  }

  /** Lives through `actions` random actions in bad weather, then waits until it has cleared up. */
  async live(actions: number): Promise<void> {
    await this.#open()
    this.#storm()
    for (let action = 0; action < actions; action++) {
      this.#act()
      const pauseMs = this.random.chance(0.5) ? 0 : this.random.below(30)
      const untilMs = this.time.nowMs + pauseMs
      await this.time.run(() => this.time.nowMs > untilMs, untilMs)
      this.time.nowMs = Math.max(this.time.nowMs, untilMs)
    }
    Object.assign(this.weather, FAIR)
    const clearedMs = this.time.nowMs
    await this.time.run(() => this.#isQuiet(), clearedMs + PATIENCE_MS)
    if (this.#host === undefined || this.#host.isStale) await this.#open()
    await this.time.run(() => this.#isQuiet(), clearedMs + 2 * PATIENCE_MS)
    if (!this.#isQuiet()) this.failures.push('a call is never answered')
    await this.until(this.#host?.writer.tick())
  }

  /** Lets time pass until `work` is done. */
  async until(work: Promise<unknown> | undefined): Promise<void> {
    let isDone = work === undefined
    const end = () => {
      isDone = true
    }
    work?.then(end, end)
    await this.time.run(() => isDone)
    if (!isDone) this.failures.push('something never ends')
  }

  #isQuiet(): boolean {
    const writer = this.#host?.writer
    if (this.#opening > 0 || writer?.mode === 'recovering') return false
    if (writer !== undefined && !writer.pipeline.isOver && writer.inFlight > 0) return false
    return this.calls.every((call) => call.outcomes !== undefined || call.host.isDead)
  }

  /** Opens another writer, however often that takes. What wrote before lives on and is stale. */
  async #open(): Promise<void> {
    let isDone = false
    this.openAnother(() => {
      isDone = true
    })
    await this.time.run(() => isDone)
  }

  openAnother(done: () => void = () => undefined): void {
    this.#opening += 1
    this.#tryToOpen().then(
      (host) => {
        this.#opening -= 1
        this.hosts.push(host)
        // Two may open at once; who took the shard first is stale from birth.
        if (this.#host === undefined || !host.isStale) this.#host = host
        done()
      },
      (error: unknown) => {
        this.failures.push(`open failed: ${String(error)}`)
        done()
      },
    )
  }

  async #tryToOpen(): Promise<Host> {
    for (;;) {
      const process: Process = { isDead: false }
      const store = new MemoryStore(this.database, this.time, this.random, this.weather, process)
      const events: WriterEvent[] = []
      try {
        const writer = await ShardWriter.open(
          store,
          this.time.runtimeFor(process),
          this.options,
          (event) => this.#note(events, event),
        )
        const host = hostOf(process, store, writer, events)
        writer.onCommitted((transfers) => host.heard.push(...transfers))
        return host
      } catch (error) {
        if (error instanceof Error && error.name === 'LedgerBug') throw error
        await this.time.sleep(10)
      }
    }
  }

  #note(events: WriterEvent[], event: WriterEvent): void {
    events.push(event)
    if (event.event === 'shard.failed') this.failures.push(`a shard stopped: ${event.reason}`)
  }

  #storm(): void {
    const { random, weather } = this
    const often = random.pick([0, 0.02, 0.1, 0.3])
    weather.lostBefore = often * random.next()
    weather.lostDuring = often * random.next()
    weather.lostAfter = often * random.next()
    weather.aborted = often * random.next()
    weather.readFails = often * random.next()
    weather.slow = often * random.next() * 0.5
  }

  #act(): void {
    const { random } = this
    const host = random.chance(0.9) ? this.#host : random.pick(this.hosts)
    if (host === undefined || host.isDead || host.writer.pipeline.isOver) {
      if (this.#opening === 0) this.openAnother()
      if (host === undefined || host.isDead) return
    }
    const draw = random.next()
    if (draw < 0.6) this.#submit(host, [this.#maker.command()], false)
    else if (draw < 0.72) this.#submit(host, this.#maker.burst(), false)
    else if (draw < 0.78) this.#submit(host, this.#maker.linked(), true)
    else if (draw < 0.86) this.#read(host)
    else if (draw < 0.89) this.time.aheadMs += random.pick([1_000, 60_000, 3_600_000, 86_400_000])
    else if (draw < 0.9) this.time.aheadMs -= 5_000
    else if (draw < 0.92) host.writer.tick().catch((error) => this.failures.push(String(error)))
    else if (draw < 0.94) host.writer.checkpoint().catch(() => false)
    else if (draw < 0.96) this.#change(host)
    else if (draw < 0.97) this.#storm()
    else if (draw < 0.985) this.#crash(host)
    else this.openAnother()
  }

  #crash(host: Host): void {
    host.isDead = true
    if (host !== this.#host) return
    this.#host = undefined
    this.openAnother()
  }

  #submit(host: Host, commands: readonly Command[], isLinked: boolean): void {
    const call: Call = {
      commands,
      isLinked,
      host,
      calledAtMs: this.time.nowMs,
      answeredBefore: this.#answered,
      outcomes: undefined,
      answeredAtMs: 0,
      answeredAs: Number.POSITIVE_INFINITY,
    }
    this.calls.push(call)
    host.writer.submit(commands, isLinked).then((outcomes) => {
      if (host.isDead) return
      call.outcomes = outcomes
      call.answeredAtMs = this.time.nowMs
      call.answeredAs = this.#answered++
      this.#maker.learn(call)
    })
  }

  #read(host: Host): void {
    const account = this.accountOf(this.random.below(this.specs.length))
    const call: ReadCall = {
      account,
      host,
      knownSequence: host.isStale ? 0 : this.#maker.newestOf(account),
      view: undefined,
    }
    host.writer.read({ type: 'read', account }).then((view) => {
      if (host.isDead) return
      call.view = view
      this.reads.push(call)
    })
  }

  /** As `Ledger.setLimits` and `Ledger.setOverdraft` do it. */
  #change(host: Host): void {
    const change = this.#maker.change()
    if (change === undefined || host.isStale || this.#opening > 0) return
    const { account, limits, overdraft } = change
    const { writer } = host
    const number = account % 2 ** 32
    if (limits === undefined) {
      this.#setOverdraft(writer, account, number, overdraft)
      return
    }
    const record: Change = { account, from: 0, isCertain: false, limits }
    this.changes.push(record)
    const done = writer.exclusively(async () => {
      const index = writer.state.windows.book.intern(limits)
      await writer.store.setLimits(number, limits)
      const slot = writer.state.slotOf(account)
      if (slot !== undefined) writer.state.accounts.setLimitsIndex(slot, index)
      record.from = writer.state.nextSequence
      // What is in flight may be taken back and be decided again under the new limits.
      const isAlone = !host.isStale && !host.isDead && this.#opening === 0
      record.isCertain = isAlone && writer.inFlight === 0
    })
    done.catch(() => undefined)
  }

  #setOverdraft(writer: ShardWriter, account: number, number: number, to: bigint | null): void {
    const done = writer.exclusively(async () => {
      await writer.store.setOverdraft(number, to)
      const slot = writer.state.slotOf(account)
      if (slot !== undefined) writer.state.accounts.setOverdraft(slot, to)
    })
    done.catch(() => undefined)
  }
}

function hostOf(
  process: Process,
  store: MemoryStore,
  writer: ShardWriter,
  events: WriterEvent[],
): Host {
  return Object.defineProperty(
    Object.assign(process, { writer, heard: [], events, isStale: false }),
    'isStale',
    { get: () => !store.isOwner },
  )
}
