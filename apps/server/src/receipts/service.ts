import type { Transfer } from '@jeon/ledger'
import { type Asset, formatAmount } from '@jeon/money'
import { typeIdOf } from '../ids.ts'
import type { ReceiptKeys } from './keys.ts'

/** A receipt that is shown later than this is asked for again: a refund must not leave the door open for long. */
export const receiptSeconds = 3600

export interface ReceiptOf {
  readonly transfer: Transfer
  readonly asset: Asset
  readonly walletId: string
  readonly merchantId: string
  readonly unlocks: string | null
}

/** Signed statements that something was paid for, which a merchant checks without asking anyone. */
export class Receipts {
  readonly #keys: ReceiptKeys
  readonly #issuer: string
  readonly #machineMs: () => number

  /**
   * @param machineMs - the machine's clock and not the test clock: those who check receipts live outside the sandbox
   */
  constructor(keys: ReceiptKeys, issuer: string, machineMs: () => number) {
    this.#keys = keys
    this.#issuer = issuer
    this.#machineMs = machineMs
  }

  sign({ transfer, asset, walletId, merchantId, unlocks }: ReceiptOf): string {
    const issuedAt = Math.floor(this.#machineMs() / 1000)
    const payment = typeIdOf('pay', transfer.id)
    return this.#keys.sign({
      iss: this.#issuer,
      sub: walletId,
      aud: merchantId,
      pay: payment,
      offer: transfer.offer,
      unlocks: unlocks ?? undefined,
      amount: formatAmount(transfer.amount, asset),
      currency: asset.code,
      paid_at: Math.floor(transfer.atMs / 1000),
      iat: issuedAt,
      exp: issuedAt + receiptSeconds,
      jti: payment,
    })
  }
}
