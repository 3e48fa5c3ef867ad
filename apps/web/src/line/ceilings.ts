import type { CareCeiling, CareLimits, CareLimitsChange } from '@jeon/camara'
import { moneyFromJson } from '@jeon/money'
import { plainAmount } from '../limits.ts'
import type { LineMessageKey } from './messages.ts'

/** The limits that an owner chooses, narrowest first. */
export const ceilingNames = ['transaction', 'day', 'month'] as const
export type CeilingName = (typeof ceilingNames)[number]

/** As typed; empty: no limit of one's own. */
export type CeilingForm = Readonly<Record<CeilingName, string>>
export type CeilingFaults = Partial<Readonly<Record<CeilingName, LineMessageKey>>>

export type BucketLimits = CareLimits['buckets'][number]

export function ceilingForm({ personal }: BucketLimits): CeilingForm {
  return {
    transaction: personal.transaction ?? '',
    day: personal.day ?? '',
    month: personal.month ?? '',
  }
}

/** What is wrong with a form; an empty object when it can be sent. */
export function ceilingFaults(
  form: CeilingForm,
  { ceiling }: BucketLimits,
  { step, currency }: Pick<CareLimits, 'step' | 'currency'>,
): CeilingFaults {
  const faults: { [Name in CeilingName]?: LineMessageKey } = {}
  const amounts = new Map<CeilingName, bigint>()
  const smallest = unitsOf(step, currency)
  for (const name of ceilingNames) {
    if (plainAmount(form[name]) === '') continue
    const amount = unitsOf(form[name], currency)
    const most = ceiling[name] === null ? undefined : unitsOf(ceiling[name], currency)
    if (amount === undefined) faults[name] = 'limits_amount_error'
    else if (smallest !== undefined && smallest > 0n && amount % smallest !== 0n)
      faults[name] = 'limits_step_error'
    else if (most !== undefined && amount > most) faults[name] = 'limits_ceiling_error'
    else amounts.set(name, amount)
  }
  const isAbove = (narrow: CeilingName, wide: CeilingName) => {
    const one = amounts.get(narrow)
    const other = amounts.get(wide)
    return one !== undefined && other !== undefined && one > other
  }
  if (isAbove('transaction', 'day')) faults.transaction ??= 'limits_above_day_error'
  if (isAbove('transaction', 'month')) faults.transaction ??= 'limits_above_month_error'
  if (isAbove('day', 'month')) faults.day ??= 'limits_above_month_error'
  return faults
}

/** What a form changes, and nothing that stays as it is. */
export function ceilingChange(
  form: CeilingForm,
  { bucket, personal }: BucketLimits,
): CareLimitsChange | undefined {
  const changed = ceilingNames.filter((name) => plainAmount(form[name]) !== (personal[name] ?? ''))
  if (changed.length === 0) return undefined
  const amounts = changed.map((name) => {
    const amount = plainAmount(form[name])
    return [name, amount === '' ? null : amount] as const
  })
  return { bucket, ...Object.fromEntries(amounts) }
}

/** Whether a form allows more than holds now. The server decides in the end; the page only asks for consent in time. */
export function isRaise(form: CeilingForm, personal: CareCeiling, currency: string): boolean {
  return ceilingNames.some((name) => {
    const before = personal[name]
    if (before === null) return false
    const typed = plainAmount(form[name])
    if (typed === '') return true
    const after = unitsOf(typed, currency)
    const now = unitsOf(before, currency)
    return after !== undefined && now !== undefined && after > now
  })
}

function unitsOf(amount: string, currency: string): bigint | undefined {
  const parsed = moneyFromJson({ amount: plainAmount(amount), currency })
  return parsed.ok ? parsed.money.amount : undefined
}
