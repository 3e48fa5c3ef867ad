/** The process whose opening and memory are measured: `node child.ts JOB.json`, see stage.ts. */
import { readFile } from 'node:fs/promises'
import { IdSource } from '../ids.ts'
import { pump } from '../pump.ts'
import { openLedger, type World } from '../world.ts'
import type { StageEvent, StageJob } from './stage.ts'

const MB = 2 ** 20

process.stdin.on('close', () => process.exit(1))
process.stdin.resume()

const [, , file = ''] = process.argv
const job: StageJob = JSON.parse(await readFile(file, 'utf8'))
const begun = performance.now()
const ledger = await openLedger(job.databaseUrl, [0])
const openMs = performance.now() - begun
const ids = new IdSource(1)
ids.refill()
const first = await ledger.submit({
  type: 'pay',
  id: ids.at(0),
  debit: job.firstWallet,
  credit: job.firstMerchant,
  amount: 300n,
})
if (!first.ok) throw new Error(`the first payment was not accepted: ${first.code}`)
tell({ event: 'opened', openMs, firstMs: performance.now() - begun, rssMB: rssMB() })

if (job.task === 'open') {
  await ledger.close()
  process.exit(0)
}

const world: World = {
  databaseUrl: job.databaseUrl,
  ledger,
  sides: [
    {
      shard: 0,
      rail: 0,
      wallets: Float64Array.from({ length: job.wallets }, (_, at) => job.firstWallet + at),
      merchants: Float64Array.from({ length: job.merchants }, (_, at) => job.firstMerchant + at),
      paidByWallet: new Uint32Array(job.wallets),
      paidToMerchant: new Uint32Array(job.merchants),
    },
  ],
}
await pump(world, { count: job.wallets, pattern: 'each' })
const accounts = ledger.health()[0]?.accountsInMemory ?? 0
tell({ event: 'known', accounts, rssMB: rssMB(), peakMB: process.resourceUsage().maxRSS / 1024 })
await pump(world, { count: job.tail, pattern: 'uniform' })
tell({ event: 'tail' })
for (;;) await pump(world, { count: 20_000, pattern: 'uniform' })

function rssMB(): number {
  return process.memoryUsage.rss() / MB
}

function tell(event: StageEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}
