import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyJournal } from '@jeon/ledger'
import {
  createDatabase,
  databaseUrl,
  type EmbeddedPostgres,
  eraseEmbeddedPostgres,
  findFreePort,
  startEmbeddedPostgres,
} from '@jeon/postgres'
import pg from 'pg'
import { z } from 'zod'
import { type LineIntent, type LineLoad, startLineLoad } from './carrier-load.ts'
import { type Places, patienceMs, startCarriers, startPlatform } from './carrier-processes.ts'
import { compareLists, countOpen, ourRows, type TwoDatabases } from './carrier-proof.ts'
import { compareTold, lookAtOpen, sendAgain } from './carrier-told.ts'
import { type LineWorld, makeLineWorld } from './carrier-world.ts'
import type { Child } from './child.ts'
import { HttpClient } from './http.ts'
import { freeze, thaw } from './processes.ts'
import type { Random } from './random.ts'

/**
 * What is broken while phone bills are charged. `silence` stops the carriers for longer than the platform waits: they go
 * on afterwards with what it has given up.
 */
export type CarrierFault = 'carriers' | 'platform' | 'database' | 'all' | 'silence'

/** What one round did and found. */
export interface CarrierRound {
  readonly requests: number
  readonly accepted: number
  /** Purchases whose client was left without an answer, or with a doubtful one. */
  readonly unknown: number
  readonly problems: readonly string[]
}

const clients = 16
const walletCount = 8
/** When nothing more is asked, everything has come to its end within this time. */
const settleMs = 60_000
/** So long the platform's own workers are left alone. */
const unaidedMs = 10_000
const readyMs = 20_000

const namesOf = { platform: 'jeon_crash', carriers: 'jeon_carrier_crash' }

/** The platform, its carriers and their PostgreSQL, killed again and again while phone bills are charged. */
export class CarrierCampaign {
  readonly #places: Places
  readonly #random: Random
  readonly #http: HttpClient
  readonly #world: LineWorld
  readonly #book: LineIntent[] = []
  #postgres: EmbeddedPostgres
  #carriers: Child
  #platform: Child

  private constructor(
    places: Places,
    random: Random,
    world: LineWorld,
    http: HttpClient,
    running: { postgres: EmbeddedPostgres; carriers: Child; platform: Child },
  ) {
    this.#places = places
    this.#random = random
    this.#world = world
    this.#http = http
    this.#postgres = running.postgres
    this.#carriers = running.carriers
    this.#platform = running.platform
  }

  static async open(random: Random): Promise<CarrierCampaign> {
    const directory = await mkdtemp(join(tmpdir(), 'jeon-crash-'))
    const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres') })
    const [carriersPort, platformPort] = [await findFreePort(), await findFreePort()]
    const places: Places = { directory, carriersPort, platformPort }
    for (const name of Object.values(namesOf)) await createDatabase(postgres.url, name)
    const databases = databasesOf(postgres)
    const carriers = await startCarriers(places, databases.carriers)
    const platform = await startPlatform(places, databases.platform)
    const http = new HttpClient(`http://127.0.0.1:${platformPort}`)
    const world = await makeLineWorld(places, http, walletCount)
    return new CarrierCampaign(places, random, world, http, { postgres, carriers, platform })
  }

  /** Load, one blow after the other at random moments, recovery, proof. */
  async round(faults: readonly CarrierFault[]): Promise<CarrierRound> {
    const book: LineIntent[] = []
    const parts = { platform: this.#http, world: this.#world, random: this.#random, clients }
    const load = startLineLoad({ ...parts, book })
    const problems = await this.#strikeAll(faults, load)
    this.#book.push(...book)
    const count = (state: string) => book.filter((intent) => intent.state === state).length
    const counts = { accepted: count('accepted'), unknown: count('unknown') + count('sent') }
    problems.push(...load.strange, ...(await this.#prove()))
    return { requests: book.length, ...counts, problems }
  }

  /** What the comparison says once somebody has changed one of the databases. */
  async compareAfter(database: keyof TwoDatabases, change: string): Promise<readonly string[]> {
    const client = new pg.Client({ connectionString: this.#databases[database] })
    await client.connect()
    await client.query(change).finally(() => client.end())
    return compareLists(this.#databases)
  }

  /** Stops everything in good order and removes it. */
  async close(): Promise<readonly string[]> {
    const problems: string[] = []
    const codes = [await this.#platform.stop(), await this.#carriers.stop()]
    if (codes.some((code) => code !== 0)) problems.push(`stopped with codes ${codes.join(', ')}`)
    await this.#remove()
    return problems
  }

  /** For a failure in the middle: leaves nothing running. */
  async abandon(): Promise<void> {
    await this.#platform.kill()
    await this.#carriers.kill()
    await this.#remove()
  }

  async #remove(): Promise<void> {
    this.#http.close()
    await this.#postgres.stop()
    const { directory } = this.#places
    await eraseEmbeddedPostgres(join(directory, 'postgres'))
    await rm(directory, { recursive: true, force: true })
  }

  async #strikeAll(faults: readonly CarrierFault[], load: LineLoad): Promise<string[]> {
    const problems: string[] = []
    try {
      for (const fault of faults) {
        await sleep(this.#random.integer(200, 1_200))
        await this.#strike(fault)
        problems.push(...(await this.#ready(fault)))
      }
      await sleep(this.#random.integer(200, 600))
    } finally {
      await load.stop()
    }
    return problems
  }

  async #strike(fault: CarrierFault): Promise<void> {
    switch (fault) {
      case 'carriers':
        await this.#carriers.kill()
        await sleep(this.#random.integer(0, 500))
        this.#carriers = await startCarriers(this.#places, this.#databases.carriers)
        return
      case 'platform':
        await this.#platform.kill()
        this.#platform = await startPlatform(this.#places, this.#databases.platform)
        return
      case 'database':
        await this.#postgres.killHard()
        await sleep(this.#random.integer(0, 500))
        await this.#startPostgres()
        return
      case 'all':
        await Promise.all([this.#platform.kill(), this.#carriers.kill(), this.#postgres.killHard()])
        await this.#startPostgres()
        this.#carriers = await startCarriers(this.#places, this.#databases.carriers)
        this.#platform = await startPlatform(this.#places, this.#databases.platform)
        return
      case 'silence': {
        const family = await freeze(this.#carriers.pid)
        try {
          await sleep(patienceMs + this.#random.integer(100, 800))
        } finally {
          thaw(family)
        }
      }
    }
  }

  /** What outlived the blow has to work again by itself. */
  async #ready(fault: CarrierFault): Promise<string[]> {
    const problems: string[] = []
    const deadline = performance.now() + readyMs
    for (const [name, path] of [
      ['platform', `http://127.0.0.1:${this.#places.platformPort}/readyz`],
      ['carriers', `http://127.0.0.1:${this.#places.carriersPort}/healthz`],
    ] as const) {
      while (!(await answers(path))) {
        if (performance.now() > deadline) {
          problems.push(`the ${name} did not work ${readyMs} ms after ${fault}`)
          break
        }
        await sleep(50)
      }
    }
    for (const [name, child] of [
      ['platform', this.#platform],
      ['carriers', this.#carriers],
    ] as const) {
      if (!child.isAlive()) {
        throw new Error(`the ${name} ended by itself: ${child.output().slice(-2_000)}`)
      }
    }
    return problems
  }

  async #prove(): Promise<readonly string[]> {
    const parts = { book: this.#book, platform: this.#http, world: this.#world }
    await sendAgain(parts)
    const problems: string[] = []
    await this.#settled()
    problems.push(...(await compareTold(parts, this.#databases.platform)))
    problems.push(...(await compareLists(this.#databases)))
    problems.push(...(await this.#reconcile()))
    for (const url of Object.values(this.#databases)) {
      problems.push(...(await verifyJournal(url)).problems)
    }
    return problems
  }

  /** Waits until nothing is under way on either side, first for the platform alone, then as an impatient payer. */
  async #settled(): Promise<void> {
    const begun = performance.now()
    while ((await countOpen(this.#databases)) > 0) {
      const waitedMs = performance.now() - begun
      if (waitedMs > settleMs) return
      if (waitedMs > unaidedMs) {
        const parts = { platform: this.#http, world: this.#world }
        await lookAtOpen(parts, await ourRows(this.#databases.platform))
      }
      await sleep(waitedMs > unaidedMs ? 1_000 : 200)
    }
  }

  /** The platform's own comparison of the days with its carriers' lists. */
  async #reconcile(): Promise<readonly string[]> {
    const problems: string[] = []
    const key = this.#world.operator
    for (const day of new Set([koreanDay(Date.now() - 600_000), koreanDay(Date.now())])) {
      const answer = await this.#http.send({
        method: 'POST',
        path: '/v1/reconciliations',
        key,
        json: { day },
      })
      const found = answer.lost ? undefined : reconciledSchema.safeParse(answer.json).data
      for (const { state, breaks, open, matched } of found?.data ?? []) {
        if (state !== 'complete' || breaks + open > 0) {
          problems.push(`${day} is ${state}: ${breaks} breaks, ${open} open, ${matched} matched`)
        }
      }
      if (found === undefined) problems.push(`${day} is not reconciled: ${JSON.stringify(answer)}`)
    }
    return problems
  }

  get #databases(): TwoDatabases {
    return databasesOf(this.#postgres)
  }

  async #startPostgres(): Promise<void> {
    const directory = join(this.#places.directory, 'postgres')
    this.#postgres = await startEmbeddedPostgres({ directory, port: this.#postgres.port })
  }
}

const reconciledSchema = z.object({
  data: z.array(z.object({ state: z.string(), breaks: z.int(), open: z.int(), matched: z.int() })),
})

function databasesOf({ url }: EmbeddedPostgres): TwoDatabases {
  return {
    platform: databaseUrl(url, namesOf.platform),
    carriers: databaseUrl(url, namesOf.carriers),
  }
}

async function answers(url: string): Promise<boolean> {
  const reply = await fetch(url).catch(() => undefined)
  await reply?.body?.cancel()
  return reply?.ok === true
}

/** Korea keeps UTC+9 all year. */
function koreanDay(atMs: number): string {
  return new Date(atMs + 9 * 3_600_000).toISOString().slice(0, 10)
}
