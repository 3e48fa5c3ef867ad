import type { Language } from '../language.ts'
import type { Carrier, Payment, Refund } from '../model.ts'
import { oneLine } from './charge.ts'
import { amountText, minuteText } from './words.ts'

const NAME_MAX = 40

/** What follows, for the owner of the line. */
const FOLLOWS: Readonly<Record<Refund['mode'], Readonly<Record<Language, string>>>> = {
  cancel: { ko: '이 금액은 청구되지 않습니다.', en: 'You are not billed for it.' },
  bill_credit: {
    ko: '내실 요금에서 빼고, 남으면 다음 청구에서 뺍니다.',
    en: 'It comes off what you owe; what is left comes off your next bills.',
  },
  bank_transfer: { ko: '등록하신 계좌로 보내 드립니다.', en: 'It goes to your bank account.' },
}

/** A purchase was cancelled or refunded, all of it or a part. */
export function refundText(
  { amount, mode, refundedAtMs, createdAtMs }: Refund,
  payment: Payment,
  language: Language,
  carrier: Carrier,
): string {
  const profile = carrier.profileOf(payment.profileVersion)
  const at = minuteText(profile, refundedAtMs ?? createdAtMs)
  const name = oneLine(payment.merchant.name, NAME_MAX)
  const contact = oneLine(payment.merchant.contact, NAME_MAX)
  const back = amountText(profile, amount, language)
  const whole = amountText(profile, payment.amount, language)
  // What was paid early of a purchase that is cancelled comes back as a credit.
  const follows = FOLLOWS[payment.paidEarly > 0n ? 'bill_credit' : mode][language]
  if (language === 'ko') {
    const what = mode === 'cancel' ? '소액결제 취소' : '소액결제 환불'
    const of = amount === payment.amount ? '' : ` (결제 ${whole} 중)`
    return `[${carrier.name}] ${what} ${back}${of}\n일시 ${at}\n판매자 ${name} (${contact})\n${follows}\n문의 ${carrier.contact}`
  }
  const what = mode === 'cancel' ? 'Cancelled' : 'Refunded'
  const of = amount === payment.amount ? '' : ` of ${whole}`
  return `[${carrier.name}] ${what}: ${back}${of}\nAt ${at}\nMerchant ${name} (${contact})\n${follows}\nQuestions: ${carrier.contact}`
}
