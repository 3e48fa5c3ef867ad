import { KIND_NAME } from './encode.ts'
import { accountId } from './ids.ts'
import type { Transfer } from './model.ts'

/** Reads a row of `TRANSFER_COLUMNS` in the binary form of COPY: the inverse of `TransferEncoder`. */
export function decodeTransfer(row: Buffer): Transfer {
  const shard = row.readInt16BE(6)
  const kind = KIND_NAME[row.readInt16BE(12)]
  if (kind === undefined) throw new RangeError(`no such transfer kind: ${row.readInt16BE(12)}`)
  let at = 130
  const text = (): string => {
    const length = row.readInt32BE(at)
    at += 4 + length
    return length === 0 ? '' : row.toString('utf8', at - length, at)
  }
  return {
    shard,
    kind,
    ttlS: row.readInt32BE(18),
    sequence: int8(row, 26),
    amount: row.readBigInt64BE(38),
    atMs: int8(row, 50),
    previousDebit: int8(row, 62),
    previousCredit: int8(row, 74),
    origin: int8(row, 86),
    debit: accountId(shard, row.readInt32BE(98)),
    credit: accountId(shard, row.readInt32BE(106)),
    id: row.toString('hex', 114, 130),
    category: text(),
    offer: text(),
    reference: text(),
    device: text(),
  }
}

function int8(row: Buffer, at: number): number {
  return row.readInt32BE(at) * 4_294_967_296 + row.readUInt32BE(at + 4)
}
