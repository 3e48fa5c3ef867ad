/**
 * Ids made by the caller before anything is sent, so that a lost reply can be asked about by name. They are TypeIDs:
 * a prefix and a UUIDv7 in 26 characters of Crockford's base 32, and sort by time.
 */

/** The id of a payment that is about to be made: `pay_…`. Store it before sending. */
export function newPaymentId(): string {
  return newId('pay')
}

/** The id of a hold that is about to be made: `hold_…`. */
export function newHoldId(): string {
  return newId('hold')
}

/** The id of a refund that is about to be made: `rfd_…`. */
export function newRefundId(): string {
  return newId('rfd')
}

/**
 * Whether a text is a TypeID with the given prefix.
 *
 * @example
 * ```ts
 * isId('pay', newPaymentId()) // true
 * ```
 */
export function isId(prefix: string, text: string): boolean {
  return text.startsWith(`${prefix}_`) && suffixGrammar.test(text.slice(prefix.length + 1))
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
// 26 characters carry 130 bits; the first may not exceed 7, or the 128 bits would overflow.
const suffixGrammar = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/
const suffixLength = 26

function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const view = new DataView(bytes.buffer)
  // RFC 9562 section 5.7: 48 bits of milliseconds, the version, 12 random bits, the variant, 62 random bits.
  const nowMs = Date.now()
  view.setUint32(0, Math.floor(nowMs / 0x10000))
  view.setUint16(4, nowMs % 0x10000)
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)

  let rest = (view.getBigUint64(0) << 64n) | view.getBigUint64(8)
  let suffix = ''
  for (let index = 0; index < suffixLength; index += 1) {
    suffix = alphabet.charAt(Number(rest & 31n)) + suffix
    rest >>= 5n
  }
  return `${prefix}_${suffix}`
}
