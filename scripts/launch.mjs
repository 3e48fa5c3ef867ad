/**
 * Runs one of our programs on the pinned Node and stands between it and the terminal: Ctrl-C
 * reaches it once, it may finish what it accepted, and nothing of it is left when we end.
 *
 * The program gets a session of its own. Otherwise Ctrl-C would arrive up to three times: from the
 * terminal, from npm, which forwards it, and from us; and a second one means "at once".
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from './install.mjs'

/** The same Ctrl-C on its several ways; a person does not press twice as fast. */
const SAME_INTERRUPT_MS = 400
const REMIND_AFTER_MS = 5_000
const PARENT_CHECK_MS = 1_000
const GROUP_END_TIMEOUT_MS = 2_000
/** Descriptor 3, by which the program notices our death; see leash.mjs. */
const LEASH = 'pipe'

/** Payments leave much short-lived garbage: room for it is worth a tenth of the ledger's rate. */
const NODE_OPTIONS = ['--max-semi-space-size=64']

/** Runs `program` and returns its exit code. */
export async function launch(node, program, parameters) {
  const entry = join(ROOT, program)
  if (!existsSync(entry)) throw new Error(`This checkout has no ${program}, so that cannot be run.`)
  const leash = join(ROOT, 'scripts', 'leash.mjs')
  const child = spawn(node, [...NODE_OPTIONS, '--import', leash, entry, ...parameters], {
    stdio: ['inherit', 'inherit', 'inherit', LEASH],
    env: { ...process.env, PATH: pathWithOurs(), JEON_LEASH: '3' },
    detached: true,
  })
  const stopListening = passSignals(child)
  const stopWatching = watchNpm(() => child.kill('SIGTERM'))
  try {
    const code = await exitCode(child)
    await endGroup(child.pid)
    return code
  } finally {
    stopListening()
    stopWatching()
  }
}

/** `node`, `tsc`, `vitest` and so on mean the installed ones. */
function pathWithOurs() {
  return [join(ROOT, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter)
}

function passSignals(child) {
  let askedAt
  let reminder
  const onStop = (signal) => {
    const now = performance.now()
    if (askedAt === undefined) {
      askedAt = now
      // A closed terminal (SIGHUP) is a reason to end in an orderly way, like any other.
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
      reminder = setTimeout(() => {
        console.error('  still stopping; Ctrl-C again ends it at once')
      }, REMIND_AFTER_MS)
      reminder.unref()
    } else if (now - askedAt > SAME_INTERRUPT_MS) {
      signalGroup(child.pid, 'SIGKILL')
    }
  }
  const onResize = () => child.kill('SIGWINCH')
  const stops = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of stops) process.on(signal, onStop)
  process.on('SIGWINCH', onResize)
  return () => {
    clearTimeout(reminder)
    for (const signal of stops) process.off(signal, onStop)
    process.off('SIGWINCH', onResize)
  }
}

/** npm that is killed with SIGKILL tells nobody: we see it by having other ancestors. */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return () => {}
  const before = ancestors()
  const timer = setInterval(() => {
    if (ancestors() === before) return
    clearInterval(timer)
    onGone()
  }, PARENT_CHECK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** Our parent, which is npm or the shell that npm started, and on Linux the parent of that. */
function ancestors() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    const [, grandparent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return `${process.ppid} ${grandparent}`
  } catch {
    return String(process.ppid)
  }
}

function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`${child.spawnfile} cannot be run: ${error.message}.`)),
    )
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
}

/** What the program started and did not end itself. */
async function endGroup(pid) {
  if (!signalGroup(pid, 'SIGTERM')) return
  const deadline = performance.now() + GROUP_END_TIMEOUT_MS
  while (signalGroup(pid, 0) && performance.now() < deadline) await sleep(50)
  signalGroup(pid, 'SIGKILL')
}

/** False when the group is empty. */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
    return true
  } catch (error) {
    // macOS says EPERM of a group of which only a zombie is left.
    if (error.code === 'ESRCH' || error.code === 'EPERM') return false
    throw error
  }
}
