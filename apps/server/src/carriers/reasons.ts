import type { Language } from '../errors.ts'

type Texts = Readonly<Record<Language, string>>

/** Why a line was not linked, or what its proof is for. */
const linkReasons = {
  line_not_found: {
    en: 'The carrier has no such line. Check the number and the carrier.',
    ko: '이 통신사에 그런 회선이 없습니다. 번호와 통신사를 확인하세요.',
  },
  sim_swapped: {
    en: 'The SIM of this line was changed a short while ago, so it cannot be linked today. Try again tomorrow.',
    ko: '이 회선의 유심이 조금 전에 바뀌어 오늘은 연결할 수 없습니다. 내일 다시 해 주세요.',
  },
  device_swapped: {
    en: 'The phone of this line was changed a short while ago, so it cannot be linked today. Try again tomorrow.',
    ko: '이 회선의 휴대폰이 조금 전에 바뀌어 오늘은 연결할 수 없습니다. 내일 다시 해 주세요.',
  },
  network_cannot_vouch: {
    en: 'The network cannot vouch for this phone now: give the code from the message and the payment password.',
    ko: '지금은 통신망으로 확인할 수 없습니다. 문자로 받은 인증번호와 결제 비밀번호를 입력하세요.',
  },
  swap_recent: {
    en: 'The SIM or phone was changed lately: give the code from the message and the payment password.',
    ko: '최근에 유심이나 휴대폰이 바뀌었습니다. 문자로 받은 인증번호와 결제 비밀번호를 입력하세요.',
  },
  line_of_other_wallet: {
    en: 'Another wallet uses this line. To move it here, give the code from the message and the payment password.',
    ko: '다른 지갑이 이 회선을 쓰고 있습니다. 옮기려면 문자로 받은 인증번호와 결제 비밀번호를 입력하세요.',
  },
  other_number: {
    en: 'The network says that this phone has another number.',
    ko: '통신망에서 확인한 번호가 입력한 번호와 다릅니다.',
  },
  code_wrong: { en: 'That is not the code.', ko: '인증번호가 다릅니다.' },
  code_expired: {
    en: 'The code is no longer valid. Begin again for a new one.',
    ko: '인증번호가 만료되었습니다. 처음부터 다시 해 주세요.',
  },
  code_used_up: {
    en: 'Too many wrong codes. Begin again for a new one.',
    ko: '인증번호를 여러 번 틀렸습니다. 처음부터 다시 해 주세요.',
  },
  codes_too_many: {
    en: 'Too many codes were sent within an hour. Try again later.',
    ko: '한 시간 안에 보낼 수 있는 인증번호를 모두 썼습니다. 나중에 다시 해 주세요.',
  },
  password_wrong: {
    en: 'That is not the payment password of the line.',
    ko: '결제 비밀번호가 다릅니다.',
  },
  password_locked: {
    en: 'The payment password is locked after too many wrong tries. Its owner sets it anew with the carrier.',
    ko: '결제 비밀번호가 여러 번 틀려 잠겼습니다. 통신사에서 다시 설정하세요.',
  },
  password_unset: {
    en: 'The line has no payment password yet. Its owner sets one with the carrier.',
    ko: '결제 비밀번호가 아직 없습니다. 통신사에서 먼저 설정하세요.',
  },
  proof_expired: {
    en: 'That took too long. Begin again.',
    ko: '시간이 지났습니다. 처음부터 다시 해 주세요.',
  },
  carrier_refused: {
    en: 'The carrier does not allow this line to be linked.',
    ko: '통신사가 이 회선의 연결을 허용하지 않습니다.',
  },
} as const satisfies Record<string, Texts>

/** Why a carrier refused to charge. The codes are those that carriers put in brackets before their message. */
const declineReasons: Readonly<Record<string, Texts>> = {
  no_consent: {
    en: 'The owner has not agreed to payments on this line.',
    ko: '이 회선은 소액결제 이용에 동의하지 않았습니다.',
  },
  kind_not_allowed: {
    en: 'Lines of this kind cannot be charged.',
    ko: '이 종류의 회선은 소액결제를 쓸 수 없습니다.',
  },
  too_young: { en: 'The owner is too young.', ko: '나이 때문에 소액결제를 쓸 수 없습니다.' },
  guardian_consent_missing: {
    en: 'A guardian has not agreed.',
    ko: '법정대리인의 동의가 없습니다.',
  },
  joined_recently: {
    en: 'The line is too new.',
    ko: '가입한 지 얼마 되지 않아 쓸 수 없습니다.',
  },
  paused: { en: 'The line is paused.', ko: '일시 정지된 회선입니다.' },
  in_arrears: {
    en: 'A phone bill is unpaid. Pay it to use payments again.',
    ko: '납부하지 않은 통신 요금이 있습니다. 납부하면 다시 쓸 수 있습니다.',
  },
  dormant: {
    en: 'Payments were not used for so long that they were switched off. Unblock them with the carrier.',
    ko: '오래 쓰지 않아 소액결제가 차단되었습니다. 통신사에서 차단을 해지하세요.',
  },
  line_suspended: { en: 'The line is suspended.', ko: '이용이 정지된 회선입니다.' },
  line_terminated: { en: 'The line was ended.', ko: '해지된 회선입니다.' },
  category_not_allowed: {
    en: 'This cannot be bought on a phone bill.',
    ko: '휴대폰으로 결제할 수 없는 상품입니다.',
  },
  blocked_by_payer: {
    en: 'The owner has blocked payments on this line.',
    ko: '회선 주인이 소액결제를 차단했습니다.',
  },
  blocked_permanently: {
    en: 'Payments on this line are blocked for good.',
    ko: '소액결제가 영구 차단된 회선입니다.',
  },
  vouchers_blocked: {
    en: 'The owner has blocked vouchers on this line.',
    ko: '회선 주인이 상품권 구매를 차단했습니다.',
  },
  auto_pay_blocked: {
    en: 'The owner has blocked automatic payments on this line.',
    ko: '회선 주인이 자동결제를 차단했습니다.',
  },
  blocked_by_operator: {
    en: 'The carrier has blocked payments on this line.',
    ko: '통신사가 소액결제를 차단한 회선입니다.',
  },
  fraud_hold: {
    en: 'The carrier has stopped payments on this line to check them.',
    ko: '이상 거래 확인을 위해 통신사가 소액결제를 멈췄습니다.',
  },
  transaction_limit: {
    en: 'It is more than the limit for one payment.',
    ko: '한 번에 결제할 수 있는 한도를 넘습니다.',
  },
  day_limit: {
    en: 'It is more than what is left of the limit for the day.',
    ko: '오늘 남은 한도를 넘습니다.',
  },
  month_limit: {
    en: 'It is more than what is left of the limit for the month.',
    ko: '이번 달 남은 한도를 넘습니다.',
  },
  person_limit: {
    en: 'It is more than what is left of the month’s limit over all lines of the owner.',
    ko: '명의자의 모든 회선을 합친 이번 달 남은 한도를 넘습니다.',
  },
  category_limit: {
    en: 'It is more than what is left of the limit for purchases of this kind.',
    ko: '이 종류의 상품에 남은 한도를 넘습니다.',
  },
  merchant_limit: {
    en: 'It is more than what is left of the limit for this merchant.',
    ko: '이 가맹점에 남은 한도를 넘습니다.',
  },
  product_limit: {
    en: 'It is more than what is left of the limit for this product.',
    ko: '이 상품에 남은 한도를 넘습니다.',
  },
  sim_changed: {
    en: 'The SIM was changed a short while ago.',
    ko: '유심이 조금 전에 바뀌었습니다.',
  },
  validation_failed: {
    en: 'The payment was not confirmed by its owner.',
    ko: '본인 확인에 실패했습니다.',
  },
  validation_expired: {
    en: 'The payment was not confirmed in time.',
    ko: '본인 확인 시간이 지났습니다.',
  },
  reservation_expired: { en: 'It took too long.', ko: '결제 시간이 지났습니다.' },
  second_factor_missing: {
    en: 'The carrier wants to hear from the owner first.',
    ko: '통신사의 추가 본인 확인이 필요합니다.',
  },
  unconfirmed_limit: {
    en: 'Purchases without the payment password have used up what a day allows. Confirm one payment with the password and collect again, or wait until tomorrow.',
    ko: '결제 비밀번호 없이 쓸 수 있는 하루 한도를 모두 썼습니다. 비밀번호로 확인하는 결제를 한 번 한 뒤 다시 거두거나, 내일까지 기다리세요.',
  },
  not_eligible: {
    en: 'This line cannot pay on the phone bill. Its page says why.',
    ko: '휴대폰 결제를 쓸 수 없는 회선입니다. 이유는 내 회선 화면에 있습니다.',
  },
  link_ended: {
    en: 'The link with this line has ended at the carrier. Link the line again.',
    ko: '통신사에서 이 회선의 연결이 끝났습니다. 회선을 다시 연결하세요.',
  },
  amount_not_a_step: {
    en: 'The carrier does not charge such an amount.',
    ko: '통신사가 청구할 수 없는 단위의 금액입니다.',
  },
  confirm_refused: {
    en: 'The carrier did not carry the payment out.',
    ko: '통신사가 결제를 처리하지 않았습니다.',
  },
  carrier_unreachable: {
    en: 'The carrier cannot be reached. Nothing was charged.',
    ko: '통신사와 연결할 수 없습니다. 결제되지 않았습니다.',
  },
  carrier_silent: {
    en: 'The carrier did not answer and knows nothing of the payment. Nothing was charged.',
    ko: '통신사가 답하지 않았고 결제 기록도 없습니다. 결제되지 않았습니다.',
  },
  cancelled: {
    en: 'The payment was cancelled at the carrier.',
    ko: '통신사에서 결제가 취소되었습니다.',
  },
  not_confirmable: {
    en: 'The confirmation could not be passed on, so the payment was cancelled.',
    ko: '본인 확인을 이어갈 수 없어 결제를 취소했습니다.',
  },
}

export type LinkReason = keyof typeof linkReasons

/** Why a line was not linked, or what its proof is for. */
export function linkReasonText(code: LinkReason, language: Language): string {
  return linkReasons[code][language]
}

/** Whether a code that a carrier gave is one that has a text here. */
export function isLinkReason(code: string): code is LinkReason {
  return Object.hasOwn(linkReasons, code)
}

/**
 * A code in a person's language, or else in the carrier's words.
 *
 * @param told - what the carrier said
 */
export function reasonText(code: string, told: string, language: Language): string {
  if (isLinkReason(code)) return linkReasons[code][language]
  const texts = Object.hasOwn(declineReasons, code) ? declineReasons[code] : undefined
  return texts?.[language] ?? told
}

/**
 * The reason in a carrier's refusal: carriers put a code in brackets before their message, since CAMARA's bodies have no
 * place for one; else CAMARA's own code is taken.
 *
 * @example
 * ```ts
 * reasonIn('CARRIER_BILLING.PAYMENT_DENIED', '[month_limit] …') // { code: 'month_limit', text: '…' }
 * ```
 */
export function reasonIn(
  camaraCode: string,
  message: string,
): { readonly code: string; readonly text: string } {
  const [, code, text] = /^\[([a-z_]{1,40})\]\s*([\s\S]*)$/.exec(message) ?? []
  if (code !== undefined && text !== undefined) return { code, text: text.slice(0, 300) }
  const own = camaraCode.split('.').at(-1)?.toLowerCase() ?? camaraCode
  return { code: own, text: message.slice(0, 300) }
}
