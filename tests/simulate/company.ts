import type { MarketProfile } from '@jeon/billing'
import { TestClock } from '@jeon/clock'
import { Ledger, migrateLedger } from '@jeon/ledger'
import type pg from 'pg'
import { type BillParts, createBills, createCoreNeeds } from '../../apps/carrier/src/bills.ts'
import { type CarrierSettings, createCarriers } from '../../apps/carrier/src/carriers.ts'
import { type Core, createCore } from '../../apps/carrier/src/core.ts'
import { openDatabase } from '../../apps/carrier/src/database.ts'
import { createLog } from '../../apps/carrier/src/log.ts'
import { migrateCarrier } from '../../apps/carrier/src/migrate.ts'
import type { Carrier, CarrierId, Line } from '../../apps/carrier/src/model.ts'

/** The carriers without HTTP, on a clock that only the simulation moves. */
export interface Company {
  readonly core: Core
  readonly services: BillParts
  readonly ledger: Ledger
  readonly pool: pg.Pool
  readonly clock: TestClock
  readonly zone: string
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  /** Throws when there is no such line. */
  line(id: string): Promise<Line>
  profileOf(line: Line): MarketProfile
  /** Lets time pass, with everything that falls due on the way. */
  advance(toMs: number): Promise<void>
  close(): Promise<void>
}

export interface CompanyOptions {
  readonly databaseUrl: string
  readonly startMs: number
  /** (Default: the three of Korea) */
  readonly carriers?: readonly CarrierSettings[]
}

/** Opens the carriers on an empty database. */
export async function openCompany(options: CompanyOptions): Promise<Company> {
  const { databaseUrl, startMs } = options
  await migrateLedger(databaseUrl)
  await migrateCarrier(databaseUrl)
  const { database, pool, close: closeDatabase } = openDatabase(databaseUrl)
  // Ids tell their time; in a simulation that time is the simulated one.
  const clock: TestClock = new TestClock({
    machineMs: () => simulated.ms,
    position: { offsetMs: 0, frozenAtMs: null },
    save: async () => undefined,
  })
  const simulated = { ms: startMs }
  const carriers = createCarriers(options.carriers)
  const ledger = await Ledger.open({
    databaseUrl,
    shards: Array.from(carriers.values(), ({ shard }) => shard),
    clock: () => clock.now(),
    wallClock: () => clock.machineNow(),
  })
  const changes = { tell: () => undefined }
  const needs = createCoreNeeds({ pool, ledger, clock, carriers, changes })
  const log = createLog({ level: 'error' })
  const parts = { database, pool, ledger, clock, carriers, log, changes }
  const core = createCore({ ...parts, ...needs })
  const services = createBills({ ...parts, core }, needs)
  const moveTo = async (ms: number) => {
    simulated.ms = ms
  }
  const [first] = carriers.values()
  if (first === undefined) throw new Error('there are no carriers')
  return {
    core,
    services,
    ledger,
    pool,
    clock,
    zone: first.profileAt(startMs).zone,
    carriers,
    async line(id) {
      const line = await core.lines.byId(id)
      if (line === undefined) throw new Error(`there is no line ${id}`)
      return line
    },
    profileOf(line) {
      const carrier = carriers.get(line.carrier)
      if (carrier === undefined) throw new Error(`there is no carrier ${line.carrier}`)
      return carrier.profileAt(clock.now())
    },
    advance: (toMs) => services.agenda.advance(toMs, moveTo),
    async close() {
      await core.close()
      await ledger.close()
      await closeDatabase()
    },
  }
}
