import type { CalendarDate, MarketProfile } from '@jeon/billing'
import type { Bill } from '../bills/model.ts'
import type { Rung } from '../dunning/model.ts'
import type { Language } from '../language.ts'
import type { Carrier } from '../model.ts'
import { amountText, dayText, monthText } from './words.ts'

interface About {
  readonly carrier: Carrier
  /** The profile that the bill was made under. */
  readonly profile: MarketProfile
  readonly bill: Bill
  readonly language: Language
}

/** What each step of the ladder does, for a sentence. */
const STEPS: Readonly<Record<Rung, Readonly<Record<Language, string>>>> = {
  notice: { ko: '연체 안내', en: 'a reminder is sent' },
  blocked: { ko: '소액결제가 차단됩니다', en: 'payments on this line are blocked' },
  outgoing_suspended: { ko: '발신이 정지됩니다', en: 'outgoing calls and data are suspended' },
  fully_suspended: { ko: '발신과 수신이 모두 정지됩니다', en: 'the line is fully suspended' },
  terminated: { ko: '계약이 해지됩니다', en: 'the contract is terminated' },
}

/** What a step does, for people. */
export function stepWords(stage: Rung, language: Language): string {
  return STEPS[stage][language]
}

/** A due date was missed. `added`: the surcharge, smallest units. */
export function missedText(about: About & { readonly added: bigint }): string {
  const { carrier, profile, bill, added, language } = about
  const owed = amountText(profile, bill.owed + added, language)
  const month = monthText(bill.cycle, language)
  const surcharge = amountText(profile, added, language)
  if (language === 'ko') {
    const what = added === 0n ? '' : `연체 가산금 ${surcharge}이 더해졌습니다. `
    return `[${carrier.name}] ${month} 이용 요금의 납부 기한 ${dayText(bill.dueOn, 'ko')}이 지났습니다. ${what}미납 금액 ${owed}. 문의 ${carrier.contact}`
  }
  const what = added === 0n ? '' : `A late surcharge of ${surcharge} was added. `
  return `[${carrier.name}] Your bill for ${month} was due on ${dayText(bill.dueOn, 'en')} and is not paid. ${what}You owe ${owed}. Questions: ${carrier.contact}`
}

/** Announces a stage: what will happen, on which day, and what prevents it. */
export function noticeText(
  about: About & { readonly stage: Rung; readonly on: CalendarDate },
): string {
  const { carrier, profile, bill, stage, on, language } = about
  const owed = amountText(profile, bill.owed, language)
  const month = monthText(bill.cycle, language)
  return language === 'ko'
    ? `[${carrier.name}] 예고: ${month} 이용 요금 ${owed}이 미납되어 ${dayText(on, 'ko')}에 ${stepWords(stage, 'ko')}. 그 전에 내시면 적용되지 않습니다. 문의 ${carrier.contact}`
    : `[${carrier.name}] Notice: ${owed} for ${month} is not paid, and on ${dayText(on, 'en')} ${stepWords(stage, 'en')}. Paying before then prevents it. Questions: ${carrier.contact}`
}

/** Says that a stage has come. */
export function stepText(
  about: About & { readonly stage: Rung; readonly on: CalendarDate },
): string {
  const { carrier, profile, bill, stage, on, language } = about
  const owed = amountText(profile, bill.owed, language)
  const month = monthText(bill.cycle, language)
  if (stage === 'notice') {
    return language === 'ko'
      ? `[${carrier.name}] ${month} 이용 요금 ${owed}이 아직 납부되지 않았습니다. 계속 미납되면 소액결제와 회선 이용이 차례로 제한되며, 그 전에 날짜를 알려 드립니다. 문의 ${carrier.contact}`
      : `[${carrier.name}] ${owed} for ${month} is still not paid. If it stays so, payments and then the line are restricted step by step; each step is announced with its day. Questions: ${carrier.contact}`
  }
  return language === 'ko'
    ? `[${carrier.name}] ${dayText(on, 'ko')}: ${month} 이용 요금 ${owed} 미납으로 ${stepWords(stage, 'ko')}. 문의 ${carrier.contact}`
    : `[${carrier.name}] ${dayText(on, 'en')}: because ${owed} for ${month} is not paid, ${stepWords(stage, 'en')}. Questions: ${carrier.contact}`
}
