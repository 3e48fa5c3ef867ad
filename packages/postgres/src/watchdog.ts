/**
 * Sees to it that no database outlives the process that started it, even when that is killed with
 * SIGKILL and can do nothing any more: a shell, in a session of its own, waits on a pipe from us.
 * When the pipe closes without a word, the shell shuts the server down.
 *
 * A shell because it costs a megabyte and is there wherever PostgreSQL runs; a session of its own
 * because Ctrl-C reaches the whole group, and the database must outlast the server's last commits.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { type Identity, launchOptions } from './identity.ts'

// The pid counts only while postmaster.pid names it: numbers are used again, that file is not.
const SCRIPT = `
read -r pid || exit 0
read -r word
[ "$word" = dismissed ] && exit 0
runs() {
  read -r named < "$1/postmaster.pid" && [ "$named" = "$pid" ] && kill -0 "$pid"
} 2>/dev/null
end() {
  runs "$1" || exit 0
  kill -"$2" "$pid"
  tries=$3
  while [ "$tries" -gt 0 ]; do
    runs "$1" || exit 0
    sleep 0.2
    tries=$((tries - 1))
  done
}
end "$1" INT 150
end "$1" QUIT 25
end "$1" KILL 5
`

export interface Watchdog {
  /** From now on, the server `pid` is stopped when this process ends. */
  guard(pid: number): void
  /** The server has ended in an orderly way: there is nothing to guard. */
  dismiss(): void
}

/** Started before the server, so that there is no moment without it. */
export function startWatchdog(data: string, identity: Identity): Watchdog {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'jeon-watchdog', data], {
    ...launchOptions(identity),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // A missing shell or a watchdog that somebody ended costs the safety net, not the server.
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  release(shell)
  return {
    guard: (pid) => void shell.stdin.write(`${pid}\n`),
    dismiss: () => void shell.stdin.end('dismissed\n'),
  }
}

/** Lets this process end although the watchdog still runs: its end is what the watchdog awaits. */
function release(shell: ChildProcess): void {
  shell.unref()
  const { stdin } = shell
  if (stdin !== null && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
}
