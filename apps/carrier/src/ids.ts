import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { TransferId } from '@jeon/ledger'
import { TypeID } from 'typeid-js'

/** What an id can name. */
export type Prefix =
  | 'person'
  | 'line'
  | 'consent'
  | 'block'
  | 'unblock'
  | 'limitchange'
  | 'attempt'
  | 'bill'
  | 'credit'
  | 'pause'
  | 'dispute'
  | 'relief'
  | 'statement'
  | 'message'
  | 'code'
  | 'proof'
  | 'inquiry'
  | 'delivery'

/** A new id that sorts by time. `machineMs`: the machine's time, Unix milliseconds. */
export function createId(prefix: Prefix, machineMs: number): string {
  return TypeID.fromUUID(prefix, createUuid(machineMs)).toString()
}

/** A new UUID version 7 with dashes. */
export function createUuid(machineMs: number): string {
  const time = machineMs.toString(16).padStart(12, '0')
  // Node fetches randomness for many of these at once. From the version's digit on they are alike.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

/**
 * A new id of a payment or refund: a UUID version 7 with dashes whose last digit is even. Its odd neighbour is the id
 * of the transfer that counts in the person's windows.
 */
export function createPaymentId(machineMs: number): string {
  const uuid = createUuid(machineMs)
  const last = Number.parseInt(uuid.slice(-1), 16)
  return uuid.slice(0, -1) + (last & 14).toString(16)
}

/** The ledger's id of a payment: the same digits without dashes. */
export function transferIdOf(uuid: string): TransferId {
  return uuid.replaceAll('-', '')
}

/** The other leg of a linked pair: the last digit with its lowest bit turned over. */
export function otherLegOf(id: TransferId): TransferId {
  return id.slice(0, -1) + (Number.parseInt(id.slice(-1), 16) ^ 1).toString(16)
}

/** What may happen to a payment or refund in the ledger after its first transfer. */
export type Sequel = 'capture' | 'void' | 'denial' | 'payout'

/**
 * The id of what happens to a payment later: the same every time, so that a retry is a replay. It keeps the time of
 * the payment's id, by which the ledger knows new ids without a look-up, and ends in an even digit.
 */
export function sequelOf(uuid: string, sequel: Sequel): TransferId {
  const id = transferIdOf(uuid)
  const digest = createHash('sha256').update(`${sequel} ${id}`).digest('hex')
  const last = Number.parseInt(digest.charAt(14), 16) & 14
  return `${id.slice(0, 16)}8${digest.slice(0, 14)}${last.toString(16)}`
}

/** A short number that cannot be guessed, for what a client has to give back. */
export function createToken(): string {
  return randomBytes(16).toString('hex')
}
