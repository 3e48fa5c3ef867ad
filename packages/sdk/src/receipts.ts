import { compactVerify, decodeProtectedHeader, errors } from 'jose'
import { createKeySet, type KeySet, keySetOf } from './keyset.ts'
import {
  type Fields,
  fieldsOf,
  optionalNumber,
  optionalText,
  parseJson,
  textOf,
  WireError,
} from './reader.ts'
import { type Money, moneyOf } from './shapes.ts'

/** What a valid receipt says. */
export interface Receipt {
  /** The payment, `pay_…`. */
  readonly payment: string
  /** The payer's wallet. */
  readonly wallet: string
  readonly merchant: string
  readonly offer: string
  readonly unlocks: string | undefined
  readonly amount: Money
  /** Epoch seconds of the platform's clock. */
  readonly issuedAtS: number
  /** Epoch seconds; undefined when it does not end. */
  readonly expiresAtS: number | undefined
  readonly claims: Fields
}

/**
 * - `missing`, `too_large`, `malformed`: not a receipt
 * - `algorithm`: signed with anything but Ed25519, `none` included
 * - `unknown_key`: signed with a key that the operator does not publish
 * - `signature`: not what was signed
 * - `issuer`, `merchant`, `offer`: genuine, but of another platform, for another merchant or for something else
 * - `not_yet_valid`, `expired`: genuine, but not now
 */
export type ReceiptRefusal =
  | 'missing'
  | 'too_large'
  | 'malformed'
  | 'algorithm'
  | 'unknown_key'
  | 'signature'
  | 'issuer'
  | 'merchant'
  | 'offer'
  | 'not_yet_valid'
  | 'expired'

/** Whether a receipt is good. Only `valid` may open anything; `unavailable` is neither good nor bad. */
export type ReceiptVerdict =
  | { readonly status: 'valid'; readonly receipt: Receipt }
  | { readonly status: 'invalid'; readonly reason: ReceiptRefusal }
  | { readonly status: 'unavailable'; readonly detail: string }

export interface ReceiptExpectation {
  /** Who must have been paid: the merchant's own id. */
  readonly merchant: string
  /** What must have been paid for. */
  readonly offer: string
}

/** Where the keys come from: given, or published by a server. */
export type KeySource =
  | { readonly jwks: unknown; readonly server?: never; readonly issuer: string }
  | { readonly server: string; readonly jwks?: never; readonly issuer?: string }

export type VerifyReceiptOptions = ReceiptExpectation &
  KeySource & {
    /** Epoch milliseconds. (Default: this machine's clock.) */
    readonly now?: () => number
    readonly fetch?: typeof fetch
    /** For fetching the keys. (Default: 5,000.) */
    readonly timeoutMs?: number
  }

/** Longer texts are refused unread. A receipt has about 600 characters. */
export const RECEIPT_TEXT_MAX = 4_096

/**
 * Checks a receipt offline: signature, issuer, merchant, offer and time. Never throws for anything a receipt contains.
 *
 * A receipt says that something was paid, not that it was kept: after a refund it stays valid until it expires. Ask
 * `jeon.entitlements.check` where that matters.
 *
 * Keys of a `server` are fetched on each call; a client made by `createJeon` keeps them.
 *
 * @example
 * ```ts
 * const verdict = await verifyReceipt(text, { server, merchant: 'mer_…', offer: 'article-1' })
 * if (verdict.status === 'valid') deliver(verdict.receipt.wallet)
 * ```
 */
export function verifyReceipt(
  receipt: string | undefined,
  options: VerifyReceiptOptions,
): Promise<ReceiptVerdict> {
  const keys =
    options.server === undefined
      ? keySetOf(options.jwks)
      : createKeySet({
          url: jwksUrl(options.server),
          fetch: options.fetch ?? fetch,
          timeoutMs: options.timeoutMs ?? 5_000,
        })
  return checkReceipt(receipt, options, {
    keys,
    issuer: options.issuer ?? options.server ?? '',
    now: options.now ?? Date.now,
  })
}

/** Where a server publishes its keys. */
export function jwksUrl(server: string): string {
  return `${server.replace(/\/+$/, '')}/.well-known/jwks.json`
}

/** What a receipt is checked with. */
export interface ReceiptContext {
  readonly keys: KeySet
  readonly issuer: string
  readonly now: () => number
}

/** {@link verifyReceipt} with keys that are kept. */
export async function checkReceipt(
  receipt: string | undefined,
  expected: ReceiptExpectation,
  context: ReceiptContext,
): Promise<ReceiptVerdict> {
  if (receipt === undefined || receipt === '') return invalid('missing')
  if (receipt.length > RECEIPT_TEXT_MAX) return invalid('too_large')
  const header = headerOf(receipt)
  if (header === undefined) return invalid('malformed')
  // Checked before any key is looked at, so that the receipt does not choose how it is verified.
  if (header.alg !== 'EdDSA') return invalid('algorithm')
  if (typeof header.kid !== 'string') return invalid('unknown_key')

  const lookup = await context.keys.find(header.kid)
  if (lookup.status === 'unknown_key') return invalid('unknown_key')
  if (lookup.status === 'keys_unreachable') {
    return { status: 'unavailable', detail: lookup.detail }
  }
  try {
    const { payload } = await compactVerify(receipt, lookup.key, { algorithms: ['EdDSA'] })
    const claims = fieldsOf(parseJson(new TextDecoder().decode(payload)), 'receipt')
    return judge(claims, expected, context.issuer, context.now() / 1000)
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('signature')
    if (error instanceof errors.JOSEError || error instanceof WireError) return invalid('malformed')
    throw error
  }
}

/** Clocks of two machines differ; this much is forgiven. */
const skewS = 60

function judge(
  claims: Fields,
  expected: ReceiptExpectation,
  issuer: string,
  nowS: number,
): ReceiptVerdict {
  if (claims.iss !== issuer.replace(/\/+$/, '')) return invalid('issuer')
  if (claims.aud !== expected.merchant) return invalid('merchant')
  if (claims.offer !== expected.offer) return invalid('offer')
  const issuedAtS = optionalNumber(claims, 'iat')
  if (issuedAtS === undefined) return invalid('malformed')
  if (issuedAtS > nowS + skewS) return invalid('not_yet_valid')
  const expiresAtS = optionalNumber(claims, 'exp')
  // An exp that is there but cannot be read must not count as "for ever".
  if (expiresAtS === undefined && claims.exp !== undefined) return invalid('malformed')
  if (expiresAtS !== undefined && expiresAtS <= nowS) return invalid('expired')
  return {
    status: 'valid',
    receipt: {
      payment: textOf(claims, 'pay'),
      wallet: textOf(claims, 'sub'),
      merchant: expected.merchant,
      offer: expected.offer,
      unlocks: optionalText(claims, 'unlocks'),
      amount: moneyOf(claims, 'receipt'),
      issuedAtS,
      expiresAtS,
      claims,
    },
  }
}

function headerOf(receipt: string): { readonly alg?: string; readonly kid?: string } | undefined {
  try {
    return decodeProtectedHeader(receipt)
  } catch {
    return undefined
  }
}

function invalid(reason: ReceiptRefusal): ReceiptVerdict {
  return { status: 'invalid', reason }
}
