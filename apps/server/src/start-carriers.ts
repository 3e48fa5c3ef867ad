import { carrierDatabaseOn, clientSecretIn, createLog, openCarriers } from '@jeon/carrier'
import { findFreePort } from '@jeon/postgres'
import type { CarrierConfig } from './carriers/model.ts'
import { type Config, StartFailure } from './config.ts'

/** The sandbox's phone companies, and how the platform reaches them. */
export interface RunningCarriers {
  readonly url: string
  readonly configs: readonly CarrierConfig[]
  stop(): Promise<void>
}

/**
 * Brings up SKT, KT and LG U+ in this process. They have a database of their own on the same server, and the platform
 * talks with them over HTTP alone, as with real ones.
 *
 * @throws {@link StartFailure}
 */
export async function startCarriers(
  config: Config,
  databaseUrl: string,
  say: (step: string) => void,
): Promise<RunningCarriers> {
  const clientSecret = await clientSecretIn(config.directory)
  // Issuers are known by their address, so it has to be fixed before anything is made.
  const port = config.carrierPort === 0 ? await findFreePort() : config.carrierPort
  const url = `http://localhost:${port}`
  const carriers = await openCarriers({
    databaseUrl: await ownDatabase(databaseUrl),
    publicUrl: url,
    clientSecret,
    log: createLog({ level: config.logLevel }),
    onStep: say,
  })
  await carriers.listen(port, config.host)
  return {
    url,
    configs: Array.from(carriers.carriers.values(), ({ id, name }) => ({
      id,
      name,
      apiRoot: `${url}/${id}`,
      issuer: `${url}/${id}`,
      clientId: carriers.clientId,
      clientSecret,
    })),
    stop: () => carriers.close(),
  }
}

async function ownDatabase(databaseUrl: string): Promise<string> {
  try {
    return await carrierDatabaseOn(databaseUrl)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartFailure(
      `The carriers' own database could not be made: ${reason}; make it with createdb jeon_carrier, or start with --no-carriers.`,
    )
  }
}
