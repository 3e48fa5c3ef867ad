import fc from 'fast-check'
import type { Document, Schema } from './document.ts'
import type { Pools } from './target.ts'

/** What a careless or hostile sender may put where a value belongs. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    9_007_199_254_740_992,
    '',
    '0',
    '-1',
    '+1',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '١٢٣',
    '1_000',
    '1,5',
    '99999999999999999999999',
    '9223372036854775808',
    '9223372036854.775807',
    '0.0000000000000000001',
    '0'.repeat(200),
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '\u202eabc\u202d',
    '\ufeff',
    '👩‍👩‍👧‍👦'.repeat(50),
    '서울'.repeat(500),
    '\r\nSet-Cookie: a=b',
    "'; drop table jeon.wallet; --",
    '{{7*7}}%{7*7}',
    '<script>alert(1)</script>',
    '../../etc/passwd',
    '__proto__',
    'constructor',
    'x'.repeat(20_000),
    [],
    [[[[[]]]]],
    {},
    { amount: '1', currency: 'KRW' },
    'wal_01h455vb4pex5vsknk084sn02q',
    'wal_zzzzzzzzzzzzzzzzzzzzzzzzzz',
    'pay_01h455vb4pex5vsknk084sn02q',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Member names that mean something to JavaScript, to SQL or to us. */
export const oddName = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  'amount',
  'wallet',
  'id',
  'balance',
  'status',
  'debit',
  'overdraft',
  'scopes',
  'merchant_id',
  '',
  '\u0000',
  'x'.repeat(300),
)

/** Values that a schema lets through, mostly naming things that are there. */
export function validValue(
  document: Document,
  pools: Pools,
): (schema: Schema) => fc.Arbitrary<unknown> {
  const byName: Readonly<Record<string, readonly string[]>> = {
    wallet: pools.wallet,
    merchant: pools.merchant,
    offer: pools.offer,
    amount: ['1', '0.3', '150', '0.001', '3000', '99999999'],
    amount_max: ['1000', '0.5', '100000'],
    advance: ['1s', '1ms', '2m'],
    category: ['news', 'games', ''],
  }
  const arbitraryOf = (schema: Schema, name: string): fc.Arbitrary<unknown> => {
    const {
      enum: choices,
      anyOf,
      oneOf,
      type,
      properties,
      items,
      const: only,
    } = document.resolve(schema)
    if (only !== undefined) return fc.constant(only)
    if (choices !== undefined) return fc.constantFrom(...choices)
    const parts = anyOf ?? oneOf
    if (parts !== undefined) return fc.oneof(...parts.map((part) => arbitraryOf(part, name)))
    const kind = typeof type === 'string' ? type : type?.[0]
    switch (kind) {
      case 'object': {
        const required = new Set(document.resolve(schema).required ?? [])
        const entries = Object.entries(properties ?? {})
        const model = Object.fromEntries(entries.map(([each, of]) => [each, arbitraryOf(of, each)]))
        const names = entries.map(([each]) => each).filter((each) => required.has(each))
        return fc.record(model, { requiredKeys: names })
      }
      case 'array':
        return fc.array(arbitraryOf(items ?? {}, name), { maxLength: 4 })
      case 'integer':
      case 'number':
        return fc.constantFrom(1, 2, 60, 600)
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      default: {
        const known = byName[name] ?? idsFor(document.resolve(schema).pattern, pools)
        return known === undefined
          ? fc.constantFrom('a', 'article-9', 'x-1')
          : fc.constantFrom(...known)
      }
    }
  }
  return (schema) => arbitraryOf(schema, '')
}

/** The pool that an id's pattern is about. */
export function idsFor(pattern: string | undefined, pools: Pools): readonly string[] | undefined {
  if (pattern === undefined) return undefined
  if (pattern.startsWith('^pay_')) return pools.payment
  if (pattern.startsWith('^hold_')) return pools.hold
  if (pattern.startsWith('^wal_')) return pools.wallet
  if (pattern.startsWith('^mer_')) return pools.merchant
  if (pattern.startsWith('^[a-z0-9]')) return pools.offer
  return undefined
}
