/** The process in which carriers are measured: `node child.ts JOB.json`, see stage.ts. */
import { readFile } from 'node:fs/promises'
import { type Carriers, openCarriers } from '@jeon/carrier'
import { closeMonth, MONTH } from './close.ts'
import { measureDecisions } from './decisions.ts'
import { CARRIER, openLines } from './lines.ts'
import type { CarrierEvent, CarrierJob } from './stage.ts'

const [, , file = ''] = process.argv
const job: CarrierJob = JSON.parse(await readFile(file, 'utf8'))
const inputEnded = new Promise<void>((resolve) => process.stdin.on('close', () => resolve()))
process.stdin.resume()
// Whatever is under way: nobody is there any more who wants to know.
if (job.task !== 'serve') void inputEnded.then(() => process.exit(1))

const carriers = await openCarriers({
  databaseUrl: job.databaseUrl,
  seed: 'none',
  ...(job.task === 'serve' ? { publicUrl: `http://127.0.0.1:${job.port}` } : { tickEveryMs: 0 }),
  // The month that is closed is over.
  ...(job.task === 'close' ? { machineMs: () => MONTH.billedAtMs } : {}),
})
await run(job, carriers)
await carriers.close()
process.exit(0)

async function run(todo: CarrierJob, open: Carriers): Promise<void> {
  switch (todo.task) {
    case 'serve': {
      const lines = await openLines(open, todo.lines, tellProgress('opening lines'))
      await open.listen(todo.port)
      tell({
        event: 'serving',
        carrier: CARRIER,
        clientId: open.clientId,
        clientSecret: open.clientSecret,
        phoneNumbers: lines.map(({ phoneNumber }) => phoneNumber),
      })
      return inputEnded
    }
    case 'decide': {
      const lines = await openLines(open, todo.lines, tellProgress('opening lines'))
      const perSecond = await measureDecisions(open, lines, todo, tellProgress('decisions'))
      return tell({ event: 'decided', perSecond })
    }
    case 'close':
      return tell({ event: 'closed', ...(await closeMonth(open, todo, tellProgress)) })
  }
}

function tellProgress(doing: string): (share: number) => void {
  return (share) => tell({ event: 'progress', doing, share })
}

function tell(event: CarrierEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}
