import fc from 'fast-check'
import { oddName, oddValue } from './values.ts'

/** Bodies made from a value that would be accepted: as it is, and spoilt in one of many ways. */
export function bodyFrom(value: fc.Arbitrary<unknown>, isLines: boolean): fc.Arbitrary<Uint8Array> {
  const text = (json: unknown) => (isLines ? linesOf(json) : JSON.stringify(json))
  const encoded = value.map(text)
  return fc.oneof(
    { weight: 8, arbitrary: encoded.map(utf8) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(value, fc.nat(), oddValue)
        .map(([json, at, odd]) => utf8(text(replaced(json, at, odd)))),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(value, fc.nat()).map(([json, at]) => utf8(text(without(json, at)))),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(encoded, oddName, oddValue)
        .map(([json, name, odd]) => utf8(withMember(json, name, odd))),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(encoded, fc.nat())
        .map(([json, at]) => utf8(json.slice(0, at % (json.length + 1)))),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(encoded, fc.nat(), notUtf8)
        .map(([json, at, bytes]) => spliced(utf8(json), at, bytes)),
    },
    {
      weight: 3,
      arbitrary: fc.oneof(
        oddValue.map((odd) => utf8(text(odd))),
        fc.uint8Array({ maxLength: 60 }),
        strangeTexts.map(utf8),
      ),
    },
  )
}

const strangeTexts = fc.constantFrom(
  '',
  ' ',
  'null',
  '\ufeff{}',
  '{"a":1,"a":2}',
  '{"amount":"1","\\u0061mount":"2"}',
  '{"__proto__":{"amount":"1"}}',
  `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  '{"a":'.repeat(10_000),
  `"${'x'.repeat(70_000)}"`,
  '\\',
  '{]',
  '[1,]',
  "{'a':1}",
  '\n\n\n',
  '{}\n{}\n',
  'amount=1&currency=KRW',
)

const notUtf8 = fc.constantFrom(
  Uint8Array.of(0xff),
  Uint8Array.of(0xc3, 0x28),
  Uint8Array.of(0xed, 0xa0, 0x80),
  Uint8Array.of(0xf8, 0x88, 0x80, 0x80, 0x80),
  Uint8Array.of(0xc0, 0x80),
)

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function linesOf(json: unknown): string {
  return Array.isArray(json)
    ? json.map((item: unknown) => JSON.stringify(item)).join('\n')
    : JSON.stringify(json)
}

/** Puts an odd value in place of one of the members, or of everything. */
function replaced(json: unknown, at: number, odd: unknown): unknown {
  if (Array.isArray(json)) {
    const list: unknown[] = json
    if (list.length === 0) return [odd]
    return list.map((item, index) => (index === at % list.length ? replaced(item, at, odd) : item))
  }
  const names = membersOf(json)
  const name = names[at % (names.length + 1)]
  if (name === undefined) return odd
  return Object.fromEntries(
    Object.entries(Object(json)).map(([each, of]) => [each, each === name ? odd : of]),
  )
}

function without(json: unknown, at: number): unknown {
  if (Array.isArray(json)) return json.map((item: unknown) => without(item, at))
  const names = membersOf(json)
  const gone = names[at % Math.max(1, names.length)]
  return Object.fromEntries(Object.entries(Object(json)).filter(([name]) => name !== gone))
}

function membersOf(json: unknown): readonly string[] {
  return typeof json === 'object' && json !== null ? Object.keys(json) : []
}

/** One member more, which may be there already: written as text, since no object can have it twice. */
function withMember(json: string, name: string, odd: unknown): string {
  const member = `${JSON.stringify(name)}:${JSON.stringify(odd)}`
  return json.replace('{', json.includes('{}') ? `{${member}` : `{${member},`)
}

function spliced(bytes: Uint8Array, at: number, more: Uint8Array): Uint8Array {
  const place = at % (bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)])
}
