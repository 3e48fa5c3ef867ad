import type { CareEntry } from '@jeon/camara'
import { type Signal, useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { isPositive } from '../../figures.ts'
import { cycleText, dateIn, daysBetween, dayText, hourText, momentText } from '../dates.ts'
import type { LineStore } from '../store.ts'
import { waitingRows } from '../waiting.ts'
import type { WaitingPurchase } from '../wire.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { Icon, type IconName } from './icon.ts'
import { TrialButton } from './phone.ts'
import { DecideButton } from './waiting.ts'
import { categoryText, disputeText, statusText } from './words.ts'

const filters = ['all', 'payment', 'declined', 'refund'] as const
type Filter = (typeof filters)[number]

/** What was bought, what was declined and why, what was given back: by day. */
export function History({ store }: ViewProps): ComponentChildren {
  const filter = useSignal<Filter>('all')
  const act = useAct(store)
  const all = store.entries.value
  const entries = all.filter(({ kind }) => filter.value === 'all' || kind === filter.value)
  return h('section', { class: 'card history', 'aria-labelledby': 'history-title' }, [
    h('h2', { id: 'history-title' }, store.text('history_title')),
    h(Filters, { store, filter }),
    entries.length === 0
      ? h('div', { class: 'nothing' }, [
          h('span', { class: 'coin', 'aria-hidden': true }),
          h(
            'h3',
            null,
            store.text(all.length === 0 ? 'history_empty_title' : 'history_none_title'),
          ),
          h('p', null, store.text(all.length === 0 ? 'history_empty_label' : 'history_none_label')),
          all.length === 0 ? h(TrialButton, { store, label: 'history_try_label' }) : null,
        ])
      : byDay(store, entries),
    h(Fault, { text: act.fault.value }),
    store.older.value === null
      ? null
      : h('div', { class: 'more' }, [
          h(Button, {
            label: store.text('history_more_action'),
            disabled: act.isBusy,
            onPress: () => act.run(() => store.showOlder()),
          }),
        ]),
  ])
}

function Filters({
  store,
  filter,
}: ViewProps & { readonly filter: Signal<Filter> }): ComponentChildren {
  return h(
    'div',
    { class: 'chips', role: 'group', 'aria-label': store.text('history_filter_label') },
    filters.map((name) =>
      h(
        'button',
        {
          key: name,
          type: 'button',
          'aria-pressed': filter.value === name,
          onClick: () => {
            filter.value = name
          },
        },
        store.text(`history_${name}_label`),
      ),
    ),
  )
}

function byDay(store: LineStore, entries: readonly CareEntry[]): ComponentChildren {
  const zone = store.zone.value
  const days = Map.groupBy(entries, ({ at }) => dateIn(zone, at))
  const waiting = waitingRows(store.entries.value, store.linked.value?.waiting ?? [])
  return [...days].map(([date, list]) =>
    h('div', { class: 'day', key: date }, [
      h('h3', null, headingOf(store, date)),
      h(
        'ul',
        null,
        list.map((entry) =>
          h(Row, { key: entry.id, store, entry, waiting: waiting.get(entry.id) }),
        ),
      ),
    ]),
  )
}

function headingOf(store: LineStore, date: string): string {
  const days = daysBetween(date, store.today.value)
  if (days === 0) return store.text('today_label')
  if (days === 1) return store.text('yesterday_label')
  return dayText(date, store.today.value, store.language.value)
}

interface RowProps {
  readonly store: LineStore
  readonly entry: CareEntry
}

function Row({
  store,
  entry,
  waiting,
}: RowProps & { readonly waiting: WaitingPurchase | undefined }): ComponentChildren {
  const amount = store.money(entry.amount, entry.currency)
  const isBack = entry.kind === 'refund'
  const isNew = store.arrived.value.has(entry.id)
  const isGone =
    entry.kind === 'payment' && (entry.status === 'cancelled' || entry.refunded === entry.amount)
  const look = `entry ${entry.kind}${isNew ? ' new' : ''}${isPending(entry) ? ' pending' : ''}`
  return h('li', { class: look, 'data-id': entry.id }, [
    h('details', null, [
      h('summary', { class: 'row' }, [
        h(Mark, { entry }),
        h('div', { class: 'what' }, [
          h('p', { class: 'title' }, entry.description),
          h(
            'p',
            { class: 'about' },
            `${entry.merchant.name} · ${hourText(entry.at, store.zone.value, store.language.value)}`,
          ),
        ]),
        h('div', { class: 'much' }, [
          h('p', { class: `amount${isGone ? ' gone' : ''}` }, isBack ? `+${amount}` : amount),
          h('p', { class: 'tag' }, tagOf(store, entry, isGone)),
        ]),
        h(Icon, { name: 'onward' }),
        entry.reason === null
          ? null
          : h('p', { class: 'reason' }, [
              h('span', null, entry.reason.text),
              ' ',
              entry.reason.remedy === null
                ? null
                : h('span', { class: 'soft' }, entry.reason.remedy),
            ]),
      ]),
      h(Detail, { store, entry }),
    ]),
    waiting === undefined
      ? null
      : h(DecideButton, { store, purchase: waiting, title: entry.description }),
  ])
}

/** Not decided yet: it takes from the limit, and is on no bill. */
function isPending({ kind, status }: CareEntry): boolean {
  return kind === 'payment' && pendingStatuses.has(status)
}

const pendingStatuses = new Set(['processing', 'pending_validation', 'reserved'])

/** Said beside the amount where a plain purchase would say nothing. */
function tagOf(store: LineStore, entry: CareEntry, isGone: boolean): string | undefined {
  if (entry.dispute !== null) return disputeText(store, entry.dispute.state)
  if (entry.kind === 'declined') return store.text('history_declined_tag')
  if (entry.kind === 'refund') return store.text('history_refund_tag')
  if (entry.status !== 'succeeded') return statusText(store, entry.status)
  if (isGone) return store.text('history_refunded_tag')
  if (!isPositive(entry.refunded)) return undefined
  return store.text('history_partly_tag', { amount: store.money(entry.refunded, entry.currency) })
}

function Detail({ store, entry }: RowProps): ComponentChildren {
  const { merchant, items, bill_cycle } = entry
  const language = store.language.value
  const fact = (label: string, words: ComponentChildren) => [
    h('dt', null, label),
    h('dd', null, words),
  ]
  return h('div', { class: 'detail' }, [
    isPending(entry)
      ? h('p', { class: 'pending-label' }, store.text('history_pending_label'))
      : null,
    h('dl', null, [
      ...fact(store.text('detail_merchant_label'), [merchant.name, h(Contact, merchant)]),
      ...fact(store.text('detail_time_label'), momentText(entry.at, store.zone.value, language)),
      ...fact(
        store.text('detail_kind_label'),
        // A bucket that is of one kind alone has that kind's name.
        [
          ...new Set([
            categoryText(store, entry.category),
            store.text(`bucket_${entry.bucket}_label`),
          ]),
        ].join(' · '),
      ),
      ...(bill_cycle === null
        ? []
        : fact(store.text('detail_bill_label'), cycleText(bill_cycle, language))),
      ...(items.length === 0
        ? []
        : fact(
            store.text('detail_items_label'),
            h(
              'ul',
              null,
              items.map((item) =>
                h('li', null, `${item.description} · ${store.money(item.amount, entry.currency)}`),
              ),
            ),
          )),
    ]),
    h(Dispute, { store, entry }),
  ])
}

/** Where the merchant can be reached; a tap calls or writes. */
export function Contact({ contact }: { readonly contact: string }): ComponentChildren {
  if (contact === '') return null
  const target = contact.includes('@')
    ? `mailto:${contact}`
    : /^\+?[\d-]{3,20}$/.test(contact)
      ? `tel:${contact}`
      : undefined
  return target === undefined
    ? h('span', { class: 'contact' }, contact)
    : h('a', { class: 'contact', href: target }, contact)
}

function Dispute({ store, entry }: RowProps): ComponentChildren {
  if (entry.dispute !== null) {
    return h('p', { class: 'case' }, [
      h('strong', null, disputeText(store, entry.dispute.state)),
      ' ',
      entry.dispute.state === 'open'
        ? store.text('dispute_answer_label', {
            day: momentText(entry.dispute.answer_by, store.zone.value, store.language.value),
          })
        : null,
    ])
  }
  if (!entry.can_dispute) return null
  return h(Button, {
    label: store.text('dispute_action'),
    look: 'danger',
    name: store.text('dispute_named_action', {
      title: entry.description,
      amount: store.money(entry.amount, entry.currency),
    }),
    onPress: () => {
      store.sheet.value = { name: 'dispute', entry }
    },
  })
}

function Mark({ entry }: { readonly entry: CareEntry }): ComponentChildren {
  const sign = signOf(entry)
  const kind = entry.kind === 'refund' ? 'in' : entry.kind
  return h(
    'span',
    { class: `mark ${kind}`, 'aria-hidden': true },
    sign === undefined
      ? [...(entry.merchant.name || entry.description || '•')][0]
      : h(Icon, { name: sign }),
  )
}

function signOf(entry: CareEntry): IconName | undefined {
  if (entry.kind === 'refund') return 'back'
  if (entry.kind === 'declined') return 'cross'
  return isPending(entry) ? 'pause' : undefined
}
