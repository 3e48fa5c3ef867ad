import { z } from 'zod'
import { named, timeSchema } from '../schemas.ts'

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
