import { createHash, randomBytes } from 'node:crypto'
import type { TransferId } from '@jeon/ledger'
import { TypeID } from 'typeid-js'

/** What an id can name. */
export type Prefix =
  | 'person'
  | 'line'
  | 'consent'
  | 'block'
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
  const bytes = randomBytes(16)
  bytes.writeUIntBE(machineMs, 0, 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  return dashed(bytes.toString('hex'))
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

/** `01890a5d96337f0d8a3c0b2b2f1f4a5e` with its dashes. */
export function dashed(id: string): string {
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`
}

/** A short number that cannot be guessed, for what a client has to give back. */
export function createToken(): string {
  return randomBytes(16).toString('hex')
}
