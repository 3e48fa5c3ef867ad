import { z } from 'zod'
import { named, timeSchema } from '../schemas.ts'

/** Where time comes from: Unix milliseconds. Passed in everywhere, because the sandbox's can be moved. */
export interface Clock {
  /** The platform's time. In the sandbox this is the test clock. */
  now(): number
  /**
   * The machine's time, which no test clock moves: for ids, whose age the ledger reads, and for receipts, which are
   * checked by merchants who live outside of the sandbox.
   */
  machineNow(): number
}

export const clockBody = named(
  'ClockRequest',
  z.union([
    z.strictObject({
      advance: z
        .string()
        .max(40)
        .meta({ description: 'How far: 40d, 2h, 1d12h; units w d h m s ms', examples: ['40d'] }),
    }),
    z.strictObject({ freeze: z.boolean() }),
  ]),
)

export const clockState = named(
  'Clock',
  z.strictObject({ now: timeSchema, frozen: z.boolean(), offset_ms: z.int() }),
)
