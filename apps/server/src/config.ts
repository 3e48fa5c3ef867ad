import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StartFailure } from '@jeon/postgres'
import type { Rate } from './rates.ts'
import { type Limits, sandboxLimits } from './settings.ts'

export { StartFailure }

/** What `npm start` was told, by flags first and by the environment second. */
export interface Config {
  readonly help: boolean
  readonly reset: boolean
  readonly examples: boolean
  readonly host: string
  readonly port: number
  readonly newspaperPort: number
  /** Whether the sandbox's phone companies are brought up too. */
  readonly carriers: boolean
  readonly carrierPort: number
  readonly publicUrl: string
  /** Undefined: the embedded PostgreSQL in the data directory. */
  readonly databaseUrl: string | undefined
  readonly directory: string
  readonly shards: readonly number[]
  readonly logLevel: string
  readonly limits: Limits
}

/** What a person reads for `--help`. */
export const helpText = `Starts the Jeon sandbox: database, API, wallet and line pages, three phone companies, the example newspaper.

  --port N              where the platform listens          (JEON_PORT, default 4242)
  --host ADDRESS        on which address                    (JEON_HOST, default 127.0.0.1)
  --public-url URL      how browsers reach it               (JEON_PUBLIC_URL, default http://localhost:PORT)
  --newspaper-port N    where the newspaper listens         (default 4300)
  --no-examples         without the newspaper
  --carrier-port N      where SKT, KT and LG U+ listen      (JEON_CARRIER_PORT, default 4250)
  --no-carriers         without the phone companies
  --database-url URL    a PostgreSQL of your own            (DATABASE_URL, default: an embedded one)
  --data-dir DIR        keys and the embedded database      (JEON_DATA_DIR, default .jeon)
  --shards N            ledger shards in this process       (JEON_SHARDS, default 2)
  --log-level LEVEL     debug, info, warn, error, silent    (JEON_LOG_LEVEL, default warn)
  --reset               erase the data directory first

  Requests a second: JEON_RATE_KEY, JEON_RATE_WALLET, JEON_RATE_ADDRESS; at a time: JEON_CONCURRENCY.
`

type Environment = Readonly<Record<string, string | undefined>>

/** @throws {@link StartFailure} for a flag or variable that makes no sense */
export function readConfig(parameters: readonly string[], env: Environment, cwd: string): Config {
  const flags = flagsOf(parameters)
  const port = wholeNumber(flags.port ?? env.JEON_PORT ?? '4242', '--port', 0, 65_535)
  const shards = wholeNumber(flags.shards ?? env.JEON_SHARDS ?? '2', '--shards', 1, 64)
  const databaseUrl = flags['database-url'] ?? env.DATABASE_URL
  if (databaseUrl !== undefined && databaseUrl !== '' && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new StartFailure(
      'DATABASE_URL has to begin with postgres://, for example postgres://name:password@localhost:5432/jeon.',
    )
  }
  return {
    help: flags.help === true,
    reset: flags.reset === true,
    examples: flags['no-examples'] !== true,
    host: flags.host ?? env.JEON_HOST ?? '127.0.0.1',
    port,
    newspaperPort: wholeNumber(flags['newspaper-port'] ?? '4300', '--newspaper-port', 0, 65_535),
    carriers: flags['no-carriers'] !== true,
    carrierPort: wholeNumber(
      flags['carrier-port'] ?? env.JEON_CARRIER_PORT ?? '4250',
      '--carrier-port',
      0,
      65_535,
    ),
    publicUrl: publicUrlOf(flags['public-url'] ?? env.JEON_PUBLIC_URL, port),
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
    directory: resolve(cwd, flags['data-dir'] ?? env.JEON_DATA_DIR ?? '.jeon'),
    shards: Array.from({ length: shards }, (_, shard) => shard),
    logLevel: oneOf(flags['log-level'] ?? env.JEON_LOG_LEVEL ?? 'warn', '--log-level', logLevels),
    limits: limitsOf(env),
  }
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

function flagsOf(parameters: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        help: { type: 'boolean', short: 'h' },
        reset: { type: 'boolean' },
        'no-examples': { type: 'boolean' },
        host: { type: 'string' },
        port: { type: 'string' },
        'newspaper-port': { type: 'string' },
        'no-carriers': { type: 'boolean' },
        'carrier-port': { type: 'string' },
        'public-url': { type: 'string' },
        'database-url': { type: 'string' },
        'data-dir': { type: 'string' },
        shards: { type: 'string' },
        'log-level': { type: 'string' },
      },
    })
    return values
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new StartFailure(`${sentence}; see npm start -- --help.`)
  }
}

function publicUrlOf(text: string | undefined, port: number): string {
  if (text === undefined) return `http://localhost:${port}`
  if (!URL.canParse(text) || !/^https?:\/\/[^/]+\/?$/.test(text)) {
    throw new StartFailure(
      `--public-url is ${text}; give scheme and host only, as in https://pay.example.com.`,
    )
  }
  return text.replace(/\/$/, '')
}

function limitsOf(env: Environment): Limits {
  const { perKey, perWallet, perAddress, concurrentMax } = sandboxLimits
  return {
    ...sandboxLimits,
    perKey: rateOf(env.JEON_RATE_KEY, 'JEON_RATE_KEY', perKey),
    perWallet: rateOf(env.JEON_RATE_WALLET, 'JEON_RATE_WALLET', perWallet),
    perAddress: rateOf(env.JEON_RATE_ADDRESS, 'JEON_RATE_ADDRESS', perAddress),
    concurrentMax: wholeNumber(
      env.JEON_CONCURRENCY ?? String(concurrentMax),
      'JEON_CONCURRENCY',
      1,
      1_000_000,
    ),
  }
}

function rateOf(text: string | undefined, name: string, usual: Rate): Rate {
  if (text === undefined) return usual
  const perSecond = wholeNumber(text, name, 1, 10_000_000)
  return { perSecond, burst: perSecond * 2 }
}

function wholeNumber(text: string, name: string, least: number, most: number): number {
  const number = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new StartFailure(`${name} is ${text}; give a whole number from ${least} to ${most}.`)
}

function oneOf(text: string, name: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text
  throw new StartFailure(`${name} is ${text}; choose one of ${choices.join(', ')}.`)
}
