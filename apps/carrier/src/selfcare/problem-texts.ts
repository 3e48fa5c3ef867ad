/** Everything that self-care refuses, in words for people. `{name}` is replaced by a value. A code never changes. */

interface Text {
  readonly title: string
  readonly detail: string
  /** What to do now. */
  readonly hint: string
}

interface Entry {
  readonly status: number
  readonly ko: Text
  readonly en: Text
}

function entry(status: number, ko: readonly [string, string, string], en: typeof ko): Entry {
  const text = ([title, detail, hint]: typeof ko) => ({ title, detail, hint })
  return { status, ko: text(ko), en: text(en) }
}

export const careProblems = {
  unauthenticated: entry(
    401,
    ['인증 필요', '회선의 연결이 없거나 끝났습니다.', '다시 연결한 뒤 시도하세요.'],
    [
      'Not signed in',
      'The line is not connected, or not any more.',
      'Connect the line again, then retry.',
    ],
  ),
  permission_denied: entry(
    403,
    [
      '권한 없음',
      '이 연결에는 그 일을 할 권한이 없습니다({scope}).',
      '이 권한을 포함해 다시 연결하세요.',
    ],
    [
      'Not allowed',
      'This connection may not do that ({scope}).',
      'Connect the line again with this permission.',
    ],
  ),
  not_bound: entry(
    403,
    ['회선 없음', '이 연결에는 회선이 없습니다.', '전화번호로 다시 연결하세요.'],
    ['No line', 'This connection has no line.', 'Connect again with a phone number.'],
  ),
  route_not_found: entry(
    404,
    ['없는 주소', '이 주소에는 아무것도 없습니다.', 'openapi.json에서 주소를 확인하세요.'],
    ['No such address', 'There is nothing at this address.', 'See openapi.json for what there is.'],
  ),
  not_found: entry(
    404,
    ['찾을 수 없음', '이 회선에서 찾을 수 없습니다: {what}.', '목록을 다시 확인하세요.'],
    ['Not found', 'This line has no such {what}.', 'Look at the list again.'],
  ),
  body_too_large: entry(
    413,
    ['본문이 너무 큼', '본문은 {most}바이트까지입니다.', '내용을 줄이세요.'],
    ['Body too large', 'A body has at most {most} bytes.', 'Send less.'],
  ),
  body_malformed: entry(
    400,
    ['본문 오류', '본문이 올바른 JSON이 아닙니다.', 'application/json으로 보내세요.'],
    ['Body malformed', 'The body is not valid JSON.', 'Send application/json.'],
  ),
  field_invalid: entry(
    400,
    ['값 오류', '{field}: {reason}', '값을 고쳐 다시 보내세요.'],
    ['Field invalid', '{field}: {reason}', 'Correct it and send again.'],
  ),
  text_invalid: entry(
    400,
    ['글자 오류', '{field}: 저장할 수 없는 글자가 들어 있습니다.', '그 글자를 빼고 다시 보내세요.'],
    [
      'Not a text',
      '{field}: There are characters in it that cannot be kept.',
      'Leave them out and send again.',
    ],
  ),
  key_missing: entry(
    400,
    [
      'Idempotency-Key 필요',
      '돈이 움직이는 요청에는 Idempotency-Key가 필요합니다.',
      '요청마다 새 값을, 재시도에는 같은 값을 보내세요.',
    ],
    [
      'Idempotency-Key missing',
      'A request that moves money needs an Idempotency-Key.',
      'Send a new one per request and the same one when you retry.',
    ],
  ),
  key_reused: entry(
    409,
    [
      '다른 요청에 쓰인 키',
      '이 Idempotency-Key는 다른 내용의 요청에 쓰였습니다.',
      '새 키로 보내세요.',
    ],
    [
      'Key used for something else',
      'This Idempotency-Key came with a different request before.',
      'Send a new key.',
    ],
  ),
  proof_missing: entry(
    403,
    ['본인 확인 필요', '이 일에는 본인 확인이 필요합니다.', '본인 확인을 마친 뒤 다시 시도하세요.'],
    ['Proof needed', 'This needs a proof that it is you.', 'Show who you are, then try again.'],
  ),
  proof_not_found: entry(
    404,
    [
      '본인 확인 없음',
      '이 확인은 없거나, 시간이 지났거나, 이미 쓰였습니다.',
      '본인 확인을 처음부터 다시 하세요.',
    ],
    [
      'No such proof',
      'This proof does not exist, is over, or was used already.',
      'Show who you are once more.',
    ],
  ),
  proof_incomplete: entry(
    403,
    ['본인 확인 미완료', '아직 필요한 확인이 남아 있습니다.', '남은 확인을 마치세요.'],
    ['Proof incomplete', 'Some of what is needed is still missing.', 'Give the rest.'],
  ),
  code_wrong: entry(
    403,
    [
      '인증번호 불일치',
      '인증번호가 맞지 않거나 시간이 지났습니다.',
      '문자를 확인하고 다시 입력하세요.',
    ],
    ['Code wrong', 'The code is wrong or too old.', 'Look at the message and try again.'],
  ),
  code_expired: entry(
    403,
    ['인증번호 만료', '이 인증번호는 더 이상 쓸 수 없습니다.', '본인 확인을 다시 시작하세요.'],
    ['Code over', 'This code can no longer be used.', 'Show who you are once more to get another.'],
  ),
  codes_too_many: entry(
    429,
    ['인증번호 요청 초과', '인증번호를 너무 자주 요청했습니다.', '한 시간 뒤에 다시 시도하세요.'],
    ['Too many codes', 'Too many codes were asked for.', 'Try again in an hour.'],
  ),
  password_wrong: entry(
    403,
    [
      '결제 비밀번호 불일치',
      '결제 비밀번호가 맞지 않습니다.',
      '다시 입력하세요. 여러 번 틀리면 잠깁니다.',
    ],
    [
      'Payment password wrong',
      'The payment password is wrong.',
      'Try again; after several errors it is locked.',
    ],
  ),
  password_locked: entry(
    403,
    [
      '결제 비밀번호 잠김',
      '여러 번 틀려 결제 비밀번호가 잠겼습니다.',
      '본인 확인 후 비밀번호를 다시 정하세요.',
    ],
    [
      'Payment password locked',
      'After too many errors the payment password is locked.',
      'Set a new one after an identity check.',
    ],
  ),
  password_unset: entry(
    409,
    [
      '결제 비밀번호 없음',
      '결제 비밀번호를 아직 정하지 않았습니다.',
      '먼저 결제 비밀번호를 정하세요.',
    ],
    ['No payment password', 'No payment password is set yet.', 'Set one first.'],
  ),
  identity_wrong: entry(
    403,
    ['본인 정보 불일치', '이름 또는 생년월일이 가입 정보와 다릅니다.', '명의자 정보를 확인하세요.'],
    [
      'Identity does not match',
      'The name or birthdate is not the owner’s.',
      'Give the details of the owner of the line.',
    ],
  ),
  block_not_liftable: entry(
    409,
    [
      '직접 풀 수 없는 차단',
      '이 차단은 통신사만 풀 수 있습니다.',
      '고객센터 {contact}에 문의하세요.',
    ],
    ['Not yours to lift', 'Only the carrier can lift this block.', 'Contact {contact}.'],
  ),
  unblocks_too_many: entry(
    429,
    [
      '오늘은 더 해제할 수 없음',
      '이용차단 해지는 하루에 {most}번까지입니다.',
      '내일 다시 시도하세요.',
    ],
    [
      'No more unblocks today',
      'Blocks were lifted as often as a day allows ({most}×).',
      'Try again tomorrow.',
    ],
  ),
  unblock_pending: entry(
    409,
    ['해제 예정', '이미 해제가 예정되어 있습니다.', '예정된 시각까지 기다리세요.'],
    ['Unblock under way', 'The unblock was granted already.', 'Wait until it takes effect.'],
  ),
  above_ceiling: entry(
    422,
    ['한도 초과', '정할 수 있는 가장 높은 한도는 {most}입니다.', '그 이하로 정하세요.'],
    ['Above the ceiling', 'The most that may be chosen is {most}.', 'Choose that or less.'],
  ),
  not_a_step: entry(
    422,
    ['한도 단위 오류', '한도는 {step} 단위로 정합니다.', '{step}의 배수로 정하세요.'],
    ['Not in steps', 'Limits go in steps of {step}.', 'Choose a multiple of {step}.'],
  ),
  changes_too_many: entry(
    429,
    [
      '오늘은 더 올릴 수 없음',
      '하루에 한도를 바꿀 수 있는 횟수({most}번)를 다 썼습니다. 낮추는 것은 언제든 됩니다.',
      '내일 다시 시도하세요.',
    ],
    [
      'Not raised again today',
      'The changes of a day ({most}) are used up. Lowering a limit is always possible.',
      'Try again tomorrow.',
    ],
  ),
  in_arrears: entry(
    409,
    ['연체 중', '연체 중에는 한도를 올릴 수 없습니다.', '미납 요금을 먼저 납부하세요.'],
    ['In arrears', 'No limit is raised while a bill is overdue.', 'Pay what is overdue first.'],
  ),
  consent_missing: entry(
    422,
    ['동의 필요', '한도를 올리려면 동의가 필요합니다.', '안내문을 읽고 동의하세요.'],
    ['Consent missing', 'A raise needs your consent.', 'Read what it says and agree to it.'],
  ),
  nothing_owed: entry(
    409,
    ['납부할 금액 없음', '지금 납부할 금액이 없습니다.', '더 할 일이 없습니다.'],
    ['Nothing to pay', 'Nothing is owed.', 'There is nothing to do.'],
  ),
  amount_invalid: entry(
    422,
    ['금액 오류', '이 금액으로는 납부할 수 없습니다.', '0보다 큰 금액을 {step} 단위로 적으세요.'],
    ['Amount invalid', 'This amount cannot be paid.', 'Choose one above zero, in steps of {step}.'],
  ),
  amount_too_large: entry(
    422,
    [
      '금액이 너무 큼',
      '내실 금액보다 한 달에 쓸 수 있는 {most}을 넘게 더 많습니다.',
      '내실 금액을 확인하세요.',
    ],
    [
      'Far more than is owed',
      'It is beyond what is owed by more than the {most} that a month can cost.',
      'Look at what is owed.',
    ],
  ),
  not_disputable: entry(
    409,
    ['이의 제기 불가', '이 결제에는 이의를 제기할 수 없습니다.', '결제 상태를 확인하세요.'],
    ['Cannot be disputed', 'This payment cannot be disputed.', 'Look at its state in the history.'],
  ),
  dispute_closed: entry(
    409,
    ['이미 끝남', '이 이의 제기는 이미 끝났습니다.', '더 할 일이 없습니다.'],
    ['Closed already', 'This dispute is over.', 'There is nothing to do.'],
  ),
  feeds_too_many: entry(
    429,
    ['화면이 너무 많음', '이 회선의 화면이 너무 많이 열려 있습니다.', '다른 화면을 닫으세요.'],
    ['Too many pages', 'Too many pages of this line are open.', 'Close another page.'],
  ),
  outcome_unknown: entry(
    503,
    [
      '결과 확인 중',
      '처리 결과를 아직 알 수 없습니다.',
      '다시 하기 전에 잠시 뒤 결과를 확인하세요.',
    ],
    [
      'Outcome not known yet',
      'Whether it took effect is not known yet.',
      'Look again in a moment, before you repeat it.',
    ],
  ),
  internal: entry(
    500,
    ['내부 오류', '통신사 쪽에서 오류가 났습니다.', '잠시 뒤 다시 시도하세요.'],
    ['Something went wrong', 'The carrier made a mistake.', 'Try again in a moment.'],
  ),
} as const satisfies Record<string, Entry>

export type CareProblemCode = keyof typeof careProblems

/** What may not be found, as `{what}` of `not_found`. */
export const thingWords: Readonly<Record<string, { readonly ko: string; readonly en: string }>> = {
  bill: { ko: '청구서', en: 'bill' },
  block: { ko: '차단', en: 'block' },
  consent: { ko: '동의', en: 'consent' },
  dispute: { ko: '이의 제기', en: 'dispute' },
  line: { ko: '회선', en: 'line' },
  payment: { ko: '결제', en: 'payment' },
  statement: { ko: '이용 내역서', en: 'statement' },
}

/** What people call the fields that they fill in, as `{field}` of a problem. Others keep their own names. */
export const fieldWords: Readonly<Record<string, { readonly ko: string; readonly en: string }>> = {
  amount: { ko: '금액', en: 'Amount' },
  bucket: { ko: '한도 종류', en: 'Kind of limit' },
  day: { ko: '하루 한도', en: 'Limit a day' },
  from: { ko: '시작일', en: 'First day' },
  'identity.birthdate': { ko: '생년월일', en: 'Birthdate' },
  'identity.name': { ko: '이름', en: 'Name' },
  kind: { ko: '종류', en: 'Kind' },
  month: { ko: '한 달 한도', en: 'Limit a month' },
  password: { ko: '결제 비밀번호', en: 'Payment password' },
  payment_id: { ko: '결제', en: 'Payment' },
  reason: { ko: '사유', en: 'Reason' },
  sms_code: { ko: '인증번호', en: 'Code' },
  to: { ko: '마지막 날', en: 'Last day' },
  transaction: { ko: '한 번 한도', en: 'Limit a payment' },
}

/** Why a field is refused that its form alone does not show. */
export const faultWords = {
  finer: { ko: '이 통화에 없는 단위입니다.', en: 'The currency has no such small part.' },
  no_such_bucket: { ko: '이 통신사에는 없는 한도입니다.', en: 'This carrier has no such limit.' },
} as const
