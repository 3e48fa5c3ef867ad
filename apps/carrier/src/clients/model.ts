import { z } from 'zod'
import type { CarrierId } from '../model.ts'

/** How a carrier treats one client; each can be set apart in the sandbox. */
export const clientSettings = z.object({
  /** Payments are decided before the answer; else they are `processing` first. (Default: true) */
  sync: z.boolean().default(true),
  /** How the payer confirms every two-step payment, where the market asks for less. (Default: none) */
  validation: z.enum(['none', 'code', 'url']).default('none'),
  /**
   * Answers as CAMARA's own test scenarios want it where they contradict the definitions: `camara/quirks.ts` lists
   * the five places. (Default: false)
   */
  featureQuirks: z.boolean().default(false),
  /** Events may go to plain http on this machine. (Default: true) */
  webhookAllowHttp: z.boolean().default(true),
  /** Its one-time password messages may have links, which the carrier has looked at. (Default: false) */
  smsLinks: z.boolean().default(false),
  /**
   * Requests to each API in a second, on average and at once; `null`: as many as it likes. (Default: 200, 400 at once)
   */
  rate: z
    .object({ perSecond: z.number().positive(), burst: z.int().min(1) })
    .nullable()
    .default({ perSecond: 200, burst: 400 }),
  /** Requests to all APIs together in a day of the carrier's calendar; `null`: as many as it likes. (Default: null) */
  dailyQuota: z.int().min(0).nullable().default(null),
})
export type ClientSettings = z.infer<typeof clientSettings>

/** A platform that uses a carrier's APIs. */
export interface Client {
  readonly id: string
  readonly carrier: CarrierId
  readonly name: string
  /** Where a payer reaches it: stands on pages and in messages. */
  readonly contact: string
  /** SHA-256 of the secret in hexadecimal; secrets are random, so they need no slow hash. */
  readonly secretHash: string
  readonly redirectUris: readonly string[]
  readonly scopes: readonly string[]
  /** Public keys with which it signs assertions; `null`: it cannot. */
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] } | null
  readonly settings: ClientSettings
}

export interface NewClient extends Omit<Client, 'secretHash' | 'settings' | 'scopes'> {
  readonly secret: string
  /** (Default: every scope that the carrier has.) */
  readonly scopes?: readonly string[]
  readonly settings?: Partial<ClientSettings>
}
