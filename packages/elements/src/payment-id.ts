/** A payment's id, made by the page before it pays: the same id sent twice is one payment. */
export type PaymentId = `pay_${string}`

const base32 = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new TypeID (https://github.com/jetify-com/typeid): a prefix and a UUIDv7 in 26 letters of Crockford's base 32.
 *
 * @param prefix - such as `pay`, without the underscore
 * @param nowMs - milliseconds since 1970; the ids of one page sort by it
 * @param random - ten random bytes
 * @example
 * ```ts
 * createTypeId('pay', Date.now(), crypto.getRandomValues(new Uint8Array(10)))
 * // 'pay_01kkzt9y5ee8rb5s0mp2ez1v6d'
 * ```
 */
export function createTypeId<Prefix extends string>(
  prefix: Prefix,
  nowMs: number,
  random: Uint8Array,
): `${Prefix}_${string}` {
  let bits = BigInt(nowMs)
  random.forEach((byte, index) => {
    // RFC 9562, 5.7: version 7 in the high half of the seventh byte, variant 10 in the top of the ninth.
    const fixed = index === 0 ? (byte & 15) | 112 : index === 2 ? (byte & 63) | 128 : byte
    bits = (bits << 8n) | BigInt(fixed)
  })
  let text = ''
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += base32[Number((bits >> shift) & 31n)]
  return `${prefix}_${text}`
}

/** Whether a text read back from storage is a payment id. */
export function isPaymentId(text: string | undefined): text is PaymentId {
  return /^pay_\w{26}$/.test(text ?? '')
}
