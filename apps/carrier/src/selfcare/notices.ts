import type { MarketProfile } from '@jeon/billing'
import type { Language } from '../language.ts'
import { blockedText, type Unblock, unblockText } from '../messages/blocks.ts'
import type { Outbox } from '../messages/model.ts'
import { minuteText } from '../messages/words.ts'
import type { BlockKind, NewMessage } from '../model.ts'
import type { Caller } from './endpoint.ts'
import { moneyText } from './view.ts'

/** What the owner did in self-care, told to the phone: whoever got in without its owner's knowledge is noticed. */
export type Notice =
  | { readonly kind: 'blocked'; readonly block: BlockKind }
  | { readonly kind: 'unblock_granted'; readonly unblock: Unblock }
  | {
      readonly kind: 'limit_changed'
      /** What was chosen; `null`: none of the owner's own. */
      readonly chosen: Readonly<Partial<Record<LimitPart, bigint | null>>>
      readonly atMs: number
    }
  | { readonly kind: 'consent'; readonly isGiven: boolean }
  | { readonly kind: 'password_changed' }

/** Puts the message for a notice into the outbox. @param about - what it is about, so that it comes once */
export async function notify(
  outbox: Pick<Outbox, 'save'>,
  caller: Caller,
  notice: Notice,
  about: string,
): Promise<void> {
  const { line, carrier } = caller
  const message: NewMessage = {
    lineId: line.id,
    phoneNumber: line.phoneNumber,
    carrier: carrier.id,
    kind: notice.kind,
    text: noticeText(caller, notice),
    about,
  }
  await outbox.save([message])
}

/** The text of a notice, in the language of the line. */
export function noticeText(caller: NoticeCaller, notice: Notice): string {
  const { carrier, line } = caller
  const said = saidIn(caller, notice)
  const objection =
    line.language === 'ko'
      ? `본인이 하지 않았다면 알려 주세요: ${carrier.contact}`
      : `If this was not you, call ${carrier.contact}.`
  return `[${carrier.name}] ${said} ${objection}`
}

type NoticeCaller = Pick<Caller, 'carrier' | 'profile' | 'nowMs'> & {
  readonly line: Pick<Caller['line'], 'language'>
}

function saidIn({ profile, line, nowMs }: NoticeCaller, notice: Notice): string {
  const { language } = line
  switch (notice.kind) {
    case 'blocked':
      return blockedText({ kind: notice.block, isLiftable: true }, profile, language)
    case 'unblock_granted':
      return unblockText(notice.unblock, profile, nowMs, language)
    default:
      return language === 'ko' ? korean(profile, notice) : english(profile, notice)
  }
}

type Rest = Exclude<Notice, { kind: 'blocked' | 'unblock_granted' }>

const limitNames = {
  transaction: { ko: '한 번', en: 'a payment' },
  day: { ko: '하루', en: 'a day' },
  month: { ko: '한 달', en: 'a month' },
} as const
type LimitPart = keyof typeof limitNames
const limitParts = ['transaction', 'day', 'month'] as const
const noLimit = { ko: '따로 정하지 않음', en: 'none of your own' } as const

/** `하루 40,000원, 한 달 300,000원`; `₩40,000 a day` */
function chosenText(
  profile: MarketProfile,
  chosen: Extract<Notice, { kind: 'limit_changed' }>['chosen'],
  language: Language,
): string {
  const parts = limitParts.flatMap((part) => {
    const amount = chosen[part]
    if (amount === undefined) return []
    const name = limitNames[part][language]
    const sum = amount === null ? noLimit[language] : moneyText(profile, amount, language)
    return [language === 'ko' ? `${name} ${sum}` : `${sum} ${name}`]
  })
  return parts.join(', ')
}

function korean(profile: MarketProfile, notice: Rest): string {
  switch (notice.kind) {
    case 'limit_changed':
      return `소액결제 한도를 바꿨습니다. ${chosenText(profile, notice.chosen, 'ko')}. ${minuteText(profile, notice.atMs)}부터 적용됩니다.`
    case 'consent':
      return notice.isGiven ? '소액결제 이용에 동의했습니다.' : '동의를 철회했습니다.'
    case 'password_changed':
      return '결제 비밀번호를 바꿨습니다.'
  }
}

function english(profile: MarketProfile, notice: Rest): string {
  switch (notice.kind) {
    case 'limit_changed':
      return `Your limits were changed: ${chosenText(profile, notice.chosen, 'en')}, from ${minuteText(profile, notice.atMs)}.`
    case 'consent':
      return notice.isGiven ? 'You agreed to payments on your line.' : 'You withdrew a consent.'
    case 'password_changed':
      return 'Your payment password was changed.'
  }
}
