import type { CalendarDate } from '@jeon/billing'
import { dateOf } from '@jeon/billing'
import type { Language } from '../language.ts'
import type { Carrier } from '../model.ts'
import type { Receipt } from '../receipts/model.ts'
import { amountText, dayText, monthText } from './words.ts'

/** Money came in, and what it paid. */
export function receiptText(
  receipt: Receipt,
  language: Language,
  carrier: Carrier,
  atMs: number,
): string {
  const profile = carrier.profileAt(atMs)
  const day = dayText(dateOf(atMs, profile.zone), language)
  const amount = amountText(profile, receipt.amount, language)
  const rest = amountText(profile, receipt.rest, language)
  const months = [...new Set(receipt.parts.map(({ cycle }) => monthText(cycle, language)))]
  if (language === 'ko') {
    const what = receipt.early ? '선결제' : '납부'
    const paid = months.length === 0 ? '' : ` ${months.join(', ')} 이용분에 충당.`
    const over = receipt.rest === 0n ? '' : ` 남은 ${rest}은 다음 청구에서 뺍니다.`
    return `[${carrier.name}] ${day} ${amount} ${what} 완료.${paid}${over}`
  }
  const paid = months.length === 0 ? '' : ` for ${months.join(', ')}`
  const over = receipt.rest === 0n ? '' : ` ${rest} is left and comes off your next bill.`
  return `[${carrier.name}] ${day}: received ${amount}${receipt.early ? ' paid early' : ''}${paid}.${over}`
}

/** Service works again. `paymentsOff`: the owner has to allow payments anew. */
export function restoredText(paymentsOff: boolean, language: Language, carrier: Carrier): string {
  if (language === 'ko') {
    const next = paymentsOff
      ? '소액결제는 본인 확인 후 직접 차단을 해제하셔야 다시 쓸 수 있습니다.'
      : ''
    return `[${carrier.name}] 미납 요금이 납부되어 이용 제한이 풀렸습니다. ${next}`.trimEnd()
  }
  const next = paymentsOff ? 'Payments stay off until you unblock them yourself.' : ''
  return `[${carrier.name}] Your payment arrived and the restrictions on your line are lifted. ${next}`.trimEnd()
}

export type DisputeEvent = 'opened' | 'justified' | 'rejected' | 'withdrawn'

/** The answer to an objection to what was given back meanwhile. */
export function alreadyRefundedText(language: Language): string {
  return language === 'ko' ? '이미 환불된 결제입니다.' : 'It had been refunded already.'
}

/** A dispute was opened, or ended. */
export function disputeText(
  event: DisputeEvent,
  facts: { readonly what: string; readonly answerBy: CalendarDate; readonly answer: string | null },
  language: Language,
  carrier: Carrier,
): string {
  const { what, answerBy, answer } = facts
  const by = dayText(answerBy, language)
  const reply = answer === null ? '' : ` ${answer}`
  const texts = {
    opened: {
      ko: `"${what}" 이의 신청을 접수했습니다. ${by}까지 답변드리며, 그동안 판매자 지급과 연체 절차를 멈춥니다.`,
      en: `We have your objection to "${what}". You get an answer by ${by}; until then the merchant is not paid and dunning stands still.`,
    },
    justified: {
      ko: `"${what}" 이의 신청이 받아들여져 금액을 돌려드립니다.${reply}`,
      en: `Your objection to "${what}" was justified; the amount comes back.${reply}`,
    },
    rejected: {
      ko: `"${what}" 이의 신청이 받아들여지지 않았습니다.${reply} 다시 이의: ${carrier.contact}`,
      en: `Your objection to "${what}" was not accepted.${reply} To object again: ${carrier.contact}`,
    },
    withdrawn: {
      ko: `"${what}" 이의 신청이 취소되었습니다.`,
      en: `Your objection to "${what}" was withdrawn.`,
    },
  } as const
  return `[${carrier.name}] ${texts[event][language]}`
}

export type ReliefEvent = 'applied' | 'granted' | 'refused' | 'completed' | 'broken'

/** Debt relief. `detail`: of a grant, the amount each month and how many months. */
export function reliefText(
  event: ReliefEvent,
  detail: { readonly instalment: string; readonly months: number },
  language: Language,
  carrier: Carrier,
): string {
  const { instalment, months } = detail
  const texts = {
    applied: {
      ko: '채무조정 신청을 접수했습니다. 내일부터 추심과 이용 제한 절차를 멈춥니다.',
      en: 'We have your application for debt relief. From tomorrow collection and restrictions stand still.',
    },
    granted: {
      ko: `채무조정이 확정되었습니다. 매월 ${instalment}씩 ${months}개월 내시면 됩니다.`,
      en: `Debt relief is granted: ${instalment} a month for ${months} months.`,
    },
    refused: {
      ko: '채무조정 신청이 받아들여지지 않았습니다.',
      en: 'Your application for debt relief was refused.',
    },
    completed: {
      ko: '채무조정이 끝났습니다. 남은 금액이 없습니다.',
      en: 'Your debt relief plan is complete: nothing is owed.',
    },
    broken: {
      ko: '채무조정 약정 금액이 납부되지 않아 약정이 끝났습니다. 연체 절차가 다시 진행됩니다.',
      en: 'An instalment of your debt relief plan was missed: the plan has ended and dunning goes on.',
    },
  } as const
  return `[${carrier.name}] ${texts[event][language]}`
}

/** A written statement is ready. */
export function statementText(
  from: CalendarDate,
  to: CalendarDate,
  language: Language,
  carrier: Carrier,
): string {
  const period = `${dayText(from, language)} – ${dayText(to, language)}`
  return language === 'ko'
    ? `[${carrier.name}] 요청하신 이용 내역서(${period})가 준비되었습니다.`
    : `[${carrier.name}] The statement you asked for (${period}) is ready.`
}

/** The line was linked to a client, which may charge small amounts from now on. */
export function linkedText(
  client: { readonly name: string; readonly contact: string },
  language: Language,
  carrier: Carrier,
): string {
  return language === 'ko'
    ? `[${carrier.name}] 이 회선이 ${client.name}(${client.contact})에 연결되어 소액은 따로 묻지 않고 결제될 수 있습니다. 본인이 연결하지 않았다면 결제를 차단하고 알려 주세요. 문의 ${carrier.contact}`
    : `[${carrier.name}] Your line was linked with ${client.name} (${client.contact}): small payments no longer ask you. If it was not you, block payments and tell us: ${carrier.contact}`
}
