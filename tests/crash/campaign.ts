import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyJournal } from '@jeon/ledger'
import {
  type EmbeddedPostgres,
  eraseEmbeddedPostgres,
  findFreePort,
  startEmbeddedPostgres,
} from '@jeon/postgres'
import { compareBalances } from './balances.ts'
import { Book } from './book.ts'
import { HttpClient } from './http.ts'
import { Journal } from './journal.ts'
import { type Load, startLoad } from './load.ts'
import { freeze, thaw } from './processes.ts'
import type { Random } from './random.ts'
import { resolve } from './resolve.ts'
import { type ServerProcess, startServer } from './server.ts'
import { makeWorld, type World } from './world.ts'

/** What is broken under load. `freeze` stops PostgreSQL for longer than callers are let wait. */
export type Fault = 'server' | 'postgres' | 'both' | 'freeze'

/** What one round did and found. */
export interface Round {
  readonly fault: Fault
  readonly requests: number
  readonly accepted: number
  readonly unknown: number
  /** Empty when all is well. */
  readonly problems: readonly string[]
}

const clients = 12
const walletCount = 24
/** Once PostgreSQL is there again, the server takes payments again within this time. */
const recoveryMs = 20_000

/**
 * The real server on a PostgreSQL of its own, both of which are killed again and again while
 * clients pay; after each time everything is compared with what the clients were told.
 */
export class Campaign {
  readonly #directory: string
  readonly #port: number
  readonly #random: Random
  readonly #book = new Book()
  readonly #journal = new Journal()
  #postgres: EmbeddedPostgres
  #server: ServerProcess
  #http: HttpClient
  #world: World

  private constructor(
    directory: string,
    port: number,
    random: Random,
    postgres: EmbeddedPostgres,
    server: ServerProcess,
    http: HttpClient,
    world: World,
  ) {
    this.#directory = directory
    this.#port = port
    this.#random = random
    this.#postgres = postgres
    this.#server = server
    this.#http = http
    this.#world = world
  }

  static async open(random: Random): Promise<Campaign> {
    const directory = await mkdtemp(join(tmpdir(), 'jeon-crash-'))
    const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres') })
    const port = await findFreePort()
    const data = join(directory, 'data')
    const server = await startServer({ port, directory: data, databaseUrl: postgres.url })
    const http = new HttpClient(server.url)
    const world = await makeWorld(http, data, walletCount)
    const campaign = new Campaign(directory, port, random, postgres, server, http, world)
    await campaign.#journal.skip(postgres.url)
    return campaign
  }

  /** Load, a blow at a random moment, recovery, proof. */
  async round(fault: Fault): Promise<Round> {
    this.#book.recent = []
    const load = startLoad({
      book: this.#book,
      http: this.#http,
      world: this.#world,
      random: this.#random,
      clients,
    })
    await sleep(this.#random.integer(20, 800))
    const problems = await this.#strike(fault, load)
    const { recent } = this.#book
    const count = (state: string) => recent.filter((intent) => intent.state === state).length
    const counts = { accepted: count('accepted'), unknown: count('unknown') }
    problems.push(...load.strange, ...(await this.#prove()))
    return { fault, requests: recent.length, ...counts, problems }
  }

  /** Stops everything in good order and removes it. */
  async close(): Promise<readonly string[]> {
    const code = await this.#server.stop()
    this.#http.close()
    const report = await verifyJournal(this.#postgres.url)
    await this.#postgres.stop()
    await eraseEmbeddedPostgres(join(this.#directory, 'postgres'))
    await rm(this.#directory, { recursive: true, force: true })
    return [...report.problems, ...(code === 0 ? [] : [`the server stopped with code ${code}`])]
  }

  /** For a failure in the middle: leaves nothing running. */
  async abandon(): Promise<void> {
    await this.#server.kill()
    await this.#postgres.stop()
    this.#http.close()
    await eraseEmbeddedPostgres(join(this.#directory, 'postgres'))
    await rm(this.#directory, { recursive: true, force: true })
  }

  async #strike(fault: Fault, load: Load): Promise<string[]> {
    switch (fault) {
      case 'server':
        await this.#server.kill()
        await load.stop()
        await this.#startServer()
        return []
      case 'both':
        await Promise.all(
          this.#random.chance(0.5)
            ? [this.#server.kill(), this.#postgres.killHard()]
            : [this.#postgres.killHard(), this.#server.kill()],
        )
        await load.stop()
        await this.#startPostgres()
        await this.#startServer()
        return []
      case 'postgres':
        await this.#postgres.killHard()
        await sleep(this.#random.integer(0, 500))
        await this.#startPostgres()
        return this.#outlived(load)
      case 'freeze': {
        const family = await freeze(this.#postgres.pid)
        try {
          await sleep(this.#random.integer(5_500, 7_500))
        } finally {
          thaw(family)
        }
        return this.#outlived(load)
      }
    }
  }

  /** The server went on without its database: it must recover, and must have answered everyone. */
  async #outlived(load: Load): Promise<string[]> {
    const problems: string[] = []
    const deadline = performance.now() + recoveryMs
    while (!(await this.#isReady())) {
      if (performance.now() > deadline) {
        problems.push(`the server was not ready ${recoveryMs} ms after its database`)
        break
      }
      await sleep(50)
    }
    await load.stop()
    problems.push(...load.lost.map((request) => `without an answer: ${request}`))
    if (!this.#server.isAlive()) {
      problems.unshift(`the server has ended: ${this.#server.output().slice(-2_000)}`)
      await this.#startServer()
    }
    return problems
  }

  async #isReady(): Promise<boolean> {
    const answer = await this.#http.send({ method: 'GET', path: '/readyz' })
    return !answer.lost && answer.status === 200
  }

  async #prove(): Promise<readonly string[]> {
    const parts = {
      book: this.#book,
      http: this.#http,
      world: this.#world,
      random: this.#random,
    }
    const resolved = await resolve(parts)
    const balances = await compareBalances(this.#book, this.#http, this.#world)
    const journal = await this.#journal.compare(this.#postgres.url, this.#book)
    const report = await verifyJournal(this.#postgres.url)
    return [...resolved, ...balances, ...journal, ...report.problems]
  }

  async #startPostgres(): Promise<void> {
    const directory = join(this.#directory, 'postgres')
    this.#postgres = await startEmbeddedPostgres({ directory, port: this.#postgres.port })
  }

  async #startServer(): Promise<void> {
    this.#http.close()
    const directory = join(this.#directory, 'data')
    const databaseUrl = this.#postgres.url
    this.#server = await startServer({ port: this.#port, directory, databaseUrl })
    this.#http = new HttpClient(this.#server.url)
  }
}
