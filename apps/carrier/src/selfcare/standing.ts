import type { MarketProfile } from '@jeon/billing'
import type { CareStanding } from '@jeon/camara'
import type { Standing } from '../dunning/model.ts'
import type { Language } from '../language.ts'
import type { Line } from '../model.ts'
import { type Caller, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { amountText, filledText, moneyText, timeText } from './view.ts'
import { pauseWords, restoreWords, stageWords } from './words.ts'

export interface StandingParts {
  standing(line: Line): Promise<Standing>
}

/** What is owed, what follows, and exactly what restores service. */
export function createStandingEndpoints(parts: StandingParts): CareEndpoint[] {
  return [
    careEndpoint({
      method: 'GET',
      path: '/standing',
      summary: 'What is owed, what a missed payment leads to, and what restores service',
      reply: 'standing',
      handle: async (call) => standingView(call, await parts.standing(call.line)),
    }),
  ]
}

export function standingView({ profile, language, nowMs }: Caller, found: Standing): CareStanding {
  const { owed, overdue, stage, ladder, paused, consequences, credit, chargedOff } = found
  return {
    at: timeText(nowMs),
    currency: profile.currency,
    owed: amountText(profile, owed),
    overdue: amountText(profile, overdue),
    stage,
    ladder: ladder.map((rung) => ({
      stage: rung.stage,
      notice_on: rung.noticeOn,
      on: rung.on,
      done: rung.isDone,
      text: stageWords[rung.stage][language],
    })),
    paused: paused === null ? null : pauseWords[paused][language],
    restore: restoreView(profile, found, language),
    consequences: consequences.map((each) => ({
      day: each.day,
      stage: each.stage,
      text: stageWords[each.stage][language],
    })),
    credit: amountText(profile, credit),
    charged_off: amountText(profile, chargedOff),
  }
}

function restoreView(
  profile: MarketProfile,
  { restore, stage }: Standing,
  language: Language,
): CareStanding['restore'] {
  if (restore === null) return null
  const { toPay, rule, enablesPayments } = restore
  const pay = moneyText(profile, toPay, language)
  return {
    pay: amountText(profile, toPay),
    rule,
    text: filledText(restoreWords[wordsFor(stage, rule, enablesPayments)][language], { pay }),
    enables_payments: enablesPayments,
  }
}

function wordsFor(
  stage: Standing['stage'],
  rule: NonNullable<Standing['restore']>['rule'],
  enablesPayments: boolean,
): keyof typeof restoreWords {
  if (stage === 'terminated') return 'gone'
  if (stage === 'current' || stage === 'active' || stage === 'notice') return 'preventing'
  return rule === 'full_balance' && enablesPayments ? 'enabling' : rule
}
