import { checkPort, openServer, type PortWish, portFailure, prepareDirectory } from '@jeon/postgres'
import { type Config, StartFailure } from './config.ts'
import { createLog } from './log.ts'
import type { PageParts } from './pages.ts'
import { openPlatform, type Platform } from './platform.ts'
import type { Progress } from './progress.ts'
import { startCarriers } from './start-carriers.ts'

/** What is running, and the way to stop it. */
export interface Running {
  readonly platform: Platform
  readonly url: string
  /** Undefined with `--no-examples`. */
  readonly newspaperUrl: string | undefined
  /** Undefined with `--no-carriers`. */
  readonly carriersUrl: string | undefined
  /** Stops everything in the opposite order, the database last. */
  stop(): Promise<void>
}

/**
 * Starts everything, telling each step.
 *
 * @throws {@link StartFailure} when something can be put right by the person who started it
 */
export async function start(config: Config, progress: Progress): Promise<Running> {
  const ports = portsOf(config)
  await checkPort(ports.platform)
  if (config.examples) await checkPort(ports.newspaper)
  if (config.carriers) await checkPort(ports.carriers)
  await prepareDirectory(config, config.reset ? reset : undefined)
  const stops: (() => Promise<void>)[] = []
  const stop = once(async () => {
    for (const each of stops.reverse()) await each()
  })
  try {
    const database = await progress.step('database', (say) => openServer(config, say))
    stops.push(() => database.stop())
    const pages = await progress.step('pages', () => buildPages())
    const carriers = config.carriers
      ? await progress.step('carriers', (say) => startCarriers(config, database.url, say))
      : undefined
    if (carriers !== undefined) stops.push(carriers.stop)
    const platform = await progress.step('platform', () =>
      openPlatform({
        databaseUrl: database.url,
        carriers: carriers?.configs ?? [],
        directory: config.directory,
        publicUrl: config.publicUrl,
        shards: config.shards,
        limits: config.limits,
        merchantOrigins: ['localhost', '127.0.0.1'].map(
          (name) => `http://${name}:${config.newspaperPort}`,
        ),
        pages: pages.parts,
        log: createLog({ level: config.logLevel }),
      }),
    )
    stops.push(() => platform.close())
    await platform.listen(config.port, config.host).catch((error: unknown) => {
      throw portFailure(error, ports.platform)
    })
    const newspaperUrl = config.examples
      ? await progress.step('newspaper', () => openNewspaper(config, platform, stops))
      : undefined
    return { platform, url: config.publicUrl, newspaperUrl, carriersUrl: carriers?.url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Where each part listens, and how another port is chosen for it. */
function portsOf({ host, port, newspaperPort, carrierPort }: Config) {
  const wish = (of: number, flag: string): PortWish => {
    return { port: of, host, option: `npm start -- ${flag}` }
  }
  return {
    platform: wish(port, '--port'),
    newspaper: wish(newspaperPort, '--newspaper-port'),
    carriers: wish(carrierPort, '--carrier-port'),
  }
}

const reset = {
  files: ['keys.json', 'receipt-keys.json', 'line-key'],
  advice: '"drop schema if exists jeon, ledger cascade" and "drop database if exists jeon_carrier"',
}

/** The script for merchants' pages and the wallet page. Without one of them the API works all the same. */
async function buildPages(): Promise<{ readonly parts: PageParts }> {
  const elements = import('@jeon/elements/build')
    .then(({ buildElements }) => buildElements())
    .then(({ code }) => code)
  const web = import('@jeon/web').then(({ buildWeb }) => buildWeb()).then(({ folder }) => folder)
  const [code, folder] = await Promise.allSettled([elements, web])
  for (const outcome of [code, folder]) {
    if (outcome.status === 'rejected') {
      throw new StartFailure(
        `The pages could not be built: ${firstLine(outcome.reason)}; run npm ci and start again.`,
      )
    }
  }
  return {
    parts: {
      elements: code.status === 'fulfilled' ? code.value : undefined,
      webDirectory: folder.status === 'fulfilled' ? folder.value : undefined,
    },
  }
}

async function openNewspaper(
  config: Config,
  { keys }: Platform,
  stops: (() => Promise<void>)[],
): Promise<string> {
  const { startNewspaper } = await import('@jeon/example-newspaper')
  try {
    const newspaper = await startNewspaper({
      port: config.newspaperPort,
      host: config.host,
      server: config.publicUrl,
      merchant: keys.merchant.id,
      secretKey: keys.merchant.secret,
      pageKey: keys.merchant.page,
    })
    stops.push(() => newspaper.stop())
    return newspaper.url
  } catch (error) {
    throw portFailure(error, portsOf(config).newspaper)
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n')[0] ?? ''
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= action()
    return done
  }
}
