import {
  checkPort,
  ensureDatabase,
  openServer,
  type PortWish,
  portFailure,
  prepareDirectory,
} from '@jeon/postgres'
import type { Config } from './config.ts'
import { createLog } from './log.ts'
import { type Carriers, openCarriers } from './program.ts'
import { clientSecretIn } from './secret.ts'

/** What is running, and the way to stop it. */
export interface Running {
  readonly carriers: Carriers
  readonly url: string
  readonly clientSecret: string
  /** Stops everything in the opposite order, the database last. */
  stop(): Promise<void>
}

/** The name of the carriers' own database in a PostgreSQL that is shared. */
export const carrierDatabase = 'jeon_carrier'

/**
 * Starts the carriers by themselves, telling each step.
 *
 * @throws {@link StartFailure} when something can be put right by the person who started it
 */
export async function start(config: Config, say: (step: string) => void): Promise<Running> {
  const wish: PortWish = {
    port: config.port,
    host: config.host,
    option: 'npm run carrier -- --port',
  }
  await checkPort(wish)
  await prepareDirectory(config, config.reset ? reset : undefined)
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each()
  }
  try {
    say('database')
    const server = await openServer(config, say)
    stops.push(() => server.stop())
    const databaseUrl = config.databaseUrl ?? (await carrierDatabaseOn(server.url))
    say('carriers')
    const clientSecret = await clientSecretIn(config.directory)
    const carriers = await openCarriers({
      databaseUrl,
      publicUrl: config.publicUrl,
      clientSecret,
      log: createLog({ level: config.logLevel }),
      onStep: say,
    })
    stops.push(() => carriers.close())
    await carriers.listen(config.port, config.host).catch((error: unknown) => {
      throw portFailure(error, wish)
    })
    return { carriers, url: config.publicUrl, clientSecret, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * The carriers' own database on a server that others use too, made when it is not there.
 *
 * @param serverUrl - of any database of that server
 */
export function carrierDatabaseOn(serverUrl: string): Promise<string> {
  return ensureDatabase(serverUrl, carrierDatabase)
}

const reset = { files: [], advice: '"drop schema if exists carrier, ledger cascade"' }
