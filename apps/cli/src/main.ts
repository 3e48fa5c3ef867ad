import { homedir } from 'node:os'
import type { Io } from './io.ts'
import { runCli } from './program.ts'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())
// Whoever reads our output may stop reading, as `head` does; that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const io: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTty: process.stderr.isTTY === true,
  // https://no-color.org: any non-empty NO_COLOR.
  hasColor: process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '',
  env: process.env,
  cwd: process.env.INIT_CWD ?? process.cwd(),
  home: homedir(),
  columns: process.stdout.columns ?? 100,
  signal: stop.signal,
}

process.exitCode = await runCli(process.argv.slice(2), io)
// A keep-alive connection would hold the process open after its work is done.
process.exit()
