import { assetOfProfile } from '@jeon/billing'
import { formatAmount } from '@jeon/money'
import type { CodeSent } from '../codes/model.ts'
import type { Codes } from '../codes/service.ts'
import type { Language } from '../language.ts'
import { oneLine } from '../messages/charge.ts'
import type { Carrier, Line, Payment } from '../model.ts'

/** Sends the code that approves a payment. The message says what is approved: a code alone can be talked out of people. */
export function sendPaymentCode(
  { codes, carrier }: { codes: Codes; carrier: Carrier },
  payment: Payment,
  line: Line,
): Promise<CodeSent> {
  const amount = amountText(payment, carrier, line.language)
  const name = oneLine(payment.merchant.name, 40)
  const wording =
    line.language === 'ko'
      ? `[${carrier.name}] 결제 인증번호 {{code}}. ${name}, ${amount}. 본인이 요청하지 않았다면 아무에게도 알려 주지 마세요.`
      : `[${carrier.name}] Code {{code}} approves ${amount} to ${name}. If you did not ask for this, tell it to nobody.`
  return codes.send(line, 'payment', { holder: payment.id, clientId: payment.clientId, wording })
}

/** `1,200원` or `KRW 1,200`; other currencies with their code. */
export function amountText(payment: Payment, carrier: Carrier, language: Language): string {
  const asset = assetOfProfile(carrier.profileOf(payment.profileVersion))
  const [whole = '', fraction] = formatAmount(payment.amount, asset).split('.')
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`
  return language === 'ko' && payment.currency === 'KRW'
    ? `${text}원`
    : `${payment.currency} ${text}`
}
