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

const TRANSFER_ID = /^[0-9a-f]{32}$/

export function isTransferId(id: TransferId): boolean {
  return TRANSFER_ID.test(id)
}

/** Unix milliseconds inside a UUIDv7, or undefined for an id that carries no time. */
export function timeOfId(id: TransferId): number | undefined {
  if (id.charCodeAt(12) !== 55) return undefined
  return Number.parseInt(id.slice(0, 12), 16)
}

/** `f81d4fae-7dec-…` as the database writes it, to the 32 digits used here. */
export function uuidToId(uuid: string): TransferId {
  return uuid.replaceAll('-', '')
}
