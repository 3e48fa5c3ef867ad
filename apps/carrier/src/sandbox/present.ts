import { dateOf, daysBetween, type MarketProfile } from '@jeon/billing'
import type { Language } from '../language.ts'
import { serviceStateOf } from '../lines/standing.ts'
import type { Line } from '../model.ts'
import { reasonText } from '../payments/reasons.ts'
import { detailOf } from '../payments/rules.ts'

export type Present = Readonly<Record<Language, string>>

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/**
 * What is true of a line now, for people. The table says how a number was opened; since then its clock went on, and it may
 * have been used: a SIM that was changed an hour ago was changed two months ago after two months.
 */
export function presentOf(line: Line, profile: MarketProfile, nowMs: number): Present {
  const facts = [serviceFact(line, profile, nowMs), ...recentFacts(line, profile, nowMs)]
  if (line.password === 'locked') {
    facts.push({ ko: '결제 비밀번호 잠김', en: 'payment password locked' })
  }
  if (!line.onNetwork) facts.push({ ko: '와이파이만 사용', en: 'on Wi-Fi only' })
  return {
    ko: facts.map(({ ko }) => ko).join(' · '),
    en: facts.map(({ en }) => en).join(' · '),
  }
}

function serviceFact(line: Line, profile: MarketProfile, nowMs: number): Present {
  const { reason } = serviceStateOf(profile, line, nowMs)
  const changedMs = Math.max(line.simChangedAtMs, line.deviceChangedAtMs)
  if (reason === null && nowMs - changedMs < profile.identity.swap.refuseHours * HOUR_MS) {
    return { ko: '소액결제 안 됨', en: 'Payments are refused' }
  }
  if (reason === null) return { ko: '소액결제 가능', en: 'Payments work' }
  const detail = detailOf(reason, profile, line)
  return { ko: reasonText(reason, detail, 'ko').text, en: reasonText(reason, detail, 'en').text }
}

/** What rules look at while it is recent: they differ for a line that was opened or changed only just now. */
function recentFacts(line: Line, profile: MarketProfile, nowMs: number): Present[] {
  const { eligibility, identity, zone } = profile
  const facts: Present[] = []
  const days = daysBetween(line.openedOn, dateOf(nowMs, zone))
  if (days < Math.max(eligibility.joinedDaysMin, 31 * eligibility.restrictedMonths)) {
    facts.push({
      ko: `가입 ${days}일째`,
      en: days === 1 ? 'opened 1 day ago' : `opened ${days} days ago`,
    })
  }
  const { stepUpHours, refuseHours } = identity.swap
  const swapped = (atMs: number, what: Present) => {
    const ageMs = nowMs - atMs
    if (ageMs >= 2 * stepUpHours * HOUR_MS) return
    const since = sinceOf(ageMs)
    const rule =
      ageMs < refuseHours * HOUR_MS
        ? { ko: '거절', en: 'refused' }
        : ageMs < stepUpHours * HOUR_MS
          ? { ko: '비밀번호 필요', en: 'password needed' }
          : { ko: '제한 끝남', en: 'no longer restricted' }
    facts.push({
      ko: `${what.ko} 변경 ${since.ko}(${rule.ko})`,
      en: `${what.en} changed ${since.en} (${rule.en})`,
    })
  }
  swapped(line.simChangedAtMs, { ko: '유심', en: 'SIM' })
  swapped(line.deviceChangedAtMs, { ko: '기기', en: 'device' })
  return facts
}

function sinceOf(ageMs: number): Present {
  if (ageMs < 2 * DAY_MS) {
    const hours = Math.floor(ageMs / HOUR_MS)
    return { ko: `${hours}시간 전`, en: `${hours} h ago` }
  }
  const days = Math.floor(ageMs / DAY_MS)
  return { ko: `${days}일 전`, en: `${days} days ago` }
}
