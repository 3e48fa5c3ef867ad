import { useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type Entry, undoLeftMs, undoMs } from '../entries.ts'
import { clockText, dayOf, moneyText } from '../figures.ts'
import type { Store } from '../store.ts'
import type { ViewProps } from './app.ts'

/** What was paid, given back and added, by day. */
export function History({ store }: ViewProps): ComponentChildren {
  const entries = store.entries.value
  const isMoving = useSignal(false)
  useTicking(store)
  const more = async () => {
    isMoving.value = true
    await store.showMore()
    isMoving.value = false
  }
  return h('section', { id: 'history', class: 'history', 'aria-labelledby': 'history-title' }, [
    h('h2', { id: 'history-title' }, store.text('history_title')),
    h(Announcer, { store }),
    entries.length === 0
      ? h('div', { class: 'nothing' }, [
          h('span', { class: 'coin', 'aria-hidden': true }),
          h('h3', null, store.text('history_empty_title')),
          h('p', null, store.text('history_empty_label')),
        ])
      : byDay(store, entries),
    store.hasMore.value
      ? h(
          'button',
          {
            type: 'button',
            class: 'secondary more',
            disabled: isMoving.value,
            onClick: () => {
              more().then(undefined, reportError)
            },
          },
          store.text('history_more_action'),
        )
      : null,
  ])
}

/** Seconds are counted only while something can still be taken back. */
function useTicking(store: Store): void {
  const isTicking = store.entries.value.some((entry) => undoLeftMs(entry, store.nowMs.value) > 0)
  useEffect(() => {
    if (!isTicking) return
    const timer = setInterval(() => store.tick(), 500)
    return () => clearInterval(timer)
  }, [isTicking, store])
}

function byDay(store: Store, entries: readonly Entry[]): ComponentChildren {
  const language = store.language.value
  const days = new Map<string, Entry[]>()
  for (const entry of entries) {
    const { daysAgo, text } = dayOf(entry.createdAt, store.nowMs.value, language)
    const near = { 0: 'history_today_label', 1: 'history_yesterday_label' } as const
    const heading = daysAgo === 0 || daysAgo === 1 ? store.text(near[daysAgo]) : text
    days.set(heading, [...(days.get(heading) ?? []), entry])
  }
  return [...days].map(([heading, list]) =>
    h('div', { class: 'day', key: heading }, [
      h('h3', null, heading),
      h(
        'ul',
        null,
        list.map((entry) => h(Row, { key: entry.id, store, entry })),
      ),
    ]),
  )
}

function Row({
  store,
  entry,
}: {
  readonly store: Store
  readonly entry: Entry
}): ComponentChildren {
  const amount = moneyText(entry.amount, entry.currency, store.language.value)
  const title = entry.title ?? store.text(entry.label)
  const isNew = store.arrived.value.has(entry.id)
  const isRefunded = entry.kind === 'payment' && entry.refunded === entry.amount
  const isPartly = entry.kind === 'payment' && entry.refunded !== '0' && !isRefunded
  const about = [
    entry.title === undefined
      ? undefined
      : entry.kind === 'payment'
        ? undefined
        : store.text(entry.label),
    entry.merchant,
    clockText(entry.createdAt, store.language.value),
  ]
  return h('li', { class: `row ${entry.kind}${isNew ? ' new' : ''}`, 'data-id': entry.id }, [
    h(
      'span',
      { class: `mark ${entry.isIncoming ? 'in' : 'out'}`, 'aria-hidden': true },
      markOf(entry),
    ),
    h('div', { class: 'what' }, [
      h('p', { class: 'title' }, title),
      h('p', { class: 'about' }, about.filter((part) => part !== undefined).join(' · ')),
    ]),
    h('div', { class: 'much' }, [
      h(
        'p',
        { class: `amount${isRefunded ? ' gone' : ''}` },
        entry.isIncoming ? `+${amount}` : amount,
      ),
      isRefunded ? h('p', { class: 'tag' }, store.text('history_refunded_label')) : null,
      isPartly
        ? h(
            'p',
            { class: 'tag' },
            store.text('history_partly_refunded_label', {
              amount: moneyText(entry.refunded, entry.currency, store.language.value),
            }),
          )
        : null,
    ]),
    h(Undo, { store, entry, amount, title }),
  ])
}

interface UndoProps {
  readonly store: Store
  readonly entry: Entry
  readonly amount: string
  readonly title: string
}

/** Takes a payment back: first a question, then the refund. Gone when it is too late. */
function Undo({ store, entry, amount, title }: UndoProps): ComponentChildren {
  const state = useSignal<'closed' | 'asking' | 'busy'>('closed')
  const answer = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (state.value === 'asking') answer.current?.focus()
  }, [state.value])
  const leftMs = undoLeftMs(entry, store.nowMs.value)
  if (leftMs === 0 && state.value !== 'busy') return null
  if (state.value === 'closed') {
    return h(
      'button',
      {
        type: 'button',
        class: 'undo',
        style: { '--left': `${leftMs / undoMs}` },
        'aria-label': store.text('refund_named_action', { title, amount }),
        onClick: () => {
          state.value = 'asking'
        },
      },
      store.text('refund_action'),
    )
  }
  const refund = async () => {
    state.value = 'busy'
    await store.refund(entry, amount)
    state.value = 'closed'
  }
  const isBusy = state.value === 'busy'
  return h('div', { class: 'ask', role: 'group', 'aria-label': store.text('refund_action') }, [
    h('p', null, store.text('refund_confirm_label', { amount })),
    h(
      'button',
      {
        type: 'button',
        class: 'secondary',
        disabled: isBusy,
        onClick: () => {
          state.value = 'closed'
        },
      },
      store.text('cancel_action'),
    ),
    h(
      'button',
      {
        ref: answer,
        type: 'button',
        class: 'primary',
        disabled: isBusy,
        onClick: () => {
          refund().then(undefined, reportError)
        },
      },
      store.text(isBusy ? 'refund_busy_status' : 'refund_confirm_action'),
    ),
  ])
}

/** Says aloud what came in last. */
function Announcer({ store }: ViewProps): ComponentChildren {
  const newest = store.entries.value.find(({ id }) => store.arrived.value.has(id))
  const said =
    newest === undefined
      ? ''
      : store.text('history_new_status', {
          title: newest.title ?? store.text(newest.label),
          amount: moneyText(newest.amount, newest.currency, store.language.value),
        })
  return h('p', { class: 'hidden', role: 'status' }, said)
}

function markOf(entry: Entry): string {
  if (entry.kind === 'refund') return '↩'
  if (entry.kind === 'topup') return '+'
  if (entry.kind === 'hold') return '⏸'
  return [...(entry.merchant ?? entry.title ?? '•')][0] ?? '•'
}
