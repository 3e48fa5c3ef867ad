/**
 * One at a time, across processes: a file that names its holder. The file of a holder that was
 * killed is taken over.
 */
import {
  appendFileSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 200
const REPORT_EVERY_MS = 10_000
const UNWRITTEN_MS_MAX = 5_000

/**
 * Runs `work` while holding the lock file `path`, after waiting for whoever holds it. Processes that
 * do the work for us are named to `work`'s parameter: the lock is theirs as well, so that it is not
 * taken over while one of them still runs, and they are ended when we are interrupted.
 */
export async function withLock(path, work) {
  let reportAt = Date.now()
  while (!acquire(path)) {
    const [holder] = read(path).pids
    if (holder !== undefined && Date.now() >= reportAt) {
      console.error(`  waiting for another installation here (process ${holder}) to finish`)
      reportAt = Date.now() + REPORT_EVERY_MS
    }
    await sleep(POLL_MS)
  }
  const helpers = []
  const addHelper = (pid) => {
    helpers.push(pid)
    appendFileSync(path, ` ${pid}`)
  }
  const interrupt = (signal) => {
    for (const pid of helpers.filter(isAlive)) process.kill(pid, signal)
    rmSync(path, { force: true })
    process.exit(128 + constants.signals[signal])
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.once(signal, interrupt)
  try {
    return await work(addHelper)
  } finally {
    rmSync(path, { force: true })
    for (const signal of signals) process.off(signal, interrupt)
  }
}

/** True when the lock is ours now. */
function acquire(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const { pids, ageMs } = read(path)
  // A file without a number is being written just now, or its writer was killed in that moment.
  const isStale = pids.length === 0 ? ageMs > UNWRITTEN_MS_MAX : !pids.some(isAlive)
  if (isStale) removeStale(path, pids)
  return false
}

/**
 * Of two that find the same stale file, the slower one may move away the lock that the faster one
 * has just taken: it sees that by the number inside and puts it back.
 */
function removeStale(path, pids) {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
    if (String(read(aside).pids) !== String(pids)) linkSync(aside, path)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function read(path) {
  try {
    const pids = readFileSync(path, 'utf8').match(/\d+/g) ?? []
    return { pids: pids.map(Number), ageMs: Date.now() - statSync(path).mtimeMs }
  } catch (error) {
    if (error.code === 'ENOENT') return { pids: [], ageMs: 0 }
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
