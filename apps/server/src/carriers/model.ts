import { z } from 'zod'
import { linePaymentState } from '../rails/model.ts'
import { named, timeSchema } from '../schemas.ts'

/**
 * A phone company that the platform may charge through. Told by whoever starts the platform; the secret is written
 * nowhere.
 */
export interface CarrierConfig {
  /** Lower-case letters and digits: `skt`. Stands in account references and addresses. */
  readonly id: string
  readonly name: string
  /** Where the base paths of its CAMARA APIs are below. In the sandbox its self-care too. */
  readonly apiRoot: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Whose rules hold, a market of the billing package. (Default: KR) */
  readonly market?: string
  /** How long one call may take, in milliseconds. (Default: 10,000) */
  readonly timeoutMs?: number
}

/** How somebody showed that a line is theirs. */
export type Shown = 'network' | 'sms_code' | 'password'

/** A line that a wallet is linked to. */
export interface Link {
  readonly walletId: string
  readonly carrier: string
  readonly phoneNumber: string
  readonly shown: readonly Shown[]
  readonly linkedAtMs: number
  /** Set while nothing is given on credit: the carrier refused the last collection, or says that the line may not pay. */
  readonly blocked: LinkBlock | null
  /** When the carrier said that the link is no more; only linking again makes it anew. `blocked` is set then too. */
  readonly brokenAtMs: number | null
}

export interface LinkBlock {
  readonly code: string
  /** The carrier's own words; a known code has the platform's. */
  readonly text: string
  readonly atMs: number
  /** When it is tried again without being asked. */
  readonly retryAtMs: number
}

/** Tokens bound to a line. Never logged, never in an answer, sealed where they are kept. */
export const lineTokens = z.strictObject({
  accessToken: z.string(),
  /** Milliseconds of the machine's clock. */
  expiresAtMs: z.number(),
  refreshToken: z.string().nullable(),
})
export type LineTokens = z.infer<typeof lineTokens>

/** What an attempt keeps sealed until its proof comes. */
export const heldProof = z.discriminatedUnion('way', [
  z.strictObject({ way: z.literal('approval'), requestId: z.string() }),
  z.strictObject({ way: z.literal('proof'), proofId: z.string(), tokens: lineTokens }),
])
export type HeldProof = z.infer<typeof heldProof>

/** A link under way, or how it ended. */
export interface LinkAttempt {
  readonly id: string
  readonly walletId: string
  readonly carrier: string
  readonly phoneNumber: string
  readonly state: 'proof_needed' | 'linked' | 'refused'
  readonly needs: readonly Shown[]
  readonly reason: { readonly code: string; readonly text: string } | null
  readonly expiresAtMs: number
}

const phoneNumberSchema = z
  .string()
  .regex(/^\+[1-9][0-9]{4,14}$/)
  .meta({ description: 'E.164, with its plus sign', examples: ['+821020000001'] })

export const carrierIdSchema = z
  .string()
  .regex(/^[a-z0-9]{1,20}$/)
  .meta({ description: 'Carrier id', examples: ['skt'] })

export const carrierParams = z.strictObject({ id: carrierIdSchema })
export const inboxQuery = z.strictObject({ phone_number: phoneNumberSchema })

export const linkBody = named(
  'LinkRequest',
  z.strictObject({ carrier: carrierIdSchema, phone_number: phoneNumberSchema }),
)

export const linkParams = z.strictObject({ id: z.uuid() })

export const linkProofBody = named(
  'LinkProofRequest',
  z.strictObject({ sms_code: z.string().max(20), password: z.string().max(100) }),
)

const reasonSchema = z.strictObject({ code: z.string(), text: z.string() })

export const linkReply = named(
  'LineLink',
  z.strictObject({
    id: z.uuid(),
    state: z.enum(['linked', 'proof_needed', 'refused']),
    needs: z.array(z.enum(['network', 'sms_code', 'password'])),
    reason: reasonSchema.nullable(),
  }),
)

const carrierName = z.strictObject({ id: z.string(), name: z.string() })

export const carriersReply = named('Carriers', z.strictObject({ carriers: z.array(carrierName) }))

export const collectionState = named(
  'LineCollection',
  z.strictObject({
    state: z.enum(['open', 'blocked']),
    owed: z.string(),
    threshold: z.string(),
    credit: z.string(),
    currency: z.string(),
    blocked_reason: reasonSchema.nullable(),
    last: z
      .strictObject({ id: z.string(), status: z.string(), amount: z.string(), at: timeSchema })
      .nullable(),
  }),
)
export type CollectionJson = z.output<typeof collectionState>

export const lineReply = named(
  'Line',
  z.union([
    z.strictObject({ linked: z.literal(false) }),
    z.strictObject({
      linked: z.literal(true),
      carrier: carrierName,
      phone_number: z.string(),
      linked_at: timeSchema,
      collection: collectionState,
      /** Purchases that wait for the payer's confirmation, oldest first. */
      waiting: z.array(linePaymentState),
    }),
  ]),
)
