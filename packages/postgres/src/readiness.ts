/**
 * Ready means: a client has connected and read something.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { damaged } from './cluster.ts'
import type { Launched } from './embedded.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { hasCode } from './files.ts'
import type { Home } from './home.ts'
import { explainEnd } from './log.ts'
import { killTree } from './processes.ts'

const POLL_MS = 25
const CONNECT_TIMEOUT_MS = 2_000
const REPORT_EVERY_MS = 5_000
/** SQLSTATE cannot_connect_now: starting up, recovering or shutting down. */
const STARTING_UP = '57P03'
/** SQLSTATEs of a password that does not fit. */
const WRONG_PASSWORD = ['28P01', '28000']

interface Waiting extends Launched {
  readonly url: string
  readonly home: Home
  /** On the clock of `performance.now()`. */
  readonly deadline: number
  readonly log: (message: string) => void
}

/**
 * Waits until the server answers; what ends or does not get ready in time becomes one sentence,
 * and nothing of it stays behind.
 */
export async function waitUntilReady(server: Waiting): Promise<void> {
  let hasEnded = false
  void server.ended.then(() => {
    hasEnded = true
  })
  let reportAt = performance.now() + REPORT_EVERY_MS
  while (!hasEnded) {
    // Whoever else has the port may well accept and say nothing: do not wait for that.
    const answer = await Promise.race([ask(server.url), server.ended.then(() => 'ended' as const)])
    if (answer === 'ready') return
    if (answer === 'wrong password') {
      await killTree(server.pid)
      throw damaged(server.home, 'its password file does not fit')
    }
    if (performance.now() > server.deadline) {
      await killTree(server.pid)
      throw new EmbeddedPostgresError(
        'timeout',
        `PostgreSQL was not ready in time; what kept it is in ${server.home.logFile}.`,
      )
    }
    if (performance.now() > reportAt) {
      reportAt += REPORT_EVERY_MS
      server.log(
        answer === 'starting up' ? 'the database is recovering' : 'the database is starting',
      )
    }
    await sleep(POLL_MS)
  }
  throw await explainEnd(server.home, server.serverLog)
}

async function ask(url: string): Promise<'ready' | 'starting up' | 'wrong password' | 'no answer'> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    // pg has closed the socket of a connection that it could not make.
    if (hasCode(error, STARTING_UP)) return 'starting up'
    return hasCode(error, ...WRONG_PASSWORD) ? 'wrong password' : 'no answer'
  }
  const isAnswered = await client.query('SELECT 1').then(
    () => true,
    () => false,
  )
  await client.end().catch(() => {})
  return isAnswered ? 'ready' : 'no answer'
}
