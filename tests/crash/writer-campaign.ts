import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrateLedger } from '@jeon/ledger'
import {
  createFreshDatabase,
  type EmbeddedPostgres,
  eraseEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@jeon/postgres'
import { freeze, thaw } from './processes.ts'
import type { Random } from './random.ts'
import type { Plan } from './writer-plan.ts'
import { startWriter, type WriterProcess } from './writer-process.ts'
import { proveWriter } from './writer-proof.ts'

/** What is broken under a ledger that works as fast as it can. */
export type WriterFault = 'writer' | 'database' | 'silence'

export interface WriterRound {
  readonly fault: WriterFault
  readonly commands: number
  readonly accepted: number
  readonly unknown: number
  readonly problems: readonly string[]
}

const recoveryMs = 20_000

/** The ledger alone, without HTTP: a process that submits to it is killed, or its PostgreSQL is. */
export class WriterCampaign {
  readonly #directory: string
  readonly #random: Random
  readonly #seed: number
  readonly #sent = new Set<string>()
  #postgres: EmbeddedPostgres
  #databaseName: string
  #databaseUrl: string
  #round = 0

  private constructor(
    directory: string,
    random: Random,
    postgres: EmbeddedPostgres,
    database: { readonly url: string; readonly name: string },
  ) {
    this.#directory = directory
    this.#random = random
    this.#seed = random.integer(0, 2 ** 31 - 1)
    this.#postgres = postgres
    this.#databaseName = database.name
    this.#databaseUrl = database.url
  }

  static async open(random: Random): Promise<WriterCampaign> {
    const directory = await mkdtemp(join(tmpdir(), 'jeon-crash-'))
    const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres') })
    const database = await createFreshDatabase(postgres.url)
    await migrateLedger(database.url)
    return new WriterCampaign(directory, random, postgres, database)
  }

  /** Load, a blow at a random moment, the end of the writer, proof. */
  async round(fault: WriterFault): Promise<WriterRound> {
    this.#round += 1
    const plan: Plan = {
      databaseUrl: this.#databaseUrl,
      seed: this.#seed,
      round: this.#round,
      baseMs: Date.now(),
    }
    const writer = await startWriter(plan)
    const problems: string[] = []
    try {
      await sleep(this.#random.integer(20, 800))
      problems.push(...(await this.#strike(fault, writer)))
    } finally {
      await writer.kill()
    }
    const { words, errors } = writer.told
    if (errors !== '') problems.push(`the writer says ${errors.slice(0, 2_000)}`)
    problems.push(...(await proveWriter(plan, words, this.#sent)))
    const count = (is: (word: string | undefined) => boolean) => words.filter(is).length
    return {
      fault,
      commands: words.length,
      accepted: count((word) => word?.includes('/') === true),
      unknown: count((word) => word === undefined || word === 'unknown'),
      problems,
    }
  }

  async close(): Promise<void> {
    await this.#postgres.stop()
    await eraseEmbeddedPostgres(join(this.#directory, 'postgres'))
    await rm(this.#directory, { recursive: true, force: true })
  }

  async #strike(fault: WriterFault, writer: WriterProcess): Promise<readonly string[]> {
    switch (fault) {
      case 'writer':
        return []
      case 'database':
        await this.#postgres.killHard()
        await sleep(this.#random.integer(0, 300))
        await this.#restart()
        return this.#recovered(writer)
      case 'silence': {
        const family = await freeze(this.#postgres.pid)
        try {
          await sleep(this.#random.integer(100, 1_500))
        } finally {
          thaw(family)
        }
        return this.#recovered(writer)
      }
    }
  }

  /** The writer goes on by itself; then some more load, so that it does not die at rest. */
  async #recovered(writer: WriterProcess): Promise<readonly string[]> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), recoveryMs)
    })
    const recovered = await Promise.race([writer.accepted().then(() => true), tooLong])
    clearTimeout(timer)
    if (!writer.isAlive()) return ['the writer did not outlive its database']
    if (!recovered) return [`the writer accepted nothing ${recoveryMs} ms after its database`]
    await sleep(this.#random.integer(0, 200))
    return []
  }

  async #restart(): Promise<void> {
    const { port } = this.#postgres
    const directory = join(this.#directory, 'postgres')
    this.#postgres = await startEmbeddedPostgres({ directory, port })
    const url = new URL(this.#postgres.url)
    url.pathname = `/${this.#databaseName}`
    this.#databaseUrl = url.href
  }
}
