import { Agent, request } from 'node:http'

/** An answer, or how the connection failed; a request that has no answer may have been done. */
export type Answer =
  | {
      readonly lost: false
      readonly status: number
      readonly headers: Readonly<Record<string, string | string[] | undefined>>
      readonly json: unknown
    }
  | { readonly lost: true; readonly reason: string }

export interface Sending {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly key?: string
  readonly cookie?: string
  /** The page that asks. */
  readonly origin?: string
  readonly idempotencyKey?: string
  readonly json?: unknown
}

/** Longer than the server lets anyone wait. */
const patienceMs = 20_000

/** Sends requests, each once: nothing here repeats what failed. */
export class HttpClient {
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })

  constructor(url: string) {
    this.#url = url
  }

  send(sending: Sending): Promise<Answer> {
    const { method, path, json } = sending
    const body = json === undefined ? undefined : JSON.stringify(json)
    return new Promise((resolve) => {
      const lose = (reason: string) => resolve({ lost: true, reason })
      const outgoing = request(
        `${this.#url}${path}`,
        { method, agent: this.#agent, headers: headersOf(sending, body), timeout: patienceMs },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', (error) => lose(error.message))
          incoming.on('end', () => {
            const { statusCode: status = 0, headers } = incoming
            const read = parse(Buffer.concat(chunks).toString('utf8'))
            if (!incoming.complete || read === undefined) lose('the answer breaks off')
            else resolve({ lost: false, status, headers, json: read.json })
          })
        },
      )
      outgoing.on('error', (error) => lose(error.message))
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${patienceMs} ms`)))
      outgoing.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function headersOf(sending: Sending, body: string | undefined): Record<string, string> {
  const { key, cookie, origin, idempotencyKey } = sending
  return {
    ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
    ...(cookie === undefined ? {} : { Cookie: cookie }),
    ...(origin === undefined ? {} : { Origin: origin }),
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
    ...(body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
  }
}

function parse(text: string): { readonly json: unknown } | undefined {
  if (text === '') return { json: undefined }
  try {
    return { json: JSON.parse(text) }
  } catch {
    return undefined
  }
}
