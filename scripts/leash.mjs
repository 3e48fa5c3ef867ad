/**
 * Loaded before a program that launch.mjs starts: when launch.mjs is killed and can pass no signal
 * any more, the pipe to it closes, and the program is asked to stop in the usual way.
 */
import { Socket } from 'node:net'

/** Longer than any orderly stop of ours takes. */
const GRACE_MS = 45_000

const descriptor = Number(process.env.JEON_LEASH)
// Not for the programs that this one starts: there the number means something else.
delete process.env.JEON_LEASH

if (descriptor > 2) {
  const leash = new Socket({ fd: descriptor, readable: true, writable: false })
  leash.on('error', () => {})
  leash.on('close', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref()
    process.kill(process.pid, 'SIGTERM')
  })
  leash.resume()
  leash.unref()
}
