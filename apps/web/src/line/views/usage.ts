import type { CareWindow } from '@jeon/camara'
import { type ComponentChildren, h } from 'preact'
import { isPositive, leftOf } from '../../figures.ts'
import { cycleText, momentText } from '../dates.ts'
import { type CareBucketUsage, mainWindow, otherWindows, type Ring, ringOf } from '../rings.ts'
import type { LineStore } from '../store.ts'
import type { ViewProps } from './act.ts'
import { categoryText } from './words.ts'

/** How much of this month's limits is used: a circle for each bucket, and every further rule as a bar. */
export function Usage({ store }: ViewProps): ComponentChildren {
  const usage = store.usage.value
  if (usage === undefined) return null
  const language = store.language.value
  const resets = usage.buckets.map(({ windows }) => mainWindow(windows)?.resets_at ?? undefined)
  // Circles that start over together say so once.
  const reset = new Set(resets).size === 1 ? resets[0] : undefined
  const rules = usage.buckets.flatMap(({ bucket, windows }) =>
    otherWindows(windows).map((window) => ({ bucket, window })),
  )
  const isOff = isPaymentOff(store)
  return h('section', { class: 'card usage', 'aria-labelledby': 'usage-title' }, [
    h('div', { class: 'heading' }, [
      h('h2', { id: 'usage-title' }, store.text('usage_title')),
      h(
        'p',
        null,
        reset === undefined ? cycleText(usage.cycle, language) : resetText(store, reset),
      ),
    ]),
    isOff ? h('p', { class: 'soft off' }, store.text('usage_off_label')) : null,
    h(
      'div',
      { class: `gauges${usage.buckets.length === 1 ? ' single' : ''}` },
      usage.buckets.map((bucket) =>
        h(BucketRing, { key: bucket.bucket, store, bucket, isResetSaid: reset !== undefined }),
      ),
    ),
    usage.buckets.map((bucket) => h(PersonWide, { key: bucket.bucket, store, bucket })),
    rules.length === 0
      ? null
      : h('details', { class: 'rules' }, [
          h('summary', null, store.text('usage_rules_label')),
          h(
            'ul',
            null,
            rules.map(({ bucket, window }) => h(Rule, { store, bucket, window })),
          ),
        ]),
  ])
}

/** What is left of a limit is not available while nothing can be bought. */
function isPaymentOff(store: LineStore): boolean {
  const state = store.line.value?.service.state
  return state !== undefined && state !== 'enabled' && state !== 'limit_exhausted'
}

const radius = 43
const innerRadius = 35

interface BucketProps {
  readonly store: LineStore
  readonly bucket: CareBucketUsage
}

function BucketRing({
  store,
  bucket,
  isResetSaid,
}: BucketProps & { readonly isResetSaid: boolean }): ComponentChildren {
  const main = mainWindow(bucket.windows)
  if (main === undefined) return null
  const ring = ringOf(main)
  const personal = mainWindow(bucket.person)
  const person = personal === undefined ? undefined : ringOf(personal)
  return h('div', { class: `gauge ${ring.tone}`, 'data-bucket': bucket.bucket }, [
    h('svg', { viewBox: '0 0 100 100', 'aria-hidden': true }, [
      ...circles(ring, radius, 'line'),
      ...(person === undefined ? [] : circles(person, innerRadius, 'person')),
    ]),
    h('div', { class: 'figure' }, [
      h('h3', null, store.text(`bucket_${bucket.bucket}_label`)),
      h('p', { class: 'spent' }, main.available === null ? '∞' : store.money(main.available)),
      h(
        'p',
        { class: 'of' },
        store.text(isPaymentOff(store) ? 'usage_left_label' : 'usage_available_label'),
      ),
    ]),
    h('dl', { class: 'shares' }, [
      ...share('used', store.text('usage_used_label'), spentText(store, main)),
      ...(isPositive(main.held)
        ? share('held', store.text('usage_held_label'), store.money(main.held))
        : []),
      ...(main.limit === null
        ? []
        : share('', store.text('usage_limit_label'), store.money(main.limit))),
    ]),
    isResetSaid || main.resets_at === null
      ? null
      : h('p', { class: 'resets' }, resetText(store, main.resets_at)),
  ])
}

/** What is really spent: the wire's `used` has what is only reserved in it. */
function spentText(store: LineStore, { used, held }: CareWindow): string {
  return leftOf(used, held, store.currency.value, store.language.value)
}

/** What is reserved lies under what is spent, so that both ends show. */
function circles(ring: Ring, r: number, name: string): readonly ComponentChildren[] {
  const around = 2 * Math.PI * r
  const arc = (kind: string, part: number) =>
    part === 0
      ? null
      : h('circle', {
          class: kind,
          cx: 50,
          cy: 50,
          r,
          // Round caps make the smallest share a dot that can be seen.
          'stroke-dasharray': `${Math.max(0.1, part * around)} ${around}`,
        })
  return [
    h('circle', { class: `track ${name}`, cx: 50, cy: 50, r }),
    arc(`held ${name}`, ring.held === 0 ? 0 : ring.spent + ring.held),
    arc(`arc ${name}`, ring.spent),
  ]
}

function share(kind: string, label: string, amount: string): readonly ComponentChildren[] {
  return [h('dt', { class: kind }, label), h('dd', null, amount)]
}

/** Where the market counts all lines of a person together, the inner circle is theirs. */
function PersonWide({ store, bucket }: BucketProps): ComponentChildren {
  const personal = mainWindow(bucket.person)
  if (personal === undefined) return null
  const { used, limit } = personal
  return h('p', { class: 'person-wide' }, [
    h('span', null, [
      store.text(`bucket_${bucket.bucket}_label`),
      ' · ',
      store.text('usage_person_label'),
    ]),
    h(
      'strong',
      null,
      limit === null ? store.money(used) : `${store.money(used)} / ${store.money(limit)}`,
    ),
  ])
}

function resetText(store: LineStore, time: string): string {
  return store.text('usage_resets_label', {
    time: momentText(time, store.zone.value, store.language.value),
  })
}

interface RuleProps {
  readonly store: LineStore
  readonly bucket: CareBucketUsage['bucket']
  readonly window: CareWindow
}

function Rule({ store, bucket, window }: RuleProps): ComponentChildren {
  const { limit, used, per, resets_at } = window
  const ring = ringOf(window)
  const isPayment = per === 'payment'
  const most = limit === null ? store.text('usage_unlimited_label') : store.money(limit)
  return h('li', { class: `rule ${ring.tone}` }, [
    h('p', { class: 'name' }, [
      h('span', null, ruleName(store, window)),
      ' ',
      h('span', { class: 'bucket' }, store.text(`bucket_${bucket}_label`)),
    ]),
    h('p', { class: 'figures-of' }, isPayment ? most : `${store.money(used)} / ${most}`),
    isPayment || limit === null
      ? null
      : h('span', { class: 'bar', 'aria-hidden': true }, [
          h('span', { style: { width: `${(ring.spent + ring.held) * 100}%` } }),
        ]),
    isPayment || resets_at === null
      ? null
      : h('p', { class: 'resets' }, resetText(store, resets_at)),
  ])
}

function ruleName(store: LineStore, { per, scope, of }: CareWindow): string {
  const period = store.text(`per_${per}_label`)
  if (scope === 'all') return period
  if (scope === 'merchant') return `${store.text('scope_merchant_label')} · ${period}`
  return `${categoryText(store, of ?? '')} · ${period}`
}
