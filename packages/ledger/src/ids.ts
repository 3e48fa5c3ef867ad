import type { AccountId, TransferId } from './model.ts'

const ACCOUNTS_PER_SHARD = 2 ** 32
/** Account numbers are int4 in SQL. */
export const ACCOUNT_NUMBER_MAX = 2 ** 31 - 1
export const SHARD_MAX = 2 ** 15 - 1

/** The id of the account with this number in this shard. */
export function accountId(shard: number, number: number): AccountId {
  return shard * ACCOUNTS_PER_SHARD + number
}

export function shardOf(id: AccountId): number {
  return Math.floor(id / ACCOUNTS_PER_SHARD)
}

export function numberOf(id: AccountId): number {
  return id % ACCOUNTS_PER_SHARD
}

/** True for a whole number that can name an account; it need not exist. */
export function isAccountId(id: AccountId): boolean {
  if (!Number.isSafeInteger(id) || id <= 0) return false
  return shardOf(id) <= SHARD_MAX && numberOf(id) >= 1 && numberOf(id) <= ACCOUNT_NUMBER_MAX
}

const NO_DIGIT = 0x80
const DIGITS = new Uint8Array(128).fill(NO_DIGIT)
for (let digit = 0; digit < 16; digit++) DIGITS[digit.toString(16).charCodeAt(0)] = digit

const words = new Uint32Array(4)

/**
 * The 128 bits of a transfer id, or undefined when it is not one. The array is used again by the
 * next call: this runs for every payment, and must leave nothing to collect.
 */
export function readId(id: TransferId): Uint32Array | undefined {
  if (id.length !== 32) return undefined
  let bad = 0
  for (let word = 0; word < 4; word++) {
    let bits = 0
    for (let at = word * 8; at < word * 8 + 8; at++) {
      const code = id.charCodeAt(at)
      const digit = code < 128 ? DIGITS[code]! : NO_DIGIT
      bad |= digit
      bits = (bits << 4) | (digit & 15)
    }
    words[word] = bits
  }
  return bad < NO_DIGIT ? words : undefined
}

export function isTransferId(id: TransferId): boolean {
  return readId(id) !== undefined
}

/** Ids that begin so are the journal's own: no caller can take the id of an expiry to come. */
export const RESERVED_PREFIX = 'ffffffff'

/** Unix milliseconds inside a UUIDv7, or undefined for an id that carries no time. */
export function timeOfId(id: Uint32Array): number | undefined {
  const isVersion7 = ((id[1]! >>> 12) & 15) === 7
  return isVersion7 ? id[0]! * 65_536 + (id[1]! >>> 16) : undefined
}

/** `f81d4fae-7dec-…` as the database writes it, to the 32 digits used here. */
export function uuidToId(uuid: string): TransferId {
  return uuid.replaceAll('-', '')
}
