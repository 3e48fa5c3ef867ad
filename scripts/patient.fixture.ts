/**
 * A program to start and stop: says what reaches it, takes the time that it is given to stop, and
 * leaves a child behind if nobody ends that.
 */
import { spawn } from 'node:child_process'

const [stopMs = '0'] = process.argv.slice(2)
const child = spawn('sleep', ['120'], { stdio: 'ignore' })
let isStopping = false

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    process.stdout.write(`${signal}\n`)
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(7), Number(stopMs))
  })
}
process.stdout.write(`ready ${process.pid} ${child.pid}\n`)
