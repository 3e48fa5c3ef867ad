import type { SyncTime } from './disk.ts'
import type { Machine, Setting } from './machine.ts'
import { median } from './statistics.ts'

export type Unit = 'per second' | 'ms' | 's' | 'MB' | 'bytes' | 'ratio' | 'percent'

/** What a measure has to reach: at least, or at most, so much. */
export type Target = { readonly least: number } | { readonly most: number }

/** One figure, with what exactly was counted. */
export interface Measure {
  readonly id: string
  readonly title: string
  /** In one or two sentences: what was done, and what the figure counts. */
  readonly counts: string
  readonly unit: Unit
  /** The median of `values`. */
  readonly value: number
  /** One a repetition, in the order they were taken. */
  readonly values: readonly number[]
  readonly target?: Target
  readonly note?: string
}

export type NewMeasure = Omit<Measure, 'value'>

/** Everything a run found out; what `--json` writes. */
export interface Results {
  readonly format: 1
  readonly date: string
  readonly command: string
  readonly isQuick: boolean
  readonly tookS: number
  readonly machine: Machine
  readonly sync: readonly SyncTime[]
  readonly settings: readonly Setting[]
  readonly measures: readonly Measure[]
  /** What was proved or seen besides the figures. */
  readonly notes: readonly string[]
  /** Parts that could not be measured to the end, and why. */
  readonly failures: readonly string[]
}

/** Collects measures and tells of each as soon as it is there. */
export class Report {
  readonly measures: Measure[] = []
  readonly notes: string[] = []
  readonly #tell: (measure: Measure) => void

  constructor(tell: (measure: Measure) => void) {
    this.#tell = tell
  }

  add(measure: NewMeasure): Measure {
    const whole = { ...measure, value: median(measure.values) }
    this.measures.push(whole)
    this.#tell(whole)
    return whole
  }

  note(text: string): void {
    this.notes.push(text)
  }

  find(id: string): Measure | undefined {
    return this.measures.find((measure) => measure.id === id)
  }
}

/** Undefined without a target. */
export function isMet({ value, target }: Measure): boolean | undefined {
  if (target === undefined) return undefined
  return 'least' in target ? value >= target.least : value <= target.most
}
