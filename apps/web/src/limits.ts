import { moneyFromJson } from '@jeon/money'
import type { Limit, NewLimit } from '@jeon/sdk/payer'
import type { MessageKey } from './messages.ts'

/** The three limits that the form offers. */
export const formPers = ['payment', 'day', 'month'] as const
export type FormPer = (typeof formPers)[number]

/** What stands in the form, as typed. */
export type LimitForm = Readonly<Record<FormPer, string>>

/** What is wrong with it, field by field. */
export type LimitFaults = Partial<Readonly<Record<FormPer, MessageKey>>>

/** The form for the limits that hold now. */
export function formOf(limits: readonly Limit[]): LimitForm {
  const maxOf = (per: FormPer) =>
    grouped(limits.find((limit) => limit.per === per && limit.scope === 'all')?.amountMax ?? '')
  return { payment: maxOf('payment'), day: maxOf('day'), month: maxOf('month') }
}

/** People write 50,000 and 50 000; the wire does not. */
export function plainAmount(typed: string): string {
  return typed.replaceAll(/[\s,_₩$€¥원]/g, '')
}

/** What is wrong with a form; an empty object when it can be saved. */
export function faultsOf(form: LimitForm, currency: string): LimitFaults {
  const faults: { [Per in FormPer]?: MessageKey } = {}
  const amounts = new Map<FormPer, bigint>()
  for (const per of formPers) {
    const typed = plainAmount(form[per])
    if (typed === '') continue
    const parsed = moneyFromJson({ amount: typed, currency })
    if (parsed.ok) amounts.set(per, parsed.money.amount)
    else if (parsed.code === 'amount_too_many_places') faults[per] = 'limits_places_error'
    else faults[per] = 'limits_amount_error'
  }
  const isAbove = (smaller: FormPer, larger: FormPer) => {
    const one = amounts.get(smaller)
    const other = amounts.get(larger)
    return one !== undefined && other !== undefined && one > other
  }
  if (isAbove('payment', 'day')) faults.payment ??= 'limits_order_payment_error'
  if (isAbove('day', 'month')) faults.day ??= 'limits_order_day_error'
  return faults
}

/** The whole list for the server: what the form says, and everything that it does not speak of as it was. */
export function limitsToSave(form: LimitForm, before: readonly Limit[]): NewLimit[] {
  const saved: NewLimit[] = []
  for (const limit of before) {
    const per = formPers.find((known) => known === limit.per)
    const scope = (['all', 'merchant', 'category'] as const).find((known) => known === limit.scope)
    if (per === undefined || scope === undefined) continue
    const amountMax = scope === 'all' ? plainAmount(form[per]) : (limit.amountMax ?? '')
    if (amountMax === '' && limit.countMax === undefined) continue
    saved.push({
      per,
      scope,
      ...(limit.category === undefined ? {} : { category: limit.category }),
      ...(amountMax === '' ? {} : { amountMax }),
      ...(limit.countMax === undefined ? {} : { countMax: limit.countMax }),
    })
  }
  for (const per of formPers) {
    const amountMax = plainAmount(form[per])
    const isThere = before.some((limit) => limit.per === per && limit.scope === 'all')
    if (amountMax !== '' && !isThere) saved.push({ per, scope: 'all', amountMax })
  }
  return saved
}

/** `50000` as people write it; {@link plainAmount} takes the commas out again. */
function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.')
  const commas = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? commas : `${commas}.${fraction}`
}
