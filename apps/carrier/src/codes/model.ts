/** Why a code is sent; also the line's owner sees it in the message. */
export type CodePurpose = 'payment' | 'otp' | 'login' | 'unblock' | 'raise' | 'password' | 'consent'

export type CodeSent =
  | { readonly ok: true; readonly id: string; readonly expiresAtMs: number }
  /** More codes within an hour than the market allows for this line, or than one client may send to all lines. */
  | {
      readonly ok: false
      readonly code: 'too_many_codes'
      readonly of: 'line' | 'client'
      readonly againAtMs: number
    }

/**
 * What became of a try. `used_up`: too many wrong ones, a new code is needed. `unknown`: no such code, or it was used
 * already.
 */
export type CodeCheck = 'ok' | 'wrong' | 'used_up' | 'expired' | 'unknown'
