import { findProcess, killTree, sendSignal, waitForEnd } from './processes.ts'

const IMMEDIATE_STOP_TIMEOUT_MS = 5_000

/** Fast shutdown, then immediate shutdown (recovery at the next start), then SIGKILL. */
export async function stopByPid(pid: number, timeoutMs: number): Promise<void> {
  sendSignal(pid, 'SIGINT')
  if (await waitForEnd(pid, timeoutMs)) return
  sendSignal(pid, 'SIGQUIT')
  if (await waitForEnd(pid, IMMEDIATE_STOP_TIMEOUT_MS)) return
  if ((await findProcess(pid)) !== undefined) await killTree(pid)
}
