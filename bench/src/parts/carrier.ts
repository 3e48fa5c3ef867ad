import { findFreePort } from '@jeon/postgres'
import type { Bench } from '../bench.ts'
import { type CarrierEvent, type CarrierJob, startCarriers } from '../carrier/stage.ts'
import { requestToken } from '../carrier/token.ts'
import { type LoadJob, type LoadResult, runLoad } from '../http/job.ts'
import { startEcho } from '../http/programs.ts'
import { addRate, share } from '../http/rates.ts'
import type { Measured } from '../measured.ts'

const ECHO_CONNECTIONS = 64
const HTTP_LEAST = 2_000
const DECISIONS_LEAST = 3_000
const CLOSE_LEAST = 20_000
const CLOSE_MEMORY_MOST_MB = 200

/** A phone company: payments over CAMARA and without it, and the bills of a month. */
export async function carrier(bench: Bench): Promise<void> {
  await overHttp(bench)
  await inProcess(bench)
  await monthlyClose(bench)
}

/** The echo takes its turns between the payments, so that both meet the same machine. */
async function overHttp(bench: Bench): Promise<void> {
  const { sizes, progress, report, directory } = bench
  const databaseUrl = await bench.database('carrier_http')
  const port = await findFreePort()
  const { lines } = sizes.carrier
  const program = await started(bench, { task: 'serve', databaseUrl, port, lines })
  const serving = await program.next('serving', tellOf(bench))
  const { carrier: id, phoneNumbers } = serving
  const job: LoadJob = {
    kind: 'carrier',
    port,
    path: `/${id}/carrier-billing/v0.5/payments`,
    key: await requestToken(`http://127.0.0.1:${port}/${id}`, serving),
    wallets: phoneNumbers,
    connections: ECHO_CONNECTIONS,
    seconds: sizes.httpSeconds,
    warmUpMs: sizes.httpWarmUpMs,
    ...{ batches: 0, batchLength: 0, keys: 'payment' },
  }
  const probe = await runLoad(directory, { ...job, seconds: 1 })
  const echo = await startEcho(probe.replyBytes)
  bench.cleanUp.push(() => echo.stop())
  const echoed: LoadResult[] = []
  const paid = new Map<number, LoadResult[]>(sizes.httpConnections.map((count) => [count, []]))
  for (let turn = 1; turn <= sizes.repetitions; turn++) {
    progress.now(`echo of a carrier's answer, ${turn} of ${sizes.repetitions}`)
    echoed.push(await runLoad(directory, { ...job, port: echo.port }))
    for (const connections of sizes.httpConnections) {
      progress.now(`carrier, ${connections} connections, ${turn} of ${sizes.repetitions}`)
      paid.get(connections)?.push(await runLoad(directory, { ...job, connections }))
    }
  }
  await echo.stop()
  await program.stop()
  await bench.drop(databaseUrl)
  const way = `one request at a time on each kept-alive connection, from a process of its own that shares the cores; ${sizes.httpSeconds} s a repetition after ${sizes.httpWarmUpMs / 1_000} s that are not counted`
  addRate(bench, echoed, {
    id: `carrier.echo_${ECHO_CONNECTIONS}`,
    title: `floor: bare echo of a carrier's answer, ${ECHO_CONNECTIONS} connections`,
    counts: `As the floor of the platform, with the request of a carrier payment (${probe.requestBytes} bytes) and the ${probe.replyBytes} bytes of its answer; ${way}.`,
  })
  for (const [connections, results] of paid) {
    const many = connections === 1 ? '1 connection' : `${connections} connections`
    addRate(bench, results, {
      id: `carrier.payments_${connections}`,
      title: `carrier decisions over CAMARA, ${many}`,
      counts: `Answers 201 to CAMARA's POST /payments (one step, a two-legged token checked at each, body ${probe.requestBytes} bytes, answer ${probe.replyBytes}), each after the intention, the ledger's linked transfers and the outcome with the SMS to the owner were committed, uniform over ${phoneNumbers.length.toLocaleString('en-US')} lines; ${way}.`,
      ...(connections === ECHO_CONNECTIONS ? { target: { least: HTTP_LEAST } } : {}),
    })
  }
  report.note(
    `The generator took ${share(paid.get(ECHO_CONNECTIONS) ?? [])} of a core against the carrier at ${ECHO_CONNECTIONS} connections.`,
  )
}

async function inProcess(bench: Bench): Promise<void> {
  const { sizes, report } = bench
  const { lines, decisions, decisionsAtOnce } = sizes.carrier
  const databaseUrl = await bench.database('carrier_decisions')
  const program = await started(bench, {
    task: 'decide',
    databaseUrl,
    lines,
    payments: decisions,
    atOnce: decisionsAtOnce,
    repetitions: sizes.repetitions,
  })
  const { perSecond } = await program.next('decided', tellOf(bench))
  await program.stop()
  await bench.drop(databaseUrl)
  report.add({
    id: 'carrier.decisions',
    title: `carrier decisions in process, ${decisionsAtOnce} at once`,
    counts: `Payments in one step that the carrier's core accepted, each answered after all its commits, without HTTP and tokens: ${decisions.toLocaleString('en-US')} a repetition after half as many that are not counted, ${decisionsAtOnce} waiting at once, uniform over ${lines.toLocaleString('en-US')} lines.`,
    unit: 'per second',
    values: perSecond,
    target: { least: DECISIONS_LEAST },
  })
}

async function monthlyClose(bench: Bench): Promise<void> {
  const { sizes, report } = bench
  const { billedLines: lines, itemsPerLine } = sizes.carrier
  const databaseUrl = await bench.database('carrier_close')
  const program = await started(bench, { task: 'close', databaseUrl, lines, itemsPerLine })
  const closed = await program.next('closed', tellOf(bench))
  await program.stop()
  await bench.drop(databaseUrl)
  const { items, seconds, beforeMB, peakMB, chunks } = closed
  const much = `${items.toLocaleString('en-US')} items`
  report.add({
    id: 'carrier.close',
    title: `monthly close of ${much}`,
    counts: `Items that got onto bills, from the beginning of a carrier's close to its end: ${lines.toLocaleString('en-US')} lines with ${itemsPerLine} payments each, a bill and its message for each line, in ${chunks} chunks that are committed one by one. The payments were put there by SQL, and the tables analysed, before. Afterwards it is proved that every payment is on one bill and that the sums agree.`,
    unit: 'per second',
    values: [items / seconds],
    target: { least: CLOSE_LEAST },
    note: `${seconds.toFixed(1)} s`,
  })
  report.add({
    id: 'carrier.close_memory',
    title: `memory that the close of ${much} takes`,
    counts: `The most resident memory of the carriers' process while it closed, less what it had right before.`,
    unit: 'MB',
    values: [peakMB - beforeMB],
    target: { most: CLOSE_MEMORY_MOST_MB },
    note: `${Math.round(beforeMB)} MB before, ${Math.round(peakMB)} MB at most`,
  })
}

async function started(
  { directory, cleanUp, progress }: Bench,
  job: CarrierJob,
): Promise<Measured<CarrierEvent>> {
  progress.now('starting the carriers')
  const program = await startCarriers(directory, job)
  cleanUp.push(() => program.kill())
  return program
}

function tellOf({ progress }: Bench): (event: CarrierEvent) => void {
  return (event) => {
    if (event.event === 'progress') progress.now(`carrier: ${event.doing}`, event.share)
  }
}
