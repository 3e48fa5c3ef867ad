import { fileURLToPath } from 'node:url'
import { Measured } from '../measured.ts'

/** What a process with the carriers in it is told. */
export type CarrierJob =
  /** Opens lines and listens until its input ends. */
  | {
      readonly task: 'serve'
      readonly databaseUrl: string
      readonly port: number
      readonly lines: number
    }
  /** Opens lines and decides about payments on them, without HTTP. */
  | {
      readonly task: 'decide'
      readonly databaseUrl: string
      readonly lines: number
      /** Payments a repetition, after half as many that are not counted. */
      readonly payments: number
      /** Payments that wait for their answers at the same time. */
      readonly atOnce: number
      readonly repetitions: number
    }
  /** Fills a month by SQL and makes its bills. */
  | {
      readonly task: 'close'
      readonly databaseUrl: string
      readonly lines: number
      readonly itemsPerLine: number
    }

/** What it says, a line of JSON each. */
export type CarrierEvent =
  | { readonly event: 'progress'; readonly doing: string; readonly share: number }
  | {
      readonly event: 'serving'
      readonly carrier: string
      readonly clientId: string
      readonly clientSecret: string
      readonly phoneNumbers: readonly string[]
    }
  /** Decisions a second, one a repetition. */
  | { readonly event: 'decided'; readonly perSecond: readonly number[] }
  | {
      readonly event: 'closed'
      readonly seconds: number
      readonly items: number
      readonly lines: number
      /** Resident memory right before, and the most while it ran. */
      readonly beforeMB: number
      readonly peakMB: number
      readonly chunks: number
    }

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))

/** Starts a process that runs the carriers. */
export function startCarriers(directory: string, job: CarrierJob): Promise<Measured<CarrierEvent>> {
  return Measured.start<CarrierEvent>(CHILD, directory, job)
}
