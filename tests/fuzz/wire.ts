import { connect } from 'node:net'

/** One HTTP request, byte by byte as it is sent. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
}

/** What came back before the connection ended. */
export type Received =
  | {
      readonly is: 'answer'
      readonly status: number
      /** Names in lower case. */
      readonly headers: ReadonlyMap<string, string>
      readonly body: string
      /** What came after the first answer. */
      readonly rest: Buffer
    }
  | { readonly is: 'nothing'; readonly reason: string }

/** Longer than the server waits for the rest of a request. */
const patienceMs = 15_000

/** The bytes of a request that asks for the connection to be closed. Header values are Latin-1. */
export function bytesOf({ method, target, headers, body }: RawRequest): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body.length > 0 ? [`Content-Length: ${body.length}`] : []),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

/** The same request for a terminal. */
export function replayOf(request: RawRequest, port: number): string {
  const { method, target, headers, body } = request
  const isPlain = /^[\x21-\x7e]+$/.test(target) && isText(body)
  if (!isPlain) {
    const base64 = bytesOf(request).toString('base64')
    return `echo ${base64} | base64 -d | nc localhost ${port}`
  }
  const parts = [
    `curl -sS -i --path-as-is -X ${method} ${quoted(`http://localhost:${port}${target}`)}`,
    ...headers.map(
      ([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`,
    ),
    ...(body.length > 0 ? [`--data-binary ${quoted(Buffer.from(body).toString('utf8'))}`] : []),
  ]
  return parts.join(' ')
}

function isText(body: Uint8Array): boolean {
  const text = Buffer.from(body).toString('utf8')
  return !text.includes('\u0000') && Buffer.from(text).equals(Buffer.from(body))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Sends pieces, each after its pause, and reads until the other side ends the connection. */
export function exchange(
  port: number,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<Received> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let failure = 'the connection was closed without an answer'
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const timer = setTimeout(() => {
      failure = `no answer in ${patienceMs} ms`
      socket.destroy()
    }, patienceMs)
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      // A live feed has no end: its head is the answer.
      if (isFeed(chunks)) socket.destroy()
    })
    socket.on('error', (error) => {
      failure = error.message
    })
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(parse(Buffer.concat(chunks), failure))
    })
    const write = async () => {
      for await (const piece of pieces) {
        if (socket.destroyed || !socket.writable) return
        socket.write(piece)
      }
    }
    socket.on('connect', () => void write())
  })
}

function isFeed(chunks: readonly Buffer[]): boolean {
  if (chunks.length > 3) return false
  const text = Buffer.concat(chunks).toString('latin1')
  return text.includes('\r\n\r\n') && /^content-type: text\/event-stream/im.test(text)
}

/** Reads the first answer in the bytes that came. */
export function parse(bytes: Buffer, failure: string): Received {
  const end = bytes.indexOf('\r\n\r\n')
  const [first = '', ...lines] = bytes.toString('latin1', 0, Math.max(end, 0)).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
  if (end < 0 || Number.isNaN(status)) return { is: 'nothing', reason: failure }
  const after = bytes.subarray(end + 4)
  if (status === 100) return parse(after, failure)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  const body = bodyOf(headers, after)
  if (body === undefined) return { is: 'nothing', reason: `the answer breaks off: ${failure}` }
  return { is: 'answer', status, headers, body: body.text, rest: body.rest }
}

function bodyOf(
  headers: ReadonlyMap<string, string>,
  bytes: Buffer,
): { readonly text: string; readonly rest: Buffer } | undefined {
  if (headers.get('transfer-encoding') !== 'chunked') {
    const length = Number(headers.get('content-length') ?? bytes.length)
    // The answer to HEAD names a length and has no body.
    if (bytes.length > 0 && bytes.length < length) return undefined
    return { text: bytes.toString('utf8', 0, length), rest: bytes.subarray(length) }
  }
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16)
    if (headers.get('content-type') === 'text/event-stream') return { text: '', rest: bytes }
    if (end < 0 || Number.isNaN(size)) return undefined
    if (size === 0) {
      return { text: Buffer.concat(parts).toString('utf8'), rest: bytes.subarray(end + 4) }
    }
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
