import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowsOfCopy } from '../test/memory-database.ts'
import { INT64_MAX } from './accounts.ts'
import { decodeTransfer } from './decode.ts'
import { KIND_NAME, TransferEncoder } from './encode.ts'
import { accountId } from './ids.ts'
import type { Transfer } from './model.ts'

const kinds = KIND_NAME.filter((kind) => kind !== undefined)
const hex = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 32, maxLength: 32 })
const facts = fc.oneof(
  fc.constantFrom(
    '',
    '기사 ✓',
    'é'.repeat(200),
    '漢'.repeat(200),
    '😀'.repeat(100),
    'x'.repeat(33),
  ),
  fc.string({ maxLength: 100, unit: 'binary' }).filter((text) => !text.includes('\0')),
)
const sequence = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const number = fc.integer({ min: 1, max: 2 ** 31 - 1 })

const transfers: fc.Arbitrary<Transfer> = fc
  .record({
    shard: fc.integer({ min: 0, max: 2 ** 15 - 1 }),
    kind: fc.constantFrom(...kinds),
    ttlS: fc.integer({ min: 0, max: 604_800 }),
    sequence,
    amount: fc.bigInt({ min: 1n, max: INT64_MAX }),
    atMs: sequence,
    previousDebit: sequence,
    previousCredit: sequence,
    origin: sequence,
    debit: number,
    credit: number,
    id: hex.map((digits) => digits.map((digit) => digit.toString(16)).join('')),
    category: facts,
    offer: facts,
    reference: facts,
    device: facts,
  })
  .map((drawn) => ({
    ...drawn,
    debit: accountId(drawn.shard, drawn.debit),
    credit: accountId(drawn.shard, drawn.credit),
  }))

test('what is encoded is decoded, row by row, also after a rewind', () => {
  // Grows from almost nothing, so that rows move while they are written.
  const encoder = new TransferEncoder(64)
  fc.assert(
    fc.property(fc.array(transfers, { minLength: 1, maxLength: 5 }), transfers, (list, lost) => {
      encoder.rewind()
      const [first, ...rest] = list
      encoder.add(first!)
      const position = encoder.position
      encoder.add(lost)
      encoder.rewind(position)
      for (const transfer of rest) encoder.add(transfer)
      const rows = Buffer.from(encoder.rows())
      const sent = rowsOfCopy(encoder.seal())
      expect(Buffer.concat(sent).equals(rows)).toBe(true)
      expect(sent.map(decodeTransfer)).toEqual(list)
    }),
  )
})
