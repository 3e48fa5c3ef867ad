import type { CareUsage, CareWindow } from '@jeon/camara'
import { shareOf } from '../figures.ts'

/** One circle: how much of a limit is spent, and how much more is only reserved. Shares of 1. */
export interface Ring {
  readonly window: CareWindow
  readonly spent: number
  readonly held: number
  readonly tone: 'calm' | 'high' | 'full'
}

export type CareBucketUsage = CareUsage['buckets'][number]

/** The rule that the circle of a bucket shows: the whole month, or else the widest there is. */
export function mainWindow(windows: readonly CareWindow[]): CareWindow | undefined {
  const all = windows.filter(({ scope }) => scope === 'all')
  return all.find(({ per }) => per === 'month') ?? all.find(({ per }) => per === 'day')
}

/** Every other rule, the widest first. */
export function otherWindows(windows: readonly CareWindow[]): readonly CareWindow[] {
  const main = mainWindow(windows)
  const order = ['month', 'day', 'payment']
  return windows
    .filter((window) => window !== main)
    .toSorted((one, other) => order.indexOf(one.per) - order.indexOf(other.per))
}

export function ringOf(window: CareWindow): Ring {
  const { limit, used, held } = window
  const all = limit === null ? 0 : shareOf(limit, used)
  const reserved = limit === null ? 0 : Math.min(all, shareOf(limit, held))
  const tone = all >= 1 ? 'full' : all >= 0.8 ? 'high' : 'calm'
  return { window, spent: all - reserved, held: reserved, tone }
}
