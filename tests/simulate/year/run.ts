import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFreshDatabase, eraseEmbeddedPostgres, startEmbeddedPostgres } from '@jeon/postgres'
import { simulateYear, type YearResult } from './year.ts'

export interface RunOptions {
  readonly lines: number
  readonly seed: number
  readonly months: number
  /** Where the result is written for programs. (Default: nowhere) */
  readonly jsonFile?: string | undefined
  readonly say: (text: string) => void
}

/** Simulates on a PostgreSQL of its own, which is gone afterwards. @returns the exit status: 1 for anything that did not hold */
export async function runYear({ jsonFile, ...options }: RunOptions): Promise<0 | 1> {
  const directory = await mkdtemp(join(tmpdir(), 'jeon-simulate-'))
  const postgres = join(directory, 'postgres')
  try {
    const server = await startEmbeddedPostgres({ directory: postgres })
    try {
      const database = await createFreshDatabase(server.url)
      const result = await simulateYear({ ...options, databaseUrl: database.url })
      if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(result, null, 2)}\n`)
      tell(result, options.say)
      return result.complaints.length === 0 ? 0 : 1
    } finally {
      await server.stop()
    }
  } finally {
    await eraseEmbeddedPostgres(postgres)
    await rm(directory, { recursive: true, force: true })
  }
}

function tell(result: YearResult, say: (text: string) => void): void {
  const { tally, money, complaints } = result
  say('')
  for (const [name, times] of Object.entries(tally)) {
    say(`  ${times.toLocaleString('en-US').padStart(10)}  ${name}`)
  }
  say('')
  for (const [name, won] of Object.entries(money)) {
    const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    say(`  ${Number(won).toLocaleString('en-US').padStart(16)} won ${words}`)
  }
  say(
    `\n  seed ${result.seed}: ${result.lines} lines, ${result.days} days, ${result.transfers.toLocaleString('en-US')} transfers, ${result.limitsChecked.toLocaleString('en-US')} decisions held against their limits, ${result.tookS} s`,
  )
  if (complaints.length === 0) say('  every invariant held on every day')
  for (const complaint of complaints) say(`  BROKEN  ${complaint}`)
}
