import { type ErrorEntry, final } from '../error-entry.ts'

/** Refusals of payments through a phone bill. */
export const railErrors = {
  carrier_declined: final(
    402,
    [
      'The carrier declined',
      'The carrier did not allow this: {reason}',
      'Put the reason right with the carrier, on the page /line, and pay anew.',
    ],
    [
      '통신사가 승인하지 않았습니다',
      '통신사가 승인하지 않았습니다: {reason}',
      '/line에서 사유를 해결한 뒤 다시 결제하세요.',
    ],
  ),
  credit_blocked: final(
    402,
    [
      'Nothing more on the phone bill for now',
      'Nothing can be put on the phone bill now: {reason}',
      'Put the reason right on the page /line, or top the wallet up.',
    ],
    [
      '지금은 휴대폰 요금으로 더 살 수 없습니다',
      '지금은 휴대폰 요금에 올릴 수 없습니다: {reason}',
      '/line에서 사유를 해결하거나, 지갑을 충전하세요.',
    ],
  ),
  line_payment_alone: final(
    409,
    [
      'This is paid through the phone bill',
      'Such a purchase is a payment of its own at the carrier, which asks its payer; it cannot be held or batched.',
      'Send it with POST /v1/payments.',
    ],
    [
      '휴대폰 요금으로 따로 결제하는 상품입니다',
      '통신사가 본인에게 확인하는 개별 결제라서 예약이나 묶음으로 처리할 수 없습니다.',
      'POST /v1/payments로 보내세요.',
    ],
  ),
  amount_not_chargeable: final(
    409,
    [
      'The carrier does not charge such an amount',
      'The carrier charges in steps of {step}.',
      'Choose an amount that is a multiple of it.',
    ],
    [
      '통신사가 청구할 수 없는 금액입니다',
      '통신사는 {step} 단위로 청구합니다.',
      '그 배수로 금액을 정하세요.',
    ],
  ),
  validation_not_pending: final(
    409,
    [
      'No code is waited for',
      'This payment waits for no code: it is done, declined, or confirmed on the carrier’s page.',
      'Look at the payment.',
    ],
    [
      '인증번호를 기다리는 결제가 아닙니다',
      '끝났거나, 거절되었거나, 통신사 화면에서 확인하는 결제입니다.',
      '결제를 조회하세요.',
    ],
  ),
  validation_code_wrong: final(
    422,
    [
      'That is not the code',
      'The carrier did not accept the code.',
      'Type the code of the last message.',
    ],
    [
      '인증번호가 다릅니다',
      '통신사가 인증번호를 받지 않았습니다.',
      '마지막 문자의 인증번호를 입력하세요.',
    ],
  ),
  event_malformed: final(
    400,
    [
      'Not an event',
      'The body is no CloudEvent about a payment or refund.',
      'Send application/cloudevents+json as CAMARA defines it.',
    ],
    [
      '이벤트 형식이 아닙니다',
      '결제나 환불에 관한 CloudEvent가 아닙니다.',
      'CAMARA 정의대로 application/cloudevents+json을 보내세요.',
    ],
  ),
  event_token_invalid: final(
    401,
    [
      'Token is not of this payment',
      'Events come with the token that was given with the payment.',
      'Send it as "Authorization: Bearer …".',
    ],
    [
      '이 결제의 토큰이 아닙니다',
      '이벤트는 결제와 함께 준 토큰으로 보냅니다.',
      '"Authorization: Bearer …"로 보내세요.',
    ],
  ),
  reconciliation_failed: final(
    503,
    [
      'The day could not be compared',
      'The carrier’s list could not be read to its end; nothing was concluded from it.',
      'Run it again later.',
    ],
    [
      '대사를 하지 못했습니다',
      '통신사의 목록을 끝까지 읽지 못해 아무 결론도 내리지 않았습니다.',
      '나중에 다시 실행하세요.',
    ],
  ),
  break_not_found: final(
    404,
    ['Break not found', 'There is no such break.', 'See GET /v1/breaks.'],
    ['불일치 항목이 없습니다', '그런 항목이 없습니다.', 'GET /v1/breaks를 확인하세요.'],
  ),
  break_resolved: final(
    409,
    ['Already resolved', 'This break was resolved before.', 'See GET /v1/breaks?state=resolved.'],
    [
      '이미 해결되었습니다',
      '이미 해결된 항목입니다.',
      'GET /v1/breaks?state=resolved를 확인하세요.',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>
