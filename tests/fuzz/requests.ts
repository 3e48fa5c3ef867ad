import fc from 'fast-check'
import { bodyFrom } from './bodies.ts'
import type { Document, Operation } from './document.ts'
import type { Target } from './target.ts'
import { idsFor, validValue } from './values.ts'
import type { RawRequest } from './wire.ts'

/** A request, and the endpoint that it is meant for. */
export interface FuzzedRequest {
  readonly operation: Operation
  readonly request: RawRequest
}

type Header = readonly (readonly [name: string, value: string])[]

const oddPathParts = [
  '%00',
  '..',
  '%2e%2e',
  '%2E%2E%2F%2E%2E%2Fetc%2Fpasswd',
  '%',
  '%F0%28',
  '%E0%A4%A',
  '%ED%A0%80',
  '%F0%9F%92%B8',
  '',
  'a'.repeat(5_000),
  "1'%20or%20'1'='1",
  'pay_01H455VB4PEX5VSKNK084SN02Q',
  'pay_81h455vb4pex5vsknk084sn02q',
  'null',
  '-1',
  ';a=b',
  'a%2Fb',
]

/** Requests to all endpoints of the document: some as they should be, most wrong in some way. */
export function requests(document: Document, target: Target): fc.Arbitrary<FuzzedRequest> {
  return fc.oneof(
    ...document.operations.map((operation) =>
      fc
        .record({
          method: methodOf(operation),
          target: targetOf(operation, target),
          sender: senderOf(operation, target),
          headers: headers(),
          idempotency: idempotencyKey(),
          body: bodyOf(operation, document, target),
        })
        .map(({ method, sender, headers: more, idempotency, body, ...rest }) => ({
          operation,
          // What is replayed is printed apart, in a form for a terminal.
          [fc.toStringMethod]: () => `${method} ${operation.path}`,
          request: {
            method,
            target: rest.target,
            headers: [...sender, ...idempotency, ...body.type, ...more],
            body: body.bytes,
          },
        })),
    ),
  )
}

/** Who may use an endpoint, by the security schemes of the document. */
const sendersOf: Readonly<Record<string, readonly string[]>> = {
  merchantKey: ['merchant', 'merchant', 'another merchant'],
  pageKey: ['page', 'another page'],
  operatorKey: ['operator'],
  walletToken: ['token'],
  walletSession: ['cookie', 'page and cookie'],
}

function senderOf({ method, path, schemes }: Operation, { senders }: Target): fc.Arbitrary<Header> {
  const named = (names: readonly string[]) => names.flatMap((name) => [senders.get(name) ?? []])
  const lasting = [...senders.keys()].filter((name) => name !== 'leaving')
  // Whoever ends a session must not end those that the other requests need.
  const ends = method === 'DELETE' && path === '/v1/wallet/session'
  if (ends) return fc.constantFrom(...named(['leaving', 'nobody', 'a wrong key', 'stolen cookie']))
  const fitting = schemes.flatMap((scheme) => sendersOf[scheme] ?? [])
  const fit = named(fitting.length > 0 ? fitting : ['nobody'])
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...fit) },
    { weight: 1, arbitrary: fc.constantFrom(...named(lasting)) },
  )
}

function methodOf({ method }: Operation): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constant(method) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'HEAD',
        'OPTIONS',
        'PUT',
        'DELETE',
        'PATCH',
        'TRACE',
        'PROPFIND',
        'POST',
        'GET',
      ),
    },
  )
}

function targetOf(operation: Operation, { pools }: Target): fc.Arbitrary<string> {
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query')
  const parts = inPath.map(({ name, schema }) => {
    const known = idsFor(schema.pattern, pools) ?? ['index.js']
    return fc
      .oneof(
        { weight: 3, arbitrary: fc.constantFrom(...known) },
        { weight: 2, arbitrary: fc.constantFrom(...oddPathParts) },
      )
      .map((part): readonly [string, string] => [`{${name}}`, part])
  })
  const names = [...inQuery.map(({ name }) => name), 'x', '__proto__', 'constructor', '%00', '%']
  const values = [
    '',
    '1',
    '-1',
    '0',
    '1e9',
    'true',
    'ko',
    'NaN',
    '%00',
    '%FF',
    '%F0%9F%92%B8',
    'a'.repeat(3_000),
    ...pools.offer,
    ...pools.merchant,
  ]
  const field = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values))
  const wanted = inQuery.length === 0 ? 1 : 3
  const query = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    {
      weight: wanted,
      arbitrary: fc
        .array(field, { minLength: 1, maxLength: 3 })
        .map((fields) => `?${fields.map((one) => one.join('=')).join('&')}`),
    },
  )
  return fc.tuple(fc.tuple(...parts), query).map(([filled, search]) => {
    let path = operation.path
    for (const [name, part] of filled) path = path.replace(name, () => part)
    return path + search
  })
}

function headers(): fc.Arbitrary<Header> {
  const odd = fc.constantFrom<readonly [string, string]>(
    ['Origin', 'http://localhost:4300'],
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
    ['Origin', 'http://['],
    ['Accept-Language', 'ko'],
    ['Accept-Language', ';;;,,\u00ff'],
    ['Last-Event-ID', '9-9.9'],
    ['Last-Event-ID', '1'.repeat(500)],
    ['Cookie', '=;;=;jeon_session; jeon_session=%'],
    ['Cookie', `jeon_session=${'a'.repeat(4_000)}`],
    ['Authorization', 'Bearer '],
    ['X-Huge', 'x'.repeat(20_000)],
    ['X-Forwarded-For', '127.0.0.1, evil'],
    ['X-HTTP-Method-Override', 'DELETE'],
    ['Accept', 'application/xml'],
    ['Range', 'bytes=0-1'],
    ['If-None-Match', '*'],
    ['Upgrade', 'websocket'],
    ['Expect', '100-continue'],
    ['Expect', 'the-unexpected'],
    ['Content-Encoding', 'gzip'],
  )
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<Header>([]) },
    { weight: 2, arbitrary: fc.array(odd, { minLength: 1, maxLength: 2 }) },
  )
}

let sent = 0

function idempotencyKey(): fc.Arbitrary<Header> {
  const name = 'Idempotency-Key'
  const fresh = fc.nat().map((nonce): Header => {
    sent += 1
    return [[name, `fuzz-${nonce}-${sent}`]]
  })
  const odd = fc.constantFrom<Header>(
    [],
    [[name, '']],
    [[name, 'x'.repeat(256)]],
    [[name, 'with space']],
    [[name, '\u00fc\u00ff']],
    [[name, 'again']],
    [[name, 'pay_01h455vb4pex5vsknk084sn02q']],
    [[name, 'rfd_01h455vb4pex5vsknk084sn02q']],
    [
      [name, 'one'],
      [name, 'two'],
    ],
  )
  return fc.oneof({ weight: 3, arbitrary: fresh }, { weight: 2, arbitrary: odd })
}

interface Body {
  readonly type: Header
  readonly bytes: Uint8Array
}

function bodyOf(operation: Operation, document: Document, target: Target): fc.Arbitrary<Body> {
  const none: Body = { type: [], bytes: new Uint8Array() }
  const { body, contentTypes } = operation
  const stray = fc.constant<Body>({
    type: [['Content-Type', 'application/json']],
    bytes: new TextEncoder().encode('{}'),
  })
  if (body === undefined)
    return fc.oneof({ weight: 9, arbitrary: fc.constant(none) }, { weight: 1, arbitrary: stray })
  const value = validValue(document, target.pools)(body)
  const wrong = [
    'text/plain',
    'application/json; charset=utf-16',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    '',
    'x'.repeat(2_000),
  ]
  const matching = contentTypes.map((type) =>
    bodyFrom(value, type.includes('ndjson')).map(
      (bytes): Body => ({ type: [['Content-Type', type]], bytes }),
    ),
  )
  const mismatched = fc
    .tuple(bodyFrom(value, false), fc.constantFrom(...wrong))
    .map(([bytes, type]): Body => ({ type: [['Content-Type', type]], bytes }))
  const untyped = bodyFrom(value, false).map((bytes): Body => ({ type: [], bytes }))
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...matching) },
    { weight: 1, arbitrary: mismatched },
    { weight: 1, arbitrary: untyped },
    { weight: 1, arbitrary: fc.constant(none) },
  )
}
