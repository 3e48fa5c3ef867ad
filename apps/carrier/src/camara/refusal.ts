import type { CamaraCode } from '../faults/model.ts'

/** Codes that CAMARA's test scenarios expect and its definitions do not know; told only to clients with quirks. */
export type QuirkCode =
  | 'CARRIER_BILLING.PHONE_NUMBER_REQUIRED'
  | 'CARRIER_BILLING.AMOUNT_THRESHOLD_OVERPASSED'
  | 'CARRIER_BILLING.OUT_OF_RANGE'

/**
 * Codes of the common part of CAMARA, which every API may answer without listing them. INTERNAL: something failed here.
 * UNAVAILABLE: it is certain that nothing was done. TIMEOUT: it is not known whether it was done; ask later.
 */
export type CommonCode = 'INTERNAL' | 'UNAVAILABLE' | 'TIMEOUT' | 'METHOD_NOT_ALLOWED'

export type RefusalCode = CamaraCode | QuirkCode | CommonCode

/** The one body of every refusal. `message` is for the developers of the client. */
export interface RefusalBody {
  readonly status: number
  readonly code: RefusalCode
  readonly message: string
}

/** A refusal on its way to the client, thrown where it is found out and answered in one place. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: RefusalCode
  /** After how many whole seconds the same request may be sent again; undefined: that is not said. */
  readonly retryAfterS: number | undefined

  constructor(status: number, code: RefusalCode, message: string, retryAfterS?: number) {
    super(message)
    this.status = status
    this.code = code
    this.retryAfterS = retryAfterS
  }

  get body(): RefusalBody {
    return { status: this.status, code: this.code, message: this.message }
  }
}
