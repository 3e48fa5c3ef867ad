/** What a key may be allowed to do. */
export const scopes = [
  'payments:write',
  'payments:read',
  'refunds:write',
  'holds:write',
  'offers:read',
  'offers:write',
  'merchants:read',
  'merchants:write',
  'wallets:read',
  'wallets:write',
  'sandbox:write',
  'ledger:verify',
  'rails:read',
  'rails:write',
] as const

export type Scope = (typeof scopes)[number]

/** `sk` a merchant's server, `pk` a merchant's page, `op` the operator. */
export type KeyKind = 'sk' | 'pk' | 'op'

/** What keys of each kind get when nothing else is said. */
export const usualScopes: Readonly<Record<KeyKind, readonly Scope[]>> = {
  sk: [
    'payments:write',
    'payments:read',
    'refunds:write',
    'holds:write',
    'offers:read',
    'offers:write',
    'merchants:read',
    'wallets:read',
    'wallets:write',
  ],
  pk: ['offers:read', 'wallets:write'],
  op: ['merchants:write', 'sandbox:write', 'ledger:verify', 'rails:read', 'rails:write'],
}

/** A key as the platform keeps it: never the key itself. */
export interface ApiKey {
  readonly hash: string
  readonly kind: KeyKind
  /** Null for an operator's key. */
  readonly merchantId: string | null
  readonly scopes: ReadonlySet<Scope>
}

/** A payer's way to a wallet: a cookie bound to a device, or a token for machines. */
export interface WalletSession {
  readonly hash: string
  readonly walletId: string
  readonly kind: 'cookie' | 'token'
  /** SHA-256 of the device cookie; null for a token. */
  readonly deviceHash: string | null
  readonly expiresAtMs: number
}

/** Who is asking. */
export type Caller =
  | { readonly as: 'merchant'; readonly key: ApiKey; readonly merchantId: string }
  | { readonly as: 'operator'; readonly key: ApiKey }
  | {
      readonly as: 'wallet'
      readonly session: WalletSession
      /** The page key that came along, when the request is from a merchant's page. */
      readonly page: PageKey | undefined
    }
  | { readonly as: 'page'; readonly page: PageKey; readonly sessionProblem: SessionProblem }
  | { readonly as: 'anyone'; readonly sessionProblem: SessionProblem }

export interface PageKey {
  readonly key: ApiKey
  readonly merchantId: string
}

/** Why there is no wallet session. */
export type SessionProblem = 'session_missing' | 'session_invalid' | 'session_device_mismatch'

/** One way to be allowed. An endpoint lists several; one is enough. */
export type Way =
  | { readonly by: 'merchant' | 'page' | 'operator'; readonly scope: Scope }
  /** `own`: only the platform's own pages; `merchant`: also the pages of the merchant it concerns. */
  | { readonly by: 'wallet'; readonly from: 'own' | 'merchant' }
  | { readonly by: 'anyone' }
