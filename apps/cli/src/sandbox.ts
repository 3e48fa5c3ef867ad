import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createJeon, type Fields, type Jeon } from '@jeon/sdk'
import { CliFailure, type Io } from './io.ts'

/** The keys of a sandbox, as its server leaves them in `.jeon/keys.json`. Any of them may be missing. */
export interface SandboxKeys {
  readonly operator: string | undefined
  readonly merchantId: string | undefined
  readonly merchantSecret: string | undefined
  readonly merchantPage: string | undefined
}

/** Where the sandbox is when nobody says. */
export const defaultServer = 'http://localhost:4242'

/** Which server: `--server`, then $JEON_SERVER, then the sandbox. */
export function serverFor(io: Io, option: string | undefined): string {
  const server = option ?? io.env.JEON_SERVER ?? defaultServer
  if (!URL.canParse(server) || !/^https?:\/\//.test(server)) {
    throw new CliFailure('server_malformed', `${server} is not an http(s) address.`, {
      hint: 'Give --server or $JEON_SERVER as http://localhost:4242.',
      exitCode: 2,
    })
  }
  return server.replace(/\/+$/, '')
}

/** A client with one key, or with none. */
export function clientFor(
  server: string,
  key: string | undefined,
  options?: { readonly timeoutMs?: number; readonly merchant?: string | undefined },
): Jeon {
  return createJeon({
    server,
    ...(key === undefined ? {} : { key }),
    ...(options?.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options?.merchant === undefined ? {} : { merchant: options.merchant }),
  })
}

export const keysPath = join('.jeon', 'keys.json')

/** The sandbox's keys; undefined when there is no such file here. */
export async function readKeys(io: Io): Promise<SandboxKeys | undefined> {
  const path = join(io.cwd, keysPath)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined
    throw new CliFailure('keys_unreadable', `${path} cannot be read.`, {
      hint: error instanceof Error ? error.message : undefined,
    })
  }
  const keys = parseKeys(text)
  if (keys !== undefined) return keys
  throw new CliFailure('keys_malformed', `${path} is not a file of keys.`, {
    hint: 'Move it away; the server writes a new one.',
    next: 'npm start',
  })
}

/** The operator's key: $JEON_OPERATOR_KEY, or the sandbox's. */
export async function operatorKey(io: Io): Promise<string> {
  const key = io.env.JEON_OPERATOR_KEY ?? (await readKeys(io))?.operator
  if (key !== undefined) return key
  throw new CliFailure('operator_key_missing', 'This needs the operator’s key.', {
    hint: `Run it where ${keysPath} is, or set $JEON_OPERATOR_KEY.`,
    next: 'jeon doctor',
  })
}

/** The merchant's key: $JEON_KEY, or the sandbox's. */
export async function merchantKey(io: Io): Promise<string> {
  const key = io.env.JEON_KEY ?? (await readKeys(io))?.merchantSecret
  if (key !== undefined) return key
  throw new CliFailure('merchant_key_missing', 'This needs a merchant’s key.', {
    hint: `Run it where ${keysPath} is, or set $JEON_KEY.`,
    next: 'jeon doctor',
  })
}

/** The `code` of a system error, such as `ENOENT`. */
export function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** A JSON object, or undefined. */
export function parseFields(text: string): Fields | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return asFields(json)
  } catch {
    return undefined
  }
}

/** The value when it is an object with fields. */
export function asFields(json: unknown): Fields | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  return Object.fromEntries(Object.entries(json))
}

/** The field when it is a string. */
export function fieldText(fields: Fields | undefined, name: string): string | undefined {
  const field = fields?.[name]
  return typeof field === 'string' ? field : undefined
}

function parseKeys(text: string): SandboxKeys | undefined {
  const fields = parseFields(text)
  if (fields === undefined) return undefined
  const merchant = asFields(fields.merchant)
  return {
    operator: fieldText(fields, 'operator'),
    merchantId: fieldText(merchant, 'id'),
    merchantSecret: fieldText(merchant, 'secret'),
    merchantPage: fieldText(merchant, 'page'),
  }
}
