import { dateOf } from '@jeon/billing'
import type { TestClock } from '@jeon/clock'
import { Ledger, migrateLedger } from '@jeon/ledger'
import type { Hono } from 'hono'
import type pg from 'pg'
import { createApp } from './app.ts'
import { type BillParts, createBills, createCoreNeeds } from './bills.ts'
import { type CarrierSettings, createCarriers, KOREAN_CARRIERS } from './carriers.ts'
import { openClock } from './clock.ts'
import { type Core, createCore } from './core.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { createOutside, type Outside } from './http.ts'
import { closeServer, createListener, listen } from './listener.ts'
import { LiveHub } from './live/hub.ts'
import { createLog, type Log } from './log.ts'
import { migrateCarrier } from './migrate.ts'
import type { Carrier, CarrierId } from './model.ts'
import { createSandbox } from './sandbox/routes.ts'
import { seedLines } from './sandbox/seed.ts'
import { seedHistory } from './sandbox/seed-history.ts'
import { SandboxTime, startTicker } from './sandbox/time.ts'
import { createClientSecret, sandboxClientId } from './secret.ts'
import { createSelfcare } from './selfcare/service.ts'

export interface CarrierOptions {
  /** A database of the carriers' own: their schemas are `ledger` and `carrier`. */
  readonly databaseUrl: string
  /** How others reach this program; issuers and CAMARA paths lie below it. (Default: http://localhost:4250) */
  readonly publicUrl?: string
  /** The machine's time, Unix milliseconds. (Default: the machine's) */
  readonly machineMs?: () => number
  /** (Default: warnings, to standard error) */
  readonly log?: Log
  /** Which carriers. (Default: SKT, KT and LG U+) */
  readonly carriers?: readonly CarrierSettings[]
  /** Of the client `jeon-platform`. (Default: a new one, which `clientSecret` of the answer tells) */
  readonly clientSecret?: string
  /** Where the platform may have owners sent back. (Default: the platform's callback on port 4242) */
  readonly redirectUris?: readonly string[]
  /**
   * What is there at the start: `none`; `lines`: the lines of the table of magic numbers; `all`: also the past of those
   * in arrears, for which an empty sandbox lives through two months. (Default: all)
   */
  readonly seed?: 'none' | 'lines' | 'all'
  /** How often due work is looked for; 0: never, somebody else calls `tick`. (Default: 1,000) */
  readonly tickEveryMs?: number
  /** (Default: 15,000) */
  readonly heartbeatMs?: number
  /** Told of each step of the start. */
  readonly onStep?: (step: string) => void
}

/** The carriers, running. */
export interface Carriers {
  /** For `app.request()` in tests. The OpenID providers answer over a socket alone. */
  readonly app: Hono
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly core: Core
  readonly bills: BillParts
  readonly outside: Outside
  readonly ledger: Ledger
  readonly pool: pg.Pool
  readonly clock: TestClock
  /** Moves the clock and does what falls due on the way. */
  readonly time: SandboxTime
  readonly clientId: string
  readonly clientSecret: string
  /** Does what is due now. */
  tick(): Promise<void>
  /** @returns the port */
  listen(port: number, host?: string): Promise<number>
  /** Ends what is under way in good order. */
  close(): Promise<void>
}

/** Brings the carriers up over their database: tables, ledger, what a crash left open, lines, and what is due. */
export async function openCarriers(options: CarrierOptions): Promise<Carriers> {
  const log = options.log ?? createLog({ level: 'warn' })
  const machineMs = options.machineMs ?? (() => Date.now())
  options.onStep?.('tables')
  await migrateLedger(options.databaseUrl)
  await migrateCarrier(options.databaseUrl)
  const database = openDatabase(options.databaseUrl)
  let ledger: Ledger | undefined
  try {
    const carriers = createCarriers(options.carriers ?? KOREAN_CARRIERS)
    const clock = await openClock(database.pool, machineMs)
    options.onStep?.('ledger')
    ledger = await Ledger.open({
      databaseUrl: options.databaseUrl,
      shards: [...carriers.values()].map(({ shard }) => shard),
      clock: () => clock.now(),
      wallClock: machineMs,
      log: ({ event, ...facts }) => log.info(event, facts),
    })
    return await assemble(options, { log, machineMs, database, carriers, clock, ledger })
  } catch (error) {
    await ledger?.close()
    await database.close()
    throw error
  }
}

interface Opened {
  readonly log: Log
  readonly machineMs: () => number
  readonly database: OpenDatabase
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly clock: TestClock
  readonly ledger: Ledger
}

async function assemble(options: CarrierOptions, opened: Opened): Promise<Carriers> {
  const { log, machineMs, carriers, clock, ledger } = opened
  const { pool } = opened.database
  const publicUrl = (options.publicUrl ?? 'http://localhost:4250').replace(/\/+$/, '')
  const hub = new LiveHub(
    options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs },
  )
  const parts = { pool, clock, carriers, ledger, log, changes: hub, publicUrl }
  const needs = createCoreNeeds(parts)
  const core = createCore({ ...parts, ...needs, database: opened.database.database })
  await core.resolve()
  const bills = createBills({ ...parts, core }, needs)
  await bills.resolve()
  const outside = await createOutside({ ...parts, core, outbox: needs.outbox })
  const clientSecret = options.clientSecret ?? createClientSecret()
  await saveClient(outside, { ...options, clientSecret }, carriers.values())
  const time = new SandboxTime({
    clock,
    machineMs,
    agenda: dueWork(bills, ledger),
    followers: [
      () => outside.runDue(),
      daily(clock, () => outside.purge()),
      newDays(clock, carriers, () => hub.tellNewDay(clock.now())),
    ],
  })
  options.onStep?.('lines')
  const seeding = { core, carriers, pool, nowMs: () => clock.now(), clock, time, machineMs }
  if ((options.seed ?? 'all') === 'all') await seedHistory(seeding)
  if (options.seed !== 'none') await seedLines(seeding)
  const inbox = (number: string, limit: number) => needs.outbox.inbox(number, limit)
  const app = createApp({
    selfcare: createSelfcare({ ...parts, ...bills, ...outside, core, hub }),
    outside: outside.hono,
    sandbox: createSandbox({
      ...{ ...parts, core, time, inbox, clients: outside.clients },
      ...{ disputes: bills.disputes, relief: bills.relief },
      failing: () => failingPart(opened),
    }),
    ...{ log, publicUrl },
  })
  return serve(options, opened, { app, core, bills, outside, time, hub, clientSecret })
}

interface Assembled
  extends Pick<Carriers, 'app' | 'core' | 'bills' | 'outside' | 'time' | 'clientSecret'> {
  readonly hub: LiveHub
}

/** The server that does not listen yet, the ticker that runs, and the way to end both. */
function serve(
  { tickEveryMs: everyMs = 1_000 }: CarrierOptions,
  { carriers, clock, ledger, database, log }: Opened,
  { hub, ...assembled }: Assembled,
): Carriers {
  const { app, core, outside, time } = assembled
  const server = createListener({ app, handleOpenid: outside.handleOpenid })
  const ticker = everyMs === 0 ? undefined : startTicker(() => time.tick(), { everyMs, log })
  const close = once(async () => {
    hub.close()
    await ticker?.stop()
    await outside.close()
    await closeServer(server)
    await time.idle()
    await core.close()
    await ledger.close()
    await database.close()
    log.info('carriers.closed')
    log.flush()
  })
  return {
    ...assembled,
    ...{ carriers, clock, ledger, close, pool: database.pool },
    clientId: sandboxClientId,
    tick: () => time.tick(),
    listen: (port, host = '127.0.0.1') => listen(server, port, host),
  }
}

/** The agenda, with the ledger's own deadlines looked at first. */
function dueWork({ agenda }: BillParts, ledger: Ledger) {
  return {
    nextAt: () => agenda.nextAt(),
    async runUntil(ms: number) {
      await ledger.tick()
      await agenda.runUntil(ms)
    },
  }
}

/** Runs something when the clock shows another day than the last time. */
function daily(clock: TestClock, run: () => Promise<void>): () => Promise<void> {
  let doneOn: number | undefined
  return async () => {
    const day = Math.floor(clock.machineNow() / 86_400_000)
    if (day === doneOn) return
    await run()
    doneOn = day
  }
}

/** Runs something when it is another day at one of the carriers than the last time. */
function newDays(
  clock: TestClock,
  carriers: ReadonlyMap<CarrierId, Carrier>,
  run: () => void,
): () => Promise<void> {
  const todays = () =>
    Array.from(carriers.values(), (carrier) =>
      dateOf(clock.now(), carrier.profileAt(clock.now()).zone),
    ).join()
  let known = todays()
  return async () => {
    const now = todays()
    if (now !== known) run()
    known = now
  }
}

/** The platform as every carrier knows it; settings that were changed stay. */
async function saveClient(
  { clients }: Outside,
  options: CarrierOptions & { readonly clientSecret: string },
  carriers: Iterable<Carrier>,
): Promise<void> {
  for (const { id: carrier } of carriers) {
    const known = await clients.find(carrier, sandboxClientId)
    await clients.save({
      id: sandboxClientId,
      carrier,
      name: 'Jeon',
      contact: '02-000-0000',
      secret: options.clientSecret,
      redirectUris: options.redirectUris ?? platformCallbacks(carrier),
      jwks: known?.jwks ?? null,
      // It brings all its payers: a limit for one client would be one for everybody who tries the sandbox.
      settings: known?.settings ?? { rate: null },
    })
  }
}

function platformCallbacks(carrier: CarrierId): string[] {
  return ['localhost', '127.0.0.1'].map(
    (host) => `http://${host}:4242/v1/carriers/${carrier}/callback`,
  )
}

/** What does not work; undefined: all does. */
async function failingPart({ database, ledger }: Opened): Promise<string | undefined> {
  const answers = await database.pool.query('select 1').then(
    () => true,
    () => false,
  )
  if (!answers) return 'database'
  const isWriting = ledger.health().every(({ state }) => state === 'open')
  return isWriting ? undefined : 'ledger'
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= action()
    return done
  }
}
