import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StartFailure } from '@jeon/postgres'

export { StartFailure }

/** What `npm run carrier` was told, by flags first and by the environment second. */
export interface Config {
  readonly help: boolean
  readonly reset: boolean
  readonly host: string
  readonly port: number
  readonly publicUrl: string
  /** Undefined: the embedded PostgreSQL in the data directory. */
  readonly databaseUrl: string | undefined
  readonly directory: string
  readonly logLevel: string
}

/** Where the carriers listen when nobody says otherwise. */
export const defaultPort = 4250

/** What a person reads for `--help`. */
export const helpText = `Starts the sandbox's phone companies: SKT, KT and LG U+, with their lines, CAMARA and self-care.

  --port N              where they listen                   (JEON_CARRIER_PORT, default ${defaultPort})
  --host ADDRESS        on which address                    (JEON_CARRIER_HOST, default 127.0.0.1)
  --public-url URL      how others reach them               (JEON_CARRIER_URL, default http://localhost:PORT)
  --database-url URL    a PostgreSQL database of your own   (DATABASE_URL, default: an embedded one)
  --data-dir DIR        the secret and embedded database    (JEON_CARRIER_DIR, default .jeon/carrier)
  --log-level LEVEL     debug, info, warn, error, silent    (JEON_LOG_LEVEL, default warn)
  --reset               erase the data directory first
`

type Environment = Readonly<Record<string, string | undefined>>

/** @throws {@link StartFailure} for a flag or variable that makes no sense */
export function readConfig(parameters: readonly string[], env: Environment, cwd: string): Config {
  const flags = flagsOf(parameters)
  const port = portOf(flags.port ?? env.JEON_CARRIER_PORT ?? String(defaultPort))
  const databaseUrl = flags['database-url'] ?? env.DATABASE_URL ?? ''
  if (databaseUrl !== '' && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new StartFailure(
      'DATABASE_URL has to begin with postgres://, for example postgres://name:password@localhost:5432/jeon_carrier.',
    )
  }
  return {
    help: flags.help === true,
    reset: flags.reset === true,
    host: flags.host ?? env.JEON_CARRIER_HOST ?? '127.0.0.1',
    port,
    publicUrl: publicUrlOf(flags['public-url'] ?? env.JEON_CARRIER_URL, port),
    databaseUrl: databaseUrl === '' ? undefined : databaseUrl,
    directory: resolve(cwd, flags['data-dir'] ?? env.JEON_CARRIER_DIR ?? '.jeon/carrier'),
    logLevel: levelOf(flags['log-level'] ?? env.JEON_LOG_LEVEL ?? 'warn'),
  }
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

function flagsOf(parameters: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        help: { type: 'boolean', short: 'h' },
        reset: { type: 'boolean' },
        host: { type: 'string' },
        port: { type: 'string' },
        'public-url': { type: 'string' },
        'database-url': { type: 'string' },
        'data-dir': { type: 'string' },
        'log-level': { type: 'string' },
      },
    })
    return values
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new StartFailure(`${sentence}; see npm run carrier -- --help.`)
  }
}

function publicUrlOf(text: string | undefined, port: number): string {
  if (text === undefined) return `http://localhost:${port}`
  if (!URL.canParse(text) || !/^https?:\/\/[^/]+\/?$/.test(text)) {
    throw new StartFailure(
      `--public-url is ${text}; give scheme and host only, as in https://carrier.example.com.`,
    )
  }
  return text.replace(/\/$/, '')
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new StartFailure(`--port is ${text}; give a whole number from 0 to 65535.`)
}

function levelOf(text: string): string {
  if (levels.includes(text)) return text
  throw new StartFailure(`--log-level is ${text}; choose one of ${levels.join(', ')}.`)
}
