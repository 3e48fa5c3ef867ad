import { connect, type Socket } from 'node:net'
import { percentile } from '../statistics.ts'
import type { LoadJob, LoadResult } from './job.ts'
import { requestsOf, type WireRequest } from './requests.ts'

const LATENCIES_MAX = 4_000_000
const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = /\r\ncontent-length: *(\d+)/i

/** One payment a request, one request at a time on each connection, kept alive. */
export async function sendSingles(job: LoadJob): Promise<LoadResult> {
  const run = new Run(job)
  const workers = await Promise.all(
    Array.from({ length: job.connections }, (_, index) => Worker.open(run, index)),
  )
  await run.start(workers)
  return run.result()
}

class Run {
  readonly job: LoadJob
  readonly #latencies = new Float64Array(LATENCIES_MAX)
  readonly #requestOf: (payer: string) => WireRequest
  #count = 0
  #failures = 0
  #firstFailure = ''
  #countFrom = 0
  #until = 0
  #ownMs = 0
  requestBytes = 0
  replyBytes = 0

  constructor(job: LoadJob) {
    this.job = job
    this.#requestOf = requestsOf(job)
  }

  async start(workers: readonly Worker[]): Promise<void> {
    const { warmUpMs, seconds } = this.job
    this.#countFrom = performance.now() + warmUpMs
    this.#until = this.#countFrom + seconds * 1_000
    setTimeout(() => {
      this.#ownMs = -ownProcessorMs()
    }, warmUpMs)
    setTimeout(
      () => {
        this.#ownMs += ownProcessorMs()
      },
      warmUpMs + seconds * 1_000,
    )
    await Promise.all(workers.map((worker) => worker.done()))
  }

  get isOver(): boolean {
    return performance.now() >= this.#until
  }

  request(payer: string): string {
    const { text, bodyBytes } = this.#requestOf(payer)
    this.requestBytes = bodyBytes
    return text
  }

  answered(sinceMs: number, status: string, reply: Buffer): void {
    const nowMs = performance.now()
    if (status[0] !== '2') {
      this.#failures += 1
      if (this.#firstFailure === '') this.#firstFailure = `${status} ${reply.toString()}`
    } else if (nowMs >= this.#countFrom && nowMs < this.#until && this.#count < LATENCIES_MAX) {
      this.#latencies[this.#count] = nowMs - sinceMs
      this.#count += 1
    }
    this.replyBytes = reply.length
  }

  result(): LoadResult {
    const latencies = this.#latencies.subarray(0, this.#count)
    const { seconds } = this.job
    return {
      payments: this.#count,
      failures: this.#failures,
      firstFailure: this.#firstFailure,
      perSecond: this.#count / seconds,
      p50: this.#count === 0 ? 0 : percentile(latencies, 0.5),
      p99: this.#count === 0 ? 0 : percentile(latencies, 0.99),
      ownShare: this.#ownMs / (seconds * 1_000),
      requestBytes: this.requestBytes,
      replyBytes: this.replyBytes,
    }
  }
}

/** User and system time of this process so far. Milliseconds. */
export function ownProcessorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

class Worker {
  readonly #run: Run
  readonly #socket: Socket
  #turn: number
  #sentAt = 0
  #pending: Buffer | undefined
  #finish: () => void = () => undefined
  #fail: (error: Error) => void = () => undefined

  private constructor(run: Run, socket: Socket, index: number) {
    this.#run = run
    this.#socket = socket
    this.#turn = index * 7
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed a connection')))
  }

  static open(run: Run, index: number): Promise<Worker> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: run.job.port, host: '127.0.0.1', noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Worker(run, socket, index)))
    })
  }

  /** Sends until the time is over. */
  done(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
      this.#send()
    })
  }

  #send(): void {
    if (this.#run.isOver) {
      this.#finish()
      this.#socket.destroy()
      return
    }
    const { wallets } = this.#run.job
    this.#turn += 1
    this.#sentAt = performance.now()
    this.#socket.write(this.#run.request(wallets[this.#turn % wallets.length] ?? ''), 'latin1')
  }

  #read(chunk: Buffer): void {
    const data = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk])
    this.#pending = data
    const headEnd = data.indexOf(HEAD_END)
    if (headEnd < 0) return
    const head = data.toString('latin1', 0, headEnd)
    const length = Number(LENGTH.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) {
      this.#fail(new Error(`a reply without a length: ${head}`))
      return
    }
    const begin = headEnd + HEAD_END.length
    if (data.length < begin + length) return
    this.#pending = undefined
    this.#run.answered(this.#sentAt, head.slice(9, 12), data.subarray(begin, begin + length))
    this.#send()
  }
}
