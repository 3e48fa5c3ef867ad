import { type ErrorEntry, final, passing } from '../error-entry.ts'

/** Who is asking, and may they. */
export const authErrors = {
  key_missing: final(
    401,
    [
      'A key is needed',
      'This endpoint needs a key: {ways}.',
      'Send "Authorization: Bearer …". `npm start` prints the test keys.',
    ],
    [
      '키가 필요합니다',
      '이 주소에는 키가 필요합니다: {ways}.',
      '"Authorization: Bearer …"를 보내세요. 시험용 키는 `npm start`가 보여줍니다.',
    ],
  ),
  key_invalid: final(
    401,
    [
      'Key is not valid',
      'The key is unknown, revoked or mistyped.',
      'Check that the whole key was copied, and that it is of this platform.',
    ],
    [
      '키가 올바르지 않습니다',
      '모르는 키이거나 폐기되었거나 잘못 적힌 키입니다.',
      '키 전체를 복사했는지, 이 플랫폼의 키인지 확인하세요.',
    ],
  ),
  scope_missing: final(
    403,
    ['The key does not allow this', 'This endpoint needs {ways}.', 'Use a key with that scope.'],
    [
      '이 키로는 할 수 없습니다',
      '이 주소에는 {ways} 권한이 필요합니다.',
      '그 권한이 있는 키를 쓰세요.',
    ],
  ),
  session_missing: final(
    401,
    [
      'No wallet here yet',
      'This browser has no wallet session.',
      'Make a guest wallet with POST /v1/wallets, then send the same request again.',
    ],
    [
      '아직 지갑이 없습니다',
      '이 브라우저에는 지갑 세션이 없습니다.',
      'POST /v1/wallets로 지갑을 만든 뒤 같은 요청을 다시 보내세요.',
    ],
  ),
  session_invalid: final(
    401,
    [
      'Wallet session is over',
      'The session was ended, has expired, or is unknown.',
      'Make a wallet, or open the wallet on this device again.',
    ],
    [
      '지갑 세션이 끝났습니다',
      '세션이 종료되었거나 만료되었거나 알 수 없습니다.',
      '지갑을 새로 만들거나 이 기기에서 다시 여세요.',
    ],
  ),
  session_device_mismatch: final(
    401,
    [
      'Session belongs to another device',
      'A wallet session works only on the device that it was made for.',
      'Open the wallet on this device again.',
    ],
    [
      '다른 기기의 세션입니다',
      '지갑 세션은 만든 기기에서만 쓸 수 있습니다.',
      '이 기기에서 지갑을 다시 여세요.',
    ],
  ),
  origin_not_allowed: final(
    403,
    [
      'Origin is not allowed',
      'This page may not do that with this key or wallet.',
      "Register the page's origin with the merchant; wallet settings are changed on the wallet's own page.",
    ],
    [
      '허용되지 않은 출처입니다',
      '이 페이지는 이 키나 지갑으로 그 일을 할 수 없습니다.',
      '페이지의 출처(origin)를 가맹점에 등록하세요. 지갑 설정은 지갑 페이지에서 바꿉니다.',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>

/** What may be wrong with a request before anyone looks at its meaning. */
export const requestErrors = {
  idempotency_key_missing: final(
    400,
    [
      'Idempotency-Key is missing',
      'A request that moves money names itself, so that it happens once.',
      'Send "Idempotency-Key": one key per intent, the same key for every attempt.',
    ],
    [
      'Idempotency-Key가 없습니다',
      '돈을 옮기는 요청은 한 번만 처리되도록 이름이 있어야 합니다.',
      '"Idempotency-Key"를 보내세요. 지불마다 새 키, 재시도에는 같은 키입니다.',
    ],
  ),
  idempotency_key_malformed: final(
    400,
    [
      'Idempotency-Key is malformed',
      'The key has 1 to 255 visible ASCII characters.',
      'Send a TypeID or a UUID.',
    ],
    [
      'Idempotency-Key 형식이 잘못되었습니다',
      '키는 눈에 보이는 ASCII 문자 1~255자입니다.',
      'TypeID나 UUID를 보내세요.',
    ],
  ),
  body_malformed: final(
    400,
    ['Body is not JSON', 'The body could not be read as JSON.', 'Send valid JSON in UTF-8.'],
    [
      '본문이 JSON이 아닙니다',
      '본문을 JSON으로 읽을 수 없습니다.',
      '올바른 UTF-8 JSON을 보내세요.',
    ],
  ),
  body_not_utf8: final(
    400,
    ['Body is not UTF-8', 'The body has bytes that are not UTF-8.', 'Encode the body as UTF-8.'],
    [
      '본문이 UTF-8이 아닙니다',
      '본문에 UTF-8이 아닌 바이트가 있습니다.',
      '본문을 UTF-8로 보내세요.',
    ],
  ),
  body_duplicate_key: final(
    400,
    [
      'A name occurs twice',
      'The object names {param} twice, so it is not clear which one is meant.',
      'Send each name once.',
    ],
    [
      '같은 이름이 두 번 있습니다',
      '객체에 {param}이(가) 두 번 있어 어느 것인지 알 수 없습니다.',
      '이름은 한 번씩만 보내세요.',
    ],
  ),
  content_type_unsupported: final(
    415,
    [
      'Content type is not supported',
      'This endpoint reads {types}.',
      'Send the matching "Content-Type".',
    ],
    [
      '지원하지 않는 형식입니다',
      '이 주소는 {types} 형식을 읽습니다.',
      '맞는 "Content-Type"을 보내세요.',
    ],
  ),
  field_invalid: final(
    400,
    ['A field is not valid', '{param}: {reason}', 'See the schema in /docs.'],
    ['올바르지 않은 값이 있습니다', '{param}: {reason}', '/docs의 형식을 확인하세요.'],
  ),
  field_unknown: final(
    400,
    [
      'A field is unknown',
      'There is no field {param} here.',
      'Check the spelling; see the schema in /docs.',
    ],
    [
      '모르는 항목이 있습니다',
      '{param}이라는 항목은 없습니다.',
      '철자를 확인하세요. 형식은 /docs에 있습니다.',
    ],
  ),
  body_too_large: final(
    413,
    [
      'Body is too large',
      'This endpoint reads at most {most} bytes.',
      'Send less, or several requests.',
    ],
    ['본문이 너무 큽니다', '이 주소는 {most}바이트까지 읽습니다.', '줄이거나 나누어 보내세요.'],
  ),
  body_timeout: passing(
    408,
    [
      'Request took too long to arrive',
      'The rest of the request did not arrive in time.',
      'Send the same request with the same key again.',
    ],
    [
      '요청이 제때 도착하지 않았습니다',
      '요청의 나머지가 시간 안에 오지 않았습니다.',
      '같은 키로 같은 요청을 다시 보내세요.',
    ],
  ),
  request_malformed: final(
    400,
    ['Request is not HTTP', 'The request could not be read.', 'Send a valid HTTP/1.1 request.'],
    ['HTTP 요청이 아닙니다', '요청을 읽을 수 없습니다.', '올바른 HTTP/1.1 요청을 보내세요.'],
  ),
  headers_too_large: final(
    431,
    [
      'Headers are too large',
      'The headers are longer than this server reads.',
      'Send fewer or shorter headers; clear the cookies.',
    ],
    [
      '헤더가 너무 큽니다',
      '서버가 읽을 수 있는 길이를 넘었습니다.',
      '헤더를 줄이고 쿠키를 지우세요.',
    ],
  ),
  route_not_found: final(
    404,
    ['Nothing here', 'There is no such address.', 'See /docs for every endpoint.'],
    ['없는 주소입니다', '그런 주소가 없습니다.', '모든 주소는 /docs에 있습니다.'],
  ),
  method_not_allowed: final(
    405,
    ['Method is not allowed', 'This address answers {methods}.', 'Use one of those.'],
    ['허용되지 않은 메서드입니다', '이 주소는 {methods}에 답합니다.', '그 가운데 하나를 쓰세요.'],
  ),
  cursor_invalid: final(
    400,
    [
      'Cursor is not valid',
      'A cursor comes from "next_cursor" of the page before.',
      'Begin again without a cursor.',
    ],
    [
      '커서가 올바르지 않습니다',
      '커서는 앞 쪽의 "next_cursor" 값입니다.',
      '커서 없이 처음부터 다시 읽으세요.',
    ],
  ),
  rate_limited: passing(
    429,
    [
      'Too many requests',
      'More requests per second than this {who} may send.',
      'Wait for "Retry-After" seconds, then send the same request with the same key again.',
    ],
    [
      '요청이 너무 잦습니다',
      '1초에 보낼 수 있는 요청 수를 넘었습니다({who}).',
      '"Retry-After"초 뒤에 같은 키로 다시 보내세요.',
    ],
  ),
  feed_limit: passing(
    429,
    ['Too many live feeds', 'At most {most} live feeds are open at a time.', 'Close one, or wait.'],
    [
      '실시간 연결이 너무 많습니다',
      '동시에 {most}개까지 열 수 있습니다.',
      '하나를 닫거나 기다리세요.',
    ],
  ),
  shutting_down: passing(
    503,
    [
      'Server is stopping',
      'The server finishes what it has begun and takes nothing new.',
      'Send the same request with the same key again.',
    ],
    [
      '서버가 멈추는 중입니다',
      '하던 일을 마치는 중이라 새 요청을 받지 않습니다.',
      '같은 키로 같은 요청을 다시 보내세요.',
    ],
  ),
  database_unavailable: passing(
    503,
    [
      'Database is not available',
      'The server could not reach its database.',
      'Send the same request with the same key again.',
    ],
    [
      '데이터베이스에 연결할 수 없습니다',
      '서버가 데이터베이스에 닿지 못했습니다.',
      '같은 키로 같은 요청을 다시 보내세요.',
    ],
  ),
  internal: passing(
    500,
    [
      'A mistake of ours',
      'Something went wrong on our side. Money moves once or not at all.',
      'Send the same request with the same key again; report the request id if it stays.',
    ],
    [
      '서버의 잘못입니다',
      '서버에서 문제가 생겼습니다. 돈은 한 번만 옮겨지거나 옮겨지지 않습니다.',
      '같은 키로 다시 보내고, 계속되면 요청 아이디를 알려주세요.',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>
