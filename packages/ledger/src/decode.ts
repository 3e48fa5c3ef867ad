import { KIND_NAME } from './encode.ts'
import { accountId } from './ids.ts'
import type { Transfer } from './model.ts'
import { RepeatedTexts } from './repeated-texts.ts'

const texts = new RepeatedTexts()

/** Reads a row of `TRANSFER_COLUMNS` in the binary form of COPY: the inverse of `TransferEncoder`. */
export function decodeTransfer(row: Buffer): Transfer {
  const shard = row.readInt16BE(6)
  const kind = KIND_NAME[row.readInt16BE(12)]
  if (kind === undefined) throw new RangeError(`no such transfer kind: ${row.readInt16BE(12)}`)
  let at = 130
  const text = (): string => {
    const length = row.readInt32BE(at)
    at += 4 + length
    return texts.read(row, at - length, at)
  }
  return {
    shard,
    kind,
    ttlS: row.readInt32BE(18),
    sequence: readSequence(row, 26),
    amount: readInt8(row, 38),
    atMs: readSequence(row, 50),
    previousDebit: readSequence(row, 62),
    previousCredit: readSequence(row, 74),
    origin: readSequence(row, 86),
    debit: accountId(shard, row.readInt32BE(98)),
    credit: accountId(shard, row.readInt32BE(106)),
    id: row.toString('hex', 114, 130),
    category: text(),
    offer: text(),
    reference: text(),
    device: text(),
  }
}

/** A number in an int8: a sequence, or milliseconds. */
export function readSequence(row: Buffer, at: number): number {
  return row.readInt32BE(at) * 4_294_967_296 + row.readUInt32BE(at + 4)
}

let view: DataView = new DataView(new ArrayBuffer(8))

/** As `readBigInt64BE`, which makes three of them to give one. Hundreds of rows share a buffer. */
export function readInt8(row: Buffer, at: number): bigint {
  if (view.buffer !== row.buffer) view = new DataView(row.buffer)
  return view.getBigInt64(row.byteOffset + at)
}
