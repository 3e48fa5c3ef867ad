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
