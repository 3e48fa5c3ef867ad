import { cycleOf, endOfCycleMs } from '@jeon/billing'
import type { CareBlock, CareLine, CareService } from '@jeon/camara'
import { AFTER_SUSPENSION } from '../blocks/model.ts'
import type { Core } from '../core.ts'
import type { Language } from '../language.ts'
import type { ServiceState } from '../lines/model.ts'
import { holds } from '../lines/standing.ts'
import type { Block, Line } from '../model.ts'
import { reasonText } from '../payments/reasons.ts'
import { detailOf } from '../payments/rules.ts'
import { proofNeeds } from '../proofs/service.ts'
import type { Caller } from './endpoint.ts'
import { dayText, filledText, momentText, moneyText, timeText } from './view.ts'
import {
  afterSuspensionWords,
  blockWords,
  choosableBlocks,
  consentWords,
  outgoingSuspendedWords,
  raiseAloneWords,
  serviceWords,
  unblockPendingWords,
} from './words.ts'

export interface LineViewParts {
  readonly core: Core
  /** What has to be paid for the line to work again, smallest units; `null`: nothing is overdue. */
  toRestore(line: Line): Promise<bigint | null>
}

/** The line as its owner sees it, as it is now. */
export async function lineView(parts: LineViewParts, caller: Caller): Promise<CareLine> {
  const { carrier, profile, language } = caller
  const line = (await parts.core.lines.byId(caller.line.id)) ?? caller.line
  const { unblock } = profile.blocks
  return {
    phone_number: line.phoneNumber,
    carrier: { id: carrier.id, name: carrier.name, contact: carrier.contact },
    kind: line.kind,
    currency: profile.currency,
    zone: profile.zone,
    profile_version: profile.version,
    stage: line.stage,
    service: await serviceView(parts, { ...caller, line }),
    blocks: line.blocks.map((block) => blockView(parts.core, block, language)),
    block_choices: choosableBlocks.map((kind) => ({ kind, does: blockWords[kind][language] })),
    payment_password: line.password,
    unblock: {
      factors: proofNeeds(profile, 'unblock'),
      cooling_off_hours: unblock.coolingOffHours,
      per_day: unblock.perDay,
    },
    raise: {
      factors: proofNeeds(profile, 'raise'),
      cooling_off_hours: profile.limits.raise.coolingOffHours,
      consent_wording: consentWords.limit_raise[language],
    },
  }
}

/** Whether payments work, why not, and what helps. */
async function serviceView(parts: LineViewParts, caller: Caller): Promise<CareService> {
  const { line, language } = caller
  const found = await parts.core.service(line)
  const words = serviceWords[found.state]
  const values = await valuesFor(parts, caller, found)
  const special = specialWords(found, caller)
  const { earlyPaymentFrees } = caller.profile.limits
  const isRaiseAlone = found.state === 'limit_exhausted' && earlyPaymentFrees === null
  const helps = isRaiseAlone ? raiseAloneWords : words.remedy
  const remedy = helps === null ? null : filledText(helps[language], values)
  return { state: found.state, text: filledText(words.text[language], values), remedy, ...special }
}

/** Where the state alone does not say enough. */
function specialWords(
  found: ServiceState,
  { line, profile, language, nowMs }: Caller,
): Partial<CareService> {
  if (found.state === 'not_eligible' && found.reason !== null) {
    const { text, remedy } = reasonText(
      found.reason,
      detailOf(found.reason, profile, line),
      language,
    )
    return { text, remedy }
  }
  if (found.state === 'suspended' && line.stage === 'outgoing_suspended') {
    return { text: outgoingSuspendedWords[language] }
  }
  const pendingMs = blockStates.has(found.state) ? unblockedAt(line, nowMs) : undefined
  if (pendingMs !== undefined) {
    const at = momentText(profile, pendingMs, language)
    const { text, remedy } = unblockPendingWords
    return { text: filledText(text[language], { at }), remedy: remedy[language] }
  }
  const isAfterSuspension = line.blocks.some(
    ({ kind, reason }) => kind === 'operator' && reason === AFTER_SUSPENSION,
  )
  return found.state === 'operator_blocked' && isAfterSuspension
    ? { text: afterSuspensionWords[language], remedy: serviceWords.user_blocked.remedy[language] }
    : {}
}

/** States that a block makes and that its unblock ends. */
const blockStates: ReadonlySet<CareService['state']> = new Set([
  'user_blocked',
  'hard_blocked',
  'operator_blocked',
  'dormant_blocked',
])

/** When the last block that stops every payment is gone; undefined: one of them was not granted an unblock. */
function unblockedAt(line: Line, nowMs: number): number | undefined {
  const whole = line.blocks.filter(
    (block) => block.kind !== 'voucher' && block.kind !== 'auto_pay' && holds(block, nowMs),
  )
  const times = whole.flatMap(({ liftsAtMs }) => liftsAtMs ?? [])
  return times.length > 0 && times.length === whole.length ? Math.max(...times) : undefined
}

async function valuesFor(
  parts: LineViewParts,
  { carrier, line, profile, language, nowMs }: Caller,
  { state }: ServiceState,
): Promise<Record<string, string>> {
  const isOwing = state === 'arrears_blocked' || state === 'suspended'
  const pay = isOwing ? ((await parts.toRestore(line)) ?? 0n) : 0n
  return {
    contact: carrier.contact,
    pay: moneyText(profile, pay, language),
    until: dayText(profile, endOfCycleMs(cycleOf(nowMs, profile.zone), profile.zone), language),
  }
}

function blockView(core: Core, block: Block, language: Language): CareBlock {
  const { id, kind, reason, setAtMs, liftsAtMs } = block
  const words = reason === AFTER_SUSPENSION ? afterSuspensionWords : blockWords[kind]
  return {
    id,
    kind,
    does: words[language],
    set_at: timeText(setAtMs),
    lifts_at: liftsAtMs === null ? null : timeText(liftsAtMs),
    liftable: core.blocks.isLiftable(block),
  }
}
