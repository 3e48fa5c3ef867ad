import { dateOf, startOfDayMs } from '@jeon/billing'
import type { Language } from '../language.ts'
import type { DeclineReason } from '../model.ts'

/** A reason as people read it. `remedy`: what helps; `null`: nothing does, or waiting alone. */
export interface ReasonText {
  readonly text: string
  readonly remedy: string | null
}

/** Why the purchase was declined, with amounts and days filled in. */
export function reasonText(
  reason: DeclineReason,
  detail: Readonly<Record<string, string>>,
  language: Language,
): ReasonText {
  const [text, remedy] = TEXTS[reason][language]
  return {
    text: filled(text, detail, language),
    remedy: remedy === null ? null : filled(remedy, detail, language),
  }
}

type Pair = readonly [text: string, remedy: string | null]

/**
 * One entry a reason. `[…]` is left out where one of its values is not known. The list follows the decline codes of
 * Korean payment companies (portone repository: danal_code.xls, inicis-code.xlsx).
 */
const TEXTS: Readonly<Record<DeclineReason, Readonly<Record<Language, Pair>>>> = {
  no_consent: {
    ko: ['휴대폰 결제 이용에 동의하지 않은 회선입니다.', '내 회선 화면에서 이용에 동의해 주세요.'],
    en: [
      'Phone payments were never agreed to for this line.',
      'Agree to them on the page of your line.',
    ],
  },
  kind_not_allowed: {
    ko: [
      '선불 또는 법인 명의 회선은 휴대폰 결제를 이용할 수 없습니다.',
      '다른 결제 수단을 이용해 주세요.',
    ],
    en: ['Prepaid and corporate lines cannot pay on the phone bill.', 'Pay in another way.'],
  },
  too_young: {
    ko: ['만 {age}세 미만은 휴대폰 결제를 이용할 수 없습니다.', null],
    en: ['Phone payments begin at the age of {age}.', null],
  },
  guardian_consent_missing: {
    ko: [
      '만 {age}세 미만은 법정대리인의 동의가 필요합니다.',
      '법정대리인이 통신사에서 동의하면 이용할 수 있습니다.',
    ],
    en: ['Under {age} a guardian has to consent.', 'A guardian can consent at the carrier.'],
  },
  joined_recently: {
    ko: ['가입한 지 {days}일이 지나지 않은 회선입니다.', '[{until}부터 이용할 수 있습니다.]'],
    en: ['The line was opened less than {days} days ago.', '[Payments begin on {until}.]'],
  },
  paused: {
    ko: [
      '분실 신고되었거나 일시정지된 회선입니다.',
      '통신사에서 분실 신고나 일시정지를 해제해 주세요.',
    ],
    en: ['The line is paused, or its phone was reported lost.', 'End the pause at your carrier.'],
  },
  in_arrears: {
    ko: [
      '미납된 통신요금이 있어 휴대폰 결제가 제한됩니다.',
      '미납 요금을 납부하면 다시 이용할 수 있습니다.',
    ],
    en: ['A phone bill is overdue.', 'Pay what is overdue; payments work again afterwards.'],
  },
  dormant: {
    ko: [
      '오랫동안 이용하지 않아 휴대폰 결제가 차단되었습니다.',
      '본인 확인 후 차단을 해제해 주세요.',
    ],
    en: [
      'Phone payments were not used for long and are blocked.',
      'Show who you are and lift the block.',
    ],
  },
  line_suspended: {
    ko: ['요금 미납으로 이용이 정지된 회선입니다.', '미납 요금을 모두 납부해 주세요.'],
    en: ['The line is suspended for unpaid bills.', 'Pay everything that is owed.'],
  },
  line_terminated: {
    ko: ['해지된 회선입니다.', null],
    en: ['The line was terminated.', null],
  },
  category_not_allowed: {
    ko: [
      '이 통신사에서는 이 종류의 상품을 휴대폰으로 결제할 수 없습니다.',
      '다른 결제 수단을 이용해 주세요.',
    ],
    en: ['Goods of this kind cannot be bought on the phone bill.', 'Pay in another way.'],
  },
  blocked_by_payer: {
    ko: [
      '명의자가 휴대폰 결제를 차단했습니다.[ 다시 이용 가능: {lifts_at}]',
      '내 회선 화면에서 차단을 해제할 수 있습니다.',
    ],
    en: [
      'The owner of the line has blocked payments.[ Open again: {lifts_at}]',
      'The block can be lifted on the page of your line.',
    ],
  },
  blocked_permanently: {
    ko: [
      '명의자가 휴대폰 결제를 영구 차단했습니다.[ 다시 이용 가능: {lifts_at}]',
      '명의자 본인 확인 후 해제를 신청할 수 있습니다.',
    ],
    en: [
      'The owner of the line has blocked payments for good.[ Open again: {lifts_at}]',
      'The owner can ask for it to be lifted, with proof of identity.',
    ],
  },
  vouchers_blocked: {
    ko: [
      '명의자가 상품권 결제를 차단했습니다.',
      '내 회선 화면에서 상품권 차단을 해제할 수 있습니다.',
    ],
    en: [
      'The owner of the line has blocked vouchers.',
      'The block of vouchers can be lifted on the page of your line.',
    ],
  },
  auto_pay_blocked: {
    ko: [
      '명의자가 자동결제를 차단했습니다.',
      '내 회선 화면에서 자동결제 차단을 해제할 수 있습니다.',
    ],
    en: [
      'The owner of the line has blocked recurring payments.',
      'The block can be lifted on the page of your line.',
    ],
  },
  blocked_by_operator: {
    ko: [
      '통신사가 이 회선의 휴대폰 결제를 차단했습니다.',
      '내 회선 화면 또는 고객센터에서 해제 방법을 확인해 주세요.',
    ],
    en: [
      'The carrier has blocked payments on this line.',
      'The page of your line or the service desk says what lifts it.',
    ],
  },
  fraud_hold: {
    ko: [
      '이상 거래가 의심되어 휴대폰 결제가 보류되었습니다.',
      '고객센터에서 본인 확인을 받아 주세요.',
    ],
    en: [
      'Payments are on hold because of suspected fraud.',
      'Show who you are at the service desk.',
    ],
  },
  transaction_limit: {
    ko: [
      '1회 결제 한도[({limit})]를 초과했습니다.',
      '한도를 올리거나 더 적은 금액으로 결제해 주세요.',
    ],
    en: [
      'This is above the limit[ of {limit}] for one payment.',
      'Raise the limit, or pay a smaller amount.',
    ],
  },
  day_limit: {
    ko: [
      '하루 결제 한도[({limit})]를 초과합니다.[ 남은 한도: {left}]',
      '[{resets_at}에 한도가 다시 시작됩니다.]',
    ],
    en: [
      'This passes the limit[ of {limit}] for a day.[ Left: {left}]',
      '[The limit begins anew on {resets_at}.]',
    ],
  },
  month_limit: {
    ko: [
      '이번 달 결제 한도[({limit})]를 초과합니다.[ 남은 한도: {left}]',
      '한도를 올려 주세요.[ 미리 납부하면 한 달에 {frees}까지 한도가 다시 생깁니다.][ {resets_at}에 한도가 다시 시작됩니다.]',
    ],
    en: [
      'This passes the limit[ of {limit}] for this month.[ Left: {left}]',
      'Raise the limit.[ Paying early makes room again, up to {frees} a month.][ The limit begins anew on {resets_at}.]',
    ],
  },
  person_limit: {
    ko: [
      '같은 명의의 모든 회선을 합한 한도[({limit})]를 초과합니다.[ 남은 한도: {left}]',
      '[{resets_at}에 한도가 다시 시작됩니다.]',
    ],
    en: [
      'This passes the limit[ of {limit}] of all lines of the same owner.[ Left: {left}]',
      '[The limit begins anew on {resets_at}.]',
    ],
  },
  category_limit: {
    ko: [
      '이 종류의 상품 한도[({limit})]를 초과합니다.[ 남은 한도: {left}]',
      '[{resets_at}에 한도가 다시 시작됩니다.]',
    ],
    en: [
      'This passes the limit[ of {limit}] for goods of this kind.[ Left: {left}]',
      '[The limit begins anew on {resets_at}.]',
    ],
  },
  merchant_limit: {
    ko: [
      '이 상점의 결제 한도[({limit})]를 초과합니다.[ 남은 한도: {left}]',
      '[{resets_at}에 한도가 다시 시작됩니다.]',
    ],
    en: [
      'This passes the limit[ of {limit}] at this merchant.[ Left: {left}]',
      '[The limit begins anew on {resets_at}.]',
    ],
  },
  product_limit: {
    ko: [
      '이 상품의 결제 한도[({limit})]를 초과합니다.[ 남은 한도: {left}]',
      '[{resets_at}에 한도가 다시 시작됩니다.]',
    ],
    en: [
      'This passes the limit[ of {limit}] for this product.[ Left: {left}]',
      '[The limit begins anew on {resets_at}.]',
    ],
  },
  sim_changed: {
    ko: [
      '유심이나 단말기를 바꾼 지 얼마 되지 않아 결제가 제한됩니다.',
      '[{until} 이후에 이용할 수 있습니다.] 직접 바꾸지 않았다면 바로 고객센터에 신고해 주세요.',
    ],
    en: [
      'The SIM or the phone was changed only just now.',
      '[Payments work again after {until}.] If it was not you, call the service desk at once.',
    ],
  },
  validation_failed: {
    ko: ['결제 확인에 실패했습니다.', '처음부터 다시 결제해 주세요.'],
    en: ['The payment was not confirmed correctly.', 'Begin the purchase again.'],
  },
  refused_by_payer: {
    ko: ['통신사 화면에서 결제하지 않기를 선택했습니다.', null],
    en: ['You chose not to pay on the carrier’s page.', null],
  },
  validation_expired: {
    ko: ['결제 확인 시간이 지났습니다.', '처음부터 다시 결제해 주세요.'],
    en: ['The time to confirm the payment is over.', 'Begin the purchase again.'],
  },
  reservation_expired: {
    ko: ['예약 시간이 지나 결제가 취소되었습니다.', '처음부터 다시 결제해 주세요.'],
    en: ['The reservation is over; the payment was cancelled.', 'Begin the purchase again.'],
  },
  second_factor_missing: {
    ko: ['추가 인증[({missing})]이 필요한 결제입니다.', '결제 비밀번호로 본인임을 확인해 주세요.'],
    en: ['This purchase needs more proof[ ({missing})].', 'Confirm it with your payment password.'],
  },
  unconfirmed_limit: {
    ko: [
      '본인 확인 없이 결제할 수 있는 하루 한도[({limit})]를 초과합니다.[ 남은 한도: {left}]',
      '결제 비밀번호로 확인하는 결제를 한 번 하면 다시 이용할 수 있습니다.[ {resets_at}에도 다시 시작됩니다.]',
    ],
    en: [
      'This passes the limit[ of {limit}] a day for payments that nobody confirms.[ Left: {left}]',
      'Confirm one payment with your payment password; then these work again.[ So they do on {resets_at}.]',
    ],
  },
  amount_not_a_step: {
    ko: ['{step} 단위로만 결제할 수 있습니다.', '금액을 확인해 주세요.'],
    en: ['Amounts are charged in steps of {step}.', 'Change the amount.'],
  },
  confirm_refused: {
    ko: ['최종 승인이 거절되었습니다.', '잠시 후 다시 결제해 주세요.'],
    en: ['The payment was refused when it was confirmed.', 'Try again a little later.'],
  },
}

const FACTORS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  network: { ko: '통신망 확인', en: 'mobile network' },
  sms_code: { ko: '문자 인증번호', en: 'code by SMS' },
  password: { ko: '결제 비밀번호', en: 'payment password' },
  biometric: { ko: '생체 인증', en: 'biometrics' },
  identity: { ko: '본인 확인', en: 'identity' },
}

const AMOUNTS = new Set(['left', 'limit', 'step', 'frees'])
const TIMES = new Set(['resets_at', 'until', 'since', 'lifts_at'])

/** Of a detail that names no zone. */
const ZONE = 'UTC'

function filled(
  text: string,
  detail: Readonly<Record<string, string>>,
  language: Language,
): string {
  const whole = text.replaceAll(/\[([^\]]*)\]/g, (_all, part: string) => {
    const names = [...part.matchAll(NAME)].map(([, name = '']) => name)
    return names.every((name) => (detail[name] ?? '') !== '') ? part : ''
  })
  return whole
    .replaceAll(NAME, (_all, name: string) => wordOf(name, detail, language))
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const NAME = /\{(\w+)\}/g

function wordOf(
  name: string,
  detail: Readonly<Record<string, string>>,
  language: Language,
): string {
  const value = detail[name] ?? ''
  if (AMOUNTS.has(name)) return moneyText(value, detail.currency ?? '', language)
  if (TIMES.has(name)) return timeText(value, detail.zone ?? ZONE, language)
  if (name === 'missing') {
    return value
      .split(',')
      .map((factor) => FACTORS[factor]?.[language] ?? factor)
      .join(', ')
  }
  return value
}

/** `300,000원`, `KRW 300,000`. `decimal`: an amount as decimal text. */
function moneyText(decimal: string, currency: string, language: Language): string {
  const [whole = '', places] = decimal.split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  const amount = places === undefined ? grouped : `${grouped}.${places}`
  return language === 'ko' && currency === 'KRW' ? `${amount}원` : `${currency} ${amount}`.trim()
}

/** A moment for people; where a day begins, the day says it all. */
function timeText(iso: string, zone: string, language: Language): string {
  const atMs = Date.parse(iso)
  if (Number.isNaN(atMs)) return iso
  const isDayBreak = startOfDayMs(dateOf(atMs, zone), zone) === atMs
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    timeZone: zone,
    ...{ month: 'long', day: 'numeric' },
    ...(isDayBreak ? {} : { hour: '2-digit', minute: '2-digit' }),
  }).format(atMs)
}
