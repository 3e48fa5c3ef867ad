import { Agent, request } from 'node:http'
import { percentile } from '../statistics.ts'
import type { LoadJob, LoadResult } from './job.ts'
import { createPaymentId } from './payment-ids.ts'
import { ownProcessorMs } from './singles.ts'

const ACCEPTED = Buffer.from('"status":"accepted"')

/** Whole batches, one at a time on each connection. A body is made right before it is sent, so that its ids are fresh. */
export async function sendBatches(job: LoadJob): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: job.connections })
  const times: number[] = []
  let left = job.batches
  let payments = 0
  let firstFailure = ''
  let sizes = { request: 0, reply: 0 }
  await send(agent, job, bodyOf(job))
  const ownFrom = ownProcessorMs()
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: job.connections }, async () => {
      while (left > 0) {
        left -= 1
        const body = bodyOf(job)
        const sentAt = performance.now()
        const reply = await send(agent, job, body)
        times.push(performance.now() - sentAt)
        payments += countIn(reply)
        sizes = { request: body.length, reply: reply.length }
        if (countIn(reply) < job.batchLength) firstFailure ||= reply.toString('utf8', 0, 500)
      }
    }),
  )
  const tookMs = performance.now() - begun
  agent.destroy()
  const sent = times.length * job.batchLength
  return {
    payments,
    failures: sent - payments,
    firstFailure,
    perSecond: (payments / tookMs) * 1_000,
    p50: percentile(Float64Array.from(times), 0.5),
    p99: percentile(Float64Array.from(times), 0.99),
    ownShare: (ownProcessorMs() - ownFrom) / tookMs,
    requestBytes: sizes.request,
    replyBytes: sizes.reply,
  }
}

let turn = 0

function bodyOf({ kind, wallets, batchLength, keys }: LoadJob): Buffer {
  const items = new Array<string>(batchLength)
  for (let at = 0; at < batchLength; at++) {
    turn += 1
    const id = createPaymentId()
    const key = keys === 'payment' ? id : `order-${id}`
    items[at] =
      `{"key":"${key}","wallet":"${wallets[turn % wallets.length]}","amount":"1","currency":"KRW"}`
  }
  return Buffer.from(kind === 'json' ? `[${items.join(',')}]` : items.join('\n'), 'latin1')
}

function send(agent: Agent, { port, key, kind }: LoadJob, body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/v1/payments/batch',
        headers: {
          Authorization: `Bearer ${key}`,
          'Content-Type': kind === 'json' ? 'application/json' : 'application/x-ndjson',
          'Content-Length': body.length,
        },
      },
      (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () => resolve(Buffer.concat(chunks)))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function countIn(reply: Buffer): number {
  let count = 0
  for (
    let at = reply.indexOf(ACCEPTED);
    at >= 0;
    at = reply.indexOf(ACCEPTED, at + ACCEPTED.length)
  ) {
    count += 1
  }
  return count
}
