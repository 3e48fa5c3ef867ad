import { assert } from './assert.ts'
import { numberOf, readId } from './ids.ts'
import type { Transfer, TransferKind } from './model.ts'

/** The numbers that stand for kinds in SQL; `ledger.transfer_kind` holds the same. */
export const KIND_NUMBER: Readonly<Record<TransferKind, number>> = {
  payment: 1,
  hold: 2,
  capture: 3,
  void: 4,
  expire: 5,
  refund: 6,
  topup: 7,
  movement: 8,
}

export const KIND_NAME: readonly (TransferKind | undefined)[] = [
  undefined,
  'payment',
  'hold',
  'capture',
  'void',
  'expire',
  'refund',
  'topup',
  'movement',
]

/** The order of the fields in a row; the encoder below writes exactly these. */
export const TRANSFER_COLUMNS =
  'shard, kind, ttl_s, seq, amount, at_ms, previous_debit, previous_credit, origin, debit, credit, id, category, offer, reference, device'

const FIELDS = 16
// Lengths and values of the twelve fields that never change their size.
const FIXED_BYTES = 2 + 6 + 6 + 8 + 6 * 12 + 8 + 8 + 20
const TEXTS_MAX = 4 * (4 + 200 * 3)

/** `PGCOPY\n\xff\r\n\0`, flags and header extension: PostgreSQL, "COPY", Binary Format. */
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex')
const TRAILER_BYTES = 2

/** Writes transfers in the binary form of COPY, to be sent and hashed as they are. */
export class TransferEncoder {
  #buffer: Buffer
  #view: DataView
  #end = HEADER.length

  constructor(capacity = 64 * 1024) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity)
    this.#view = new DataView(this.#buffer.buffer)
    HEADER.copy(this.#buffer)
  }

  /** Where the next row begins; `rewind` to it forgets what was written since. */
  get position(): number {
    return this.#end
  }

  rewind(position: number = HEADER.length): void {
    this.#end = position
  }

  /** The rows alone: what a batch's hash covers. Valid until the next `rewind`. */
  rows(): Buffer {
    return this.#buffer.subarray(HEADER.length, this.#end)
  }

  /** Header, rows and trailer: what COPY reads. Valid until the next `rewind`. */
  seal(): Buffer {
    this.#view.setInt16(this.#end, -1)
    return this.#buffer.subarray(0, this.#end + TRAILER_BYTES)
  }

  add(transfer: Transfer): void {
    this.#reserve(FIXED_BYTES + TEXTS_MAX + TRAILER_BYTES)
    const view = this.#view
    let at = this.#end
    view.setInt16(at, FIELDS)
    view.setInt32(at + 2, 2)
    view.setInt16(at + 6, transfer.shard)
    view.setInt32(at + 8, 2)
    view.setInt16(at + 12, KIND_NUMBER[transfer.kind])
    at = int4(view, at + 14, transfer.ttlS)
    at = int8(view, at, transfer.sequence)
    view.setInt32(at, 8)
    view.setBigInt64(at + 4, transfer.amount)
    at = int8(view, at + 12, transfer.atMs)
    at = int8(view, at, transfer.previousDebit)
    at = int8(view, at, transfer.previousCredit)
    at = int8(view, at, transfer.origin)
    at = int4(view, at, numberOf(transfer.debit))
    at = int4(view, at, numberOf(transfer.credit))
    at = this.#uuid(at, transfer.id)
    at = this.#text(at, transfer.category)
    at = this.#text(at, transfer.offer)
    at = this.#text(at, transfer.reference)
    this.#end = this.#text(at, transfer.device)
  }

  #uuid(at: number, id: string): number {
    const words = readId(id)
    assert(words !== undefined, 'ids are checked before they are decided')
    const view = this.#view
    view.setInt32(at, 16)
    view.setUint32(at + 4, words[0]!)
    view.setUint32(at + 8, words[1]!)
    view.setUint32(at + 12, words[2]!)
    view.setUint32(at + 16, words[3]!)
    return at + 20
  }

  #text(at: number, text: string): number {
    if (text === '') {
      this.#view.setInt32(at, 0)
      return at + 4
    }
    const bytes = this.#ascii(at + 4, text) ?? this.#buffer.write(text, at + 4, 'utf8')
    this.#view.setInt32(at, bytes)
    return at + 4 + bytes
  }

  /** Short plain texts are the rule, and quicker by hand than by a call into the runtime. */
  #ascii(at: number, text: string): number | undefined {
    const { length } = text
    if (length > 32) return undefined
    const buffer = this.#buffer
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) return undefined
      buffer[at + i] = code
    }
    return length
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return
    const bigger = Buffer.allocUnsafeSlow(this.#buffer.length * 2 + bytes)
    this.#buffer.copy(bigger, 0, 0, this.#end)
    this.#buffer = bigger
    this.#view = new DataView(bigger.buffer)
  }
}

function int4(view: DataView, at: number, value: number): number {
  view.setInt32(at, 4)
  view.setInt32(at + 4, value)
  return at + 8
}

/** A whole number below 2^53. */
function int8(view: DataView, at: number, value: number): number {
  view.setInt32(at, 8)
  const high = Math.floor(value / 4_294_967_296)
  view.setUint32(at + 4, high)
  view.setUint32(at + 8, value - high * 4_294_967_296)
  return at + 12
}
