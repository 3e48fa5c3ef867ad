import { assetOfProfile, type CalendarDate, type Cycle, type MarketProfile } from '@jeon/billing'
import { displayAmount } from '@jeon/money'
import type { Language } from '../language.ts'
import { dayText, monthText } from '../messages/words.ts'
import type { Carrier } from '../model.ts'

/** What the notice of a bill is made of in SQL: formats with `%s` where amounts go. */
export interface NoticeWords {
  readonly language: Language
  readonly head: string
  readonly credit: string
  readonly foot: string
  readonly amount: string
}

/** The words of the statutory notice at the bill (Network Act art. 58(1)), by language. */
export function noticeWords(
  carrier: Carrier,
  profile: MarketProfile,
  cycle: Cycle,
  dueOn: CalendarDate,
): NoticeWords[] {
  const name = escaped(carrier.name)
  const contact = carrier.contact
  return [
    {
      language: 'ko',
      head: `[${name}] ${monthText(cycle, 'ko')} 소액결제 청구서\n청구 금액 %s, 납부 기한 ${dayText(dueOn, 'ko')}\n`,
      credit: '미리 내거나 돌려받은 금액 %s, 내실 금액 %s\n',
      foot: `\n이의 신청 ${contact}`,
      amount: amountPattern(profile, 'ko'),
    },
    {
      language: 'en',
      head: `[${name}] Bill for purchases in ${monthText(cycle, 'en')}\nTotal %s, due ${dayText(dueOn, 'en')}\n`,
      credit: 'Paid early or credited %s, left to pay %s\n',
      foot: `\nTo object: ${contact}`,
      amount: amountPattern(profile, 'en'),
    },
  ]
}

/** How SQL writes a number so that it reads as in every other message: grouped, with the currency's decimals. */
export function numberFormat(profile: MarketProfile): {
  readonly unit: bigint
  readonly mask: string
} {
  const { scale } = assetOfProfile(profile)
  const shown = sampleOf(profile, 'en').decimals
  const optional = '9'.repeat(Math.max(0, scale - shown))
  return {
    unit: 10n ** BigInt(scale),
    mask: `FM999,999,999,999,990.${'0'.repeat(shown)}${optional}`,
  }
}

/** `%s원`: an amount as displayed, with the number taken out. */
function amountPattern(profile: MarketProfile, language: Language): string {
  const { before, after } = sampleOf(profile, language)
  return `${escaped(before)}%s${escaped(after)}`
}

function sampleOf(profile: MarketProfile, language: Language) {
  const asset = assetOfProfile(profile)
  const style = language === 'ko' ? 'name' : 'symbol'
  const sample = displayAmount(1_000n * 10n ** BigInt(asset.scale), asset, language, { style })
  const [, before = '', decimals = '', after = ''] = /^(.*)1,000(?:\.(0+))?(.*)$/.exec(sample) ?? []
  return { before, after, decimals: decimals.length }
}

/** `format` in SQL takes a percent sign for a place to fill. */
function escaped(text: string): string {
  return text.replaceAll('%', '%%')
}
