import { type DestinationStream, destination, pino } from 'pino'

/** What the carrier writes down about itself: lines of JSON, and never a secret or a payment password. */
export interface Log {
  info(event: string, facts?: Facts): void
  warn(event: string, facts?: Facts): void
  /** Something that should not have happened. */
  failure(event: string, error: unknown, facts?: Facts): void
  flush(): void
}

type Facts = Readonly<Record<string, unknown>>

export interface LogOptions {
  /** (Default: 'info') */
  readonly level?: string
  /** Where the lines go. (Default: standard error, written in the background) */
  readonly stream?: DestinationStream
}

export function createLog(options: LogOptions = {}): Log {
  const stream = options.stream ?? destination({ dest: 2, sync: false, minLength: 4096 })
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      redact: { paths: [...redacted], censor: '[secret]' },
    },
    stream,
  )
  return {
    info: (event, facts) => logger.info({ ...facts, event }),
    warn: (event, facts) => logger.warn({ ...facts, event }),
    failure: (event, error, facts) => logger.error({ ...facts, event, ...describe(error) }),
    flush: () => logger.flush(),
  }
}

/** Members that hold secrets, wherever they turn up near the top of a line. */
const redacted = [
  'authorization',
  'cookie',
  'token',
  'secret',
  'password',
  'code',
  'sms_code',
  'databaseUrl',
].flatMap((name) => [name, `*.${name}`])

const secretsInText = /(postgres(?:ql)?:\/\/[^:@/\s]*):[^@\s]*@|\bsandbox-secret-[0-9A-Za-z_-]+/g

/** Hides database passwords and client secrets in a text. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(secretsInText, (_whole, url: string | undefined) =>
    url === undefined ? 'sandbox-secret-[secret]' : `${url}:[secret]@`,
  )
}

function describe(error: unknown): Facts {
  if (!(error instanceof Error)) return { error: withoutSecrets(String(error)) }
  return {
    error: withoutSecrets(error.message),
    stack: withoutSecrets(error.stack ?? ''),
    // SQLSTATE or a system error's name: what the person who reads the line looks up.
    ...('code' in error ? { error_code: error.code } : {}),
  }
}
