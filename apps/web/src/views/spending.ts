import type { Limit } from '@jeon/sdk/payer'
import { type ComponentChildren, h } from 'preact'
import { isPositive, leftOf, moneyText, resetText, shareOf } from '../figures.ts'
import type { Store } from '../store.ts'
import type { ViewProps } from './app.ts'

/** What was spent today and this month, against the limits. */
export function Spending({ store }: ViewProps): ComponentChildren {
  const pocket = store.pocket.value
  if (pocket === undefined) return null
  const limitOf = (per: string) =>
    pocket.limits.find((limit) => limit.per === per && limit.scope === 'all')
  const { currency } = pocket
  return h('section', { class: 'spending', 'aria-labelledby': 'spending-title' }, [
    h('h2', { id: 'spending-title' }, store.text('spending_title')),
    h('div', { class: 'gauges' }, [
      h(Gauge, { store, name: 'today', spent: pocket.spentToday, limit: limitOf('day'), currency }),
      h(Gauge, {
        store,
        name: 'month',
        spent: pocket.spentThisMonth,
        limit: limitOf('month'),
        currency,
      }),
    ]),
    isPositive(pocket.held)
      ? h('p', { class: 'counted' }, store.text('spending_held_label'))
      : null,
  ])
}

interface GaugeProps {
  readonly store: Store
  readonly name: 'today' | 'month'
  readonly spent: string
  readonly limit: Limit | undefined
  readonly currency: string
}

const radius = 42
const around = 2 * Math.PI * radius

function Gauge({ store, name, spent, limit, currency }: GaugeProps): ComponentChildren {
  const language = store.language.value
  const max = limit?.amountMax
  const used = limit?.amountUsed ?? spent
  const share = max === undefined ? 0 : shareOf(max, used)
  const tone = share >= 1 ? 'full' : share >= 0.8 ? 'high' : 'calm'
  const left = max === undefined ? undefined : leftOf(max, used, currency, language)
  return h('div', { class: `gauge ${tone}` }, [
    h('svg', { viewBox: '0 0 100 100', 'aria-hidden': true }, [
      h('circle', { class: 'track', cx: 50, cy: 50, r: radius }),
      share === 0
        ? null
        : h('circle', {
            class: 'arc',
            cx: 50,
            cy: 50,
            r: radius,
            // Round caps make the smallest share a dot that can be seen.
            'stroke-dasharray': `${Math.max(0.1, share * around)} ${around}`,
          }),
    ]),
    h('div', { class: 'figure' }, [
      h('h3', null, store.text(`spending_${name}_label`)),
      h('p', { class: 'spent' }, moneyText(spent, currency, language)),
      h(
        'p',
        { class: 'of' },
        max === undefined
          ? store.text('spending_unlimited_label')
          : store.text('spending_of_label', { amount: moneyText(max, currency, language) }),
      ),
    ]),
    left === undefined
      ? null
      : h(
          'p',
          { class: 'left' },
          share >= 1
            ? store.text('spending_reached_label')
            : store.text('spending_left_label', { amount: left }),
        ),
    limit?.resetsAt === undefined
      ? null
      : h(
          'p',
          { class: 'resets' },
          store.text('spending_resets_label', {
            time: resetText(limit.resetsAt, store.nowMs.value, language),
          }),
        ),
    limit?.countMax === undefined
      ? null
      : h(
          'p',
          { class: 'resets' },
          store.text('spending_count_label', {
            used: `${limit.countUsed}`,
            max: `${limit.countMax}`,
          }),
        ),
  ])
}
