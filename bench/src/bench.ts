import type { Progress } from './progress.ts'
import type { Report } from './report.ts'
import type { Sizes } from './sizes.ts'

/** What every part gets. */
export interface Bench {
  readonly sizes: Sizes
  readonly report: Report
  readonly progress: Progress
  /** On the disk that is measured; removed afterwards. */
  readonly directory: string
  /** A new, empty database. */
  database(name: string): Promise<string>
  /** Done with it: gives its place on the disk back. */
  drop(url: string): Promise<void>
  /** Run at the end, whatever happens, the last first. */
  readonly cleanUp: (() => Promise<void>)[]
}

/** One group of measures, which can be asked for by name. */
export type Part = (bench: Bench) => Promise<void>
