import type { Language } from '../language.ts'
import type { Carrier, Payment } from '../model.ts'
import { amountText, minuteText, monthText } from './words.ts'

/** What others wrote, as one short line of ours: it can neither begin a line that looks like the carrier's nor hide one. */
export function oneLine(text: string, most: number): string {
  return text
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed()
}

const NAME_MAX = 40
const WHAT_MAX = 120

/**
 * The notice at a charge. Network Act art. 58(1): time, merchant's name and contact, amount and what it is made of, and
 * how to object.
 */
export function chargeText(payment: Payment, language: Language, carrier: Carrier): string {
  const profile = carrier.profileOf(payment.profileVersion)
  const at = minuteText(profile, payment.paidAtMs ?? payment.createdAtMs)
  const amount = amountText(profile, payment.amount, language)
  const name = oneLine(payment.merchant.name, NAME_MAX)
  const contact = oneLine(payment.merchant.contact, NAME_MAX)
  const what = itemsText(payment, language, carrier)
  const month = monthText(payment.cycle, language)
  return language === 'ko'
    ? `[${carrier.name}] 소액결제 ${amount}\n일시 ${at}\n판매자 ${name} (${contact})\n내역 ${what}\n${month} 이용분으로 다음 달에 청구됩니다.\n이의 신청 ${carrier.contact}`
    : `[${carrier.name}] Charged to your line: ${amount}\nAt ${at}\nMerchant ${name} (${contact})\nFor ${what}\nCounts in ${month}, billed the month after.\nTo object: ${carrier.contact}`
}

function itemsText(
  { description, items, profileVersion }: Payment,
  language: Language,
  carrier: Carrier,
): string {
  const profile = carrier.profileOf(profileVersion)
  const names = items.map(
    (item) =>
      `${oneLine(item.description, NAME_MAX)} ${amountText(profile, item.amount, language)}`,
  )
  const title = oneLine(description, names.length === 0 ? WHAT_MAX : NAME_MAX)
  return itemsIn(title, names, language)
}

/** What was bought, and as many of its items as fit: whole ones, and how many more there are. */
export function itemsIn(title: string, names: readonly string[], language: Language): string {
  let text = title
  for (const [at, name] of names.entries()) {
    const longer = at === 0 ? `${title}: ${name}` : `${text}, ${name}`
    if (longer.length > WHAT_MAX && at > 0) {
      const left = names.length - at
      return language === 'ko' ? `${text} 외 ${left}건` : `${text} and ${left} more`
    }
    text = longer
  }
  return text
}
