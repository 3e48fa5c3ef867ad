import type { Clock } from '@jeon/clock'

/** One moment on both clocks: the sandbox's can be stopped or moved while a request is on its way. */
export interface Moment {
  readonly programMs: number
  readonly machineMs: number
}

export function momentOf(clock: Clock): Moment {
  return { programMs: clock.now(), machineMs: clock.machineNow() }
}

/**
 * What has passed between two moments, in milliseconds, on the clock that went further: one that stands still keeps nobody
 * waiting, and one that is moved on has done the waiting.
 */
export function passedMs(from: Moment, to: Moment): number {
  return Math.max(to.programMs - from.programMs, to.machineMs - from.machineMs)
}
