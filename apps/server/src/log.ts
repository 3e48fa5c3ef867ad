import { type DestinationStream, destination, type Logger, pino } from 'pino'
import type { Endpoint } from './endpoint.ts'
import type { RequestHead } from './request.ts'

/** What the platform writes down about itself: lines of JSON, and never a secret. */
export interface Log {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void
  failure(error: unknown, endpoint: Endpoint | undefined, requestId: string): void
  /** One line a request, at level debug. */
  request(
    head: RequestHead,
    endpoint: Endpoint,
    status: number,
    tookMs: number,
    requestId: string,
  ): void
  flush(): void
}

export interface LogOptions {
  /** (Default: 'info') */
  readonly level?: string
  /** Where the lines go. (Default: standard error, written in the background) */
  readonly stream?: DestinationStream
}

export function createLog(options: LogOptions = {}): Log {
  const level = options.level ?? 'info'
  const stream = options.stream ?? destination({ dest: 2, sync: false, minLength: 4096 })
  const logger = pino(
    { level, base: null, redact: { paths: [...redacted], censor: '[secret]' } },
    stream,
  )
  const debugs = logger.isLevelEnabled('debug')
  return {
    info: (event, facts) => logger.info({ ...facts, event }),
    warn: (event, facts) => logger.warn({ ...facts, event }),
    failure(error, endpoint, requestId) {
      const route = endpoint === undefined ? undefined : `${endpoint.method} ${endpoint.path}`
      logger.error({ event: 'request.failed', request_id: requestId, route, ...describe(error) })
    },
    request(head, endpoint, status, tookMs, requestId) {
      if (!debugs) return
      logger.debug({
        event: 'request.answered',
        request_id: requestId,
        method: head.method,
        // The route and not the address: addresses carry ids and cursors.
        route: endpoint.path,
        status,
        took_ms: Math.round(tookMs * 1000) / 1000,
      })
    },
    flush: () => flush(logger),
  }
}

/** Members that hold secrets, wherever they turn up near the top of a line. */
const redacted = [
  'authorization',
  'cookie',
  'token',
  'key',
  'secret',
  'password',
  'databaseUrl',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

const secretsInText =
  /\b((?:sk|pk|op|ws)_test_)[0-9A-Za-z]+|(postgres(?:ql)?:\/\/[^:@/\s]*):[^@\s]*@/g

/** Hides keys, tokens and database passwords in a text. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(
    secretsInText,
    (_whole, key: string | undefined, url: string | undefined) =>
      key === undefined ? `${url ?? ''}:[secret]@` : `${key}[secret]`,
  )
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: withoutSecrets(String(error)) }
  return {
    error: withoutSecrets(error.message),
    stack: withoutSecrets(error.stack ?? ''),
    ...('code' in error ? { code: error.code } : {}),
  }
}

function flush(logger: Logger): void {
  logger.flush()
}
