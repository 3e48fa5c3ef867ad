/** The load generator: `node load.ts JOB.json` prints a result. Lean, since it shares the cores with what it measures. */
import { readFile } from 'node:fs/promises'
import { sendBatches } from './batches.ts'
import type { LoadJob } from './job.ts'
import { sendSingles } from './singles.ts'

const [, , file = ''] = process.argv
const job: LoadJob = JSON.parse(await readFile(file, 'utf8'))
const isBatched = job.kind === 'json' || job.kind === 'ndjson'
const result = isBatched ? await sendBatches(job) : await sendSingles(job)
process.stdout.write(JSON.stringify(result))
