import type { AccountView, SpendingLimits, SpendingWindow, WindowRefusal } from '@jeon/ledger'
import { type Asset, formatAmount, parseAmount } from '@jeon/money'
import { currencyOf, moneyOf, moneyText } from '../assets.ts'
import { isRefusal, type Refusal, refuse } from '../errors.ts'
import { type LimitJson, type PocketState, payerZone } from './model.ts'

/** The ledger's windows for what a payer asked for. */
export function limitsOf(limits: readonly LimitJson[], asset: Asset): SpendingLimits | Refusal {
  const windows: SpendingWindow[] = []
  const seen = new Set<string>()
  for (const [index, limit] of limits.entries()) {
    const window = windowOf(limit, asset, `limits.${index}`)
    if (isRefusal(window)) return window
    const name = nameOf(window)
    if (seen.has(name)) {
      const reason = `There are two limits for: ${name}.`
      return refuse('limits_invalid', { param: `limits.${index}`, values: { reason } })
    }
    seen.add(name)
    windows.push(window)
  }
  return { zone: payerZone, windows }
}

function windowOf(limit: LimitJson, asset: Asset, param: string): SpendingWindow | Refusal {
  const scope = scopeOf(limit)
  if (scope === undefined) {
    const reason = 'A limit has "category" exactly when its scope is "category".'
    return refuse('limits_invalid', { param, values: { reason } })
  }
  const { per, count_max: countMax } = limit
  if (per === 'payment' && countMax !== undefined) {
    const reason = 'A limit per payment has no "count_max".'
    return refuse('limits_invalid', { param, values: { reason } })
  }
  if (limit.amount_max === undefined && countMax === undefined) {
    const reason = 'A limit has "amount_max" or "count_max".'
    return refuse('limits_invalid', { param, values: { reason } })
  }
  const window = { per, scope, ...(countMax === undefined ? {} : { countMax }) }
  if (limit.amount_max === undefined) return window
  const parsed = parseAmount(limit.amount_max, asset)
  if (!parsed.ok) return refuse(parsed.code, { param: `${param}.amount_max` })
  return { ...window, amountMax: parsed.amount }
}

function scopeOf(limit: LimitJson): SpendingWindow['scope'] | undefined {
  if (limit.scope === 'category') {
    return limit.category === undefined ? undefined : { of: 'category', category: limit.category }
  }
  return limit.category === undefined ? { of: limit.scope } : undefined
}

function nameOf({ per, scope }: SpendingWindow): string {
  const of = scope.of === 'category' ? `category ${scope.category}` : scope.of
  return `${of}, per ${per}`
}

/** One pocket of a wallet as the payer sees it. */
export function pocketStateOf(view: AccountView, asset: Asset): PocketState {
  return {
    currency: currencyOf(asset),
    balance: formatAmount(view.balance, asset),
    available: formatAmount(view.available ?? view.balance, asset),
    held: formatAmount(view.debitsPending, asset),
    spent_today: formatAmount(view.spentToday, asset),
    spent_this_month: formatAmount(view.spentThisMonth, asset),
    limits: view.usage.map(({ window, amountUsed, countUsed, resetsAtMs }) => ({
      ...windowJson(window, asset),
      amount_used: formatAmount(amountUsed, asset),
      count_used: countUsed,
      resets_at: resetsAtMs === null ? null : new Date(resetsAtMs).toISOString(),
    })),
  }
}

function windowJson({ per, scope, amountMax, countMax }: SpendingWindow, asset: Asset): LimitJson {
  return {
    per,
    ...scopeJson(scope),
    ...(amountMax === undefined ? {} : { amount_max: formatAmount(amountMax, asset) }),
    ...(countMax === undefined ? {} : { count_max: countMax }),
  }
}

function scopeJson(scope: SpendingWindow['scope']): Pick<LimitJson, 'scope' | 'category'> {
  switch (scope.of) {
    case 'all':
    case 'merchant':
      return { scope: scope.of }
    case 'category':
      return { scope: 'category', category: scope.category }
    case 'offer':
      throw new Error('no wallet has a limit per offer: limitsOf makes none')
  }
}

/** What a payer is told when a limit says no: which one, how much is left in it, and when it begins anew. */
export function windowExceeded(refusal: WindowRefusal, asset: Asset): Refusal {
  const { window, amountLeft, countLeft, resetsAtMs } = refusal
  const left = [
    ...(amountLeft === null ? [] : [moneyText(amountLeft, asset)]),
    ...(countLeft === null ? [] : [`${countLeft} ×`]),
  ].join(', ')
  return refuse('window_exceeded', {
    values: { limit: nameOf(window), left },
    extras: {
      limit: windowJson(window, asset),
      left: {
        amount: amountLeft === null ? null : moneyOf(amountLeft, asset),
        count: countLeft,
      },
      resets_at: resetsAtMs === null ? null : new Date(resetsAtMs).toISOString(),
    },
  })
}
