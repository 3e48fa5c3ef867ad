import { migrateLedger } from '@jeon/ledger'
import type { Bench } from '../bench.ts'
import { type LoadJob, type LoadResult, runLoad } from '../http/job.ts'
import { type Platform, startEcho, startPlatform } from '../http/programs.ts'
import { addRate, share } from '../http/rates.ts'

const BATCH_LENGTH = 10_000
const BATCH_CONNECTIONS = 3
const ECHO_CONNECTIONS = 64
const OFFER = 'article-2'
const WALLETS_AT_ONCE = 16

/** Payments as the world sends them: the platform in a process of its own, asked over HTTP. */
export async function http(bench: Bench): Promise<void> {
  const databaseUrl = await bench.database('http')
  await migrateLedger(databaseUrl)
  bench.progress.now('starting the platform')
  const platform = await startPlatform(databaseUrl, bench.directory)
  bench.cleanUp.push(() => platform.stop())
  const wallets = await createWallets(bench, platform)
  const job: LoadJob = {
    kind: 'single',
    port: platform.port,
    key: platform.secretKey,
    wallets,
    connections: ECHO_CONNECTIONS,
    seconds: bench.sizes.httpSeconds,
    warmUpMs: bench.sizes.httpWarmUpMs,
    batches: bench.sizes.batches,
    batchLength: BATCH_LENGTH,
    keys: 'payment',
  }
  await singles(bench, job)
  if (bench.sizes.httpExtras) await receipts(bench, job)
  await batches(bench, { ...job, connections: BATCH_CONNECTIONS })
  await platform.stop()
  await bench.drop(databaseUrl)
}

/** By the API, as a merchant's page makes them. */
async function createWallets({ sizes, progress }: Bench, platform: Platform): Promise<string[]> {
  const ids: string[] = []
  let asked = 0
  await Promise.all(
    Array.from({ length: WALLETS_AT_ONCE }, async () => {
      while (asked < sizes.httpWallets) {
        asked += 1
        const reply = await fetch(`${platform.url}/v1/wallets`, {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${platform.pageKey}`,
            'Content-Type': 'application/json',
          },
          body: '{"currency":"KRW"}',
        })
        const wallet: { readonly id?: string } = JSON.parse(await reply.text())
        if (!reply.ok || wallet.id === undefined) throw new Error(`no wallet: ${reply.status}`)
        ids.push(wallet.id)
        progress.now('wallets for HTTP', ids.length / sizes.httpWallets)
      }
    }),
  )
  return ids
}

/** The echo takes its turns between the payments, so that both meet the same machine. */
async function singles(bench: Bench, job: LoadJob): Promise<void> {
  const { sizes, report, progress, directory } = bench
  const probe = await runLoad(directory, { ...job, seconds: 1 })
  const echo = await startEcho(probe.replyBytes)
  bench.cleanUp.push(() => echo.stop())
  const echoed: LoadResult[] = []
  const paid = new Map<number, LoadResult[]>(sizes.httpConnections.map((count) => [count, []]))
  for (let turn = 1; turn <= sizes.repetitions; turn++) {
    progress.now(`HTTP echo, ${turn} of ${sizes.repetitions}`)
    echoed.push(await runLoad(directory, { ...job, port: echo.port }))
    for (const connections of sizes.httpConnections) {
      progress.now(`HTTP payments, ${connections} connections, ${turn} of ${sizes.repetitions}`)
      paid.get(connections)?.push(await runLoad(directory, { ...job, connections }))
    }
  }
  await echo.stop()
  const way = `one request at a time on each kept-alive connection, from a process of its own that shares the cores; ${sizes.httpSeconds} s a repetition after ${sizes.httpWarmUpMs / 1_000} s that are not counted`
  addRate(bench, echoed, {
    id: 'http.echo_64',
    title: `floor: bare node:http echo, ${ECHO_CONNECTIONS} connections`,
    counts: `Answers of a node:http server that parses the JSON of the same request and stringifies it, padded to the ${probe.replyBytes} bytes of a payment's answer; ${way}.`,
  })
  for (const [connections, results] of paid) {
    const many = connections === 1 ? '1 connection' : `${connections} connections`
    addRate(bench, results, {
      id: `http.payments_${connections}`,
      title: `HTTP payments, ${many}`,
      counts: `Answers 201 to POST /v1/payments with a secret key, wallet and amount (body ${probe.requestBytes} bytes, answer ${probe.replyBytes}), each after its commit, uniform over ${sizes.httpWallets.toLocaleString('en-US')} wallets; ${way}.`,
    })
  }
  report.note(
    `The generator of single requests took ${share(echoed)} of a core against the echo and ${share(paid.get(ECHO_CONNECTIONS) ?? [])} against the platform at ${ECHO_CONNECTIONS} connections.`,
  )
}

async function receipts(bench: Bench, job: LoadJob): Promise<void> {
  const results = await repeat(bench, 'HTTP payments with a receipt', { ...job, offer: OFFER })
  addRate(bench, results, {
    id: 'http.payments_receipt',
    title: `HTTP payments with a signed receipt, ${job.connections} connections`,
    counts: `As at ${job.connections} connections, but for an offer that unlocks something: its price is looked up and the answer (${results[0]?.replyBytes} bytes) carries a receipt signed with Ed25519.`,
  })
}

async function batches(bench: Bench, job: LoadJob): Promise<void> {
  const { sizes, report } = bench
  const forms = [
    { id: 'json', kind: 'json', keys: 'payment', title: 'JSON', target: true },
    { id: 'ndjson', kind: 'ndjson', keys: 'payment', title: 'NDJSON', target: true },
    {
      id: 'text_keys',
      kind: 'ndjson',
      keys: 'text',
      title: 'NDJSON, keys without time',
      target: false,
    },
  ] as const
  for (const { id, kind, keys, title, target } of forms) {
    if (!sizes.httpExtras && id !== 'ndjson') continue
    const results = await repeat(bench, `batch endpoint, ${title}`, { ...job, kind, keys })
    report.add({
      id: `http.batch_${id}`,
      title: `batch endpoint, ${title}`,
      counts: `Items answered "accepted" by POST /v1/payments/batch, ${sizes.batches} batches of ${BATCH_LENGTH.toLocaleString('en-US')} items on ${job.connections} connections, one batch at a time on each; ${keys === 'payment' ? 'keys are pay_ ids' : "keys are the caller's own text, hashed by the server"}. From the first batch sent to the last answer read, making the bodies included.`,
      unit: 'per second',
      values: results.map(({ perSecond }) => perSecond),
      ...(target ? { target: { least: 60_000 } } : {}),
      note: `the generator took ${share(results)} of a core; p50 of a batch ${Math.round(results[0]?.p50 ?? 0)} ms`,
    })
  }
}

async function repeat(bench: Bench, title: string, job: LoadJob): Promise<LoadResult[]> {
  const { sizes, progress, directory } = bench
  const results: LoadResult[] = []
  for (let turn = 1; turn <= sizes.repetitions; turn++) {
    progress.now(`${title}, ${turn} of ${sizes.repetitions}`)
    results.push(await runLoad(directory, job))
  }
  return results
}
