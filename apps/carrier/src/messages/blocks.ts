import type { MarketProfile } from '@jeon/billing'
import type { Language } from '../language.ts'
import type { BlockKind } from '../model.ts'
import { minuteText } from './words.ts'

type Words = Readonly<Record<Language, string>>

/** What a block stops, in the middle of a sentence. */
const STOPS: Readonly<Record<BlockKind, Words>> = {
  payer: { ko: '모든 소액결제', en: 'all payments' },
  permanent: { ko: '모든 소액결제(영구 차단)', en: 'all payments (for good)' },
  voucher: { ko: '상품권 결제', en: 'vouchers' },
  auto_pay: { ko: '자동결제', en: 'automatic payments' },
  operator: { ko: '모든 소액결제(통신사 차단)', en: 'all payments (by the carrier)' },
  dormant: { ko: '모든 소액결제(장기 미사용)', en: 'all payments (not used for long)' },
  fraud: { ko: '모든 소액결제(부정 사용 의심)', en: 'all payments (suspected fraud)' },
}

/** What a block stops, for people: `상품권 결제`, `vouchers`. */
export function stopsText(kind: BlockKind, language: Language): string {
  return STOPS[kind][language]
}

const BLOCKED: Readonly<Record<BlockKind, Words>> = {
  payer: {
    ko: '이 회선의 모든 소액결제를 차단했습니다.',
    en: 'All payments on your line are blocked now.',
  },
  permanent: {
    ko: '이 회선의 모든 소액결제를 영구 차단했습니다.',
    en: 'All payments on your line are blocked for good.',
  },
  voucher: {
    ko: '상품권 결제를 차단했습니다. 다른 소액결제는 계속 됩니다.',
    en: 'Vouchers are blocked on your line now. Other payments go on.',
  },
  auto_pay: {
    ko: '자동결제를 차단했습니다. 직접 하는 소액결제는 계속 됩니다.',
    en: 'Automatic payments are blocked on your line now. What you buy yourself goes on.',
  },
  operator: {
    ko: '통신사가 이 회선의 모든 소액결제를 차단했습니다.',
    en: 'The carrier has blocked all payments on your line.',
  },
  dormant: {
    ko: '오랫동안 쓰지 않아 이 회선의 모든 소액결제를 차단했습니다.',
    en: 'All payments on your line are blocked, since they were not used for long.',
  },
  fraud: {
    ko: '부정 사용이 의심되어 이 회선의 모든 소액결제를 멈췄습니다.',
    en: 'All payments on your line are on hold because of suspected fraud.',
  },
}

/** A block was set: which, and how its owner lifts it. `isLiftable`: by the owner. */
export function blockedText(
  block: { readonly kind: BlockKind; readonly isLiftable: boolean },
  profile: MarketProfile,
  language: Language,
): string {
  const { kind, isLiftable } = block
  if (!isLiftable) return BLOCKED[kind][language]
  const { coolingOffHours, permanentCoolingOffHours } = profile.blocks.unblock
  const hours = kind === 'permanent' ? permanentCoolingOffHours : coolingOffHours
  const waits = {
    ko: hours === 0 ? '바로 풀립니다' : `${hours}시간 뒤에 풀립니다`,
    en: hours === 0 ? 'it takes effect at once' : `it takes effect after ${hours} hours`,
  }
  const lifts = {
    ko: `해제하려면 내 회선 화면에서 본인 확인을 하세요. 신청하면 ${waits.ko}.`,
    en: `To lift it, prove who you are on the page of your line; ${waits.en}.`,
  }
  return `${BLOCKED[kind][language]} ${lifts[language]}`
}

/** An unblock: what it lifts and when, and what holds on. */
export interface Unblock {
  readonly lifted: readonly { readonly kind: BlockKind; readonly liftsAtMs: number }[]
  readonly remaining: readonly { readonly kind: BlockKind }[]
}

/** An unblock was granted. `nowMs`: what lifts by then is lifted already. */
export function unblockText(
  { lifted, remaining }: Unblock,
  profile: MarketProfile,
  nowMs: number,
  language: Language,
): string {
  const byTime = [...Map.groupBy(lifted, ({ liftsAtMs }) => liftsAtMs)]
  const parts = byTime.map(([liftsAtMs, blocks]) => {
    const stops = blocks.map(({ kind }) => stopsText(kind, language)).join(', ')
    if (liftsAtMs <= nowMs) return language === 'ko' ? `지금 ${stops}` : `now: ${stops}`
    const at = minuteText(profile, liftsAtMs)
    return language === 'ko' ? `${at}부터 ${stops}` : `from ${at}: ${stops}`
  })
  const rest = remaining.map(({ kind }) => stopsText(kind, language)).join(', ')
  if (language === 'ko') {
    const holds = rest === '' ? '' : ` 통신사만 풀 수 있는 차단은 남아 있습니다: ${rest}.`
    return `차단 해제를 접수했습니다. 풀리는 차단: ${parts.join('; ')}.${holds}`
  }
  const holds = rest === '' ? '' : ` Only the carrier can lift what still holds: ${rest}.`
  return `An unblock was granted. Lifted ${parts.join('; ')}.${holds}`
}

/** Granted unblocks have taken effect. `holds`: blocks that are still there. */
export function unblockedText(
  kinds: readonly BlockKind[],
  holds: readonly BlockKind[],
  language: Language,
): string {
  const all = kinds.map((kind) => stopsText(kind, language)).join(', ')
  const rest = holds.map((kind) => stopsText(kind, language)).join(', ')
  if (language === 'ko') {
    return `차단이 해제되었습니다: ${all}.${rest === '' ? '' : ` 아직 남은 차단: ${rest}.`}`
  }
  return `No longer blocked: ${all}.${rest === '' ? '' : ` Still blocked: ${rest}.`}`
}
