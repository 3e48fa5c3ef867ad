import type { CareStanding } from '@jeon/camara'
import { type ComponentChildren, h } from 'preact'
import { isPositive, shareOf } from '../../figures.ts'
import { daysBetween, dayText, distanceText } from '../dates.ts'
import type { LineStore } from '../store.ts'
import { collection } from '../wire.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { StaysBlocked } from './status.ts'
import { stageText } from './words.ts'

/** The bill that this month will make. */
export function ComingBill({ store }: ViewProps): ComponentChildren {
  const coming = store.usage.value?.coming_bill
  if (coming === undefined) return null
  const { language, today } = store
  const day = (date: string) => dayText(date, today.value, language.value)
  const isEmpty = !isPositive(coming.amount)
  return h('section', { class: 'card coming', 'aria-labelledby': 'coming-title' }, [
    h('div', { class: 'heading' }, [
      h('h2', { id: 'coming-title' }, store.text('coming_title')),
      h('p', null, distanceText(daysBetween(today.value, coming.bill_on), language.value)),
    ]),
    h('p', { class: 'big' }, store.money(coming.amount)),
    h(
      'p',
      { class: 'soft' },
      isEmpty
        ? store.text('coming_empty_label', { day: day(coming.bill_on) })
        : store.text('coming_items_label', { count: `${coming.items}`, day: day(coming.bill_on) }),
    ),
    isEmpty
      ? null
      : h('p', { class: 'soft' }, store.text('coming_due_label', { day: day(coming.due_on) })),
    isPositive(coming.paid_early)
      ? h(
          'p',
          { class: 'soft' },
          store.text('coming_early_label', { amount: store.money(coming.paid_early) }),
        )
      : null,
    isEmpty
      ? null
      : h(Button, {
          label: store.text('early_action'),
          onPress: () => {
            store.sheet.value = { name: 'pay', isEarly: true }
          },
        }),
  ])
}

/** What is owed on bills, what follows, and exactly what ends it. Nothing is shown when nothing is owed. */
export function Owed({ store }: ViewProps): ComponentChildren {
  const standing = store.standing.value
  if (standing === undefined) return null
  const { owed, charged_off } = standing
  if (!isPositive(owed)) return isPositive(charged_off) ? h(ChargedOff, { store, standing }) : null
  const isOverdue = isPositive(standing.overdue)
  // Late, but everything still works.
  const isBefore = ['current', 'active', 'notice'].includes(standing.stage)
  return h(
    'section',
    { class: `card owed${isOverdue ? ' late' : ''}`, 'aria-labelledby': 'owed-title' },
    [
      h('h2', { id: 'owed-title' }, store.text(isOverdue ? 'owed_late_title' : 'owed_title')),
      h('p', { class: 'big' }, store.money(isOverdue ? standing.overdue : standing.owed)),
      isOverdue && standing.owed !== standing.overdue
        ? h(
            'p',
            { class: 'soft' },
            store.text('owed_all_label', { amount: store.money(standing.owed) }),
          )
        : null,
      h(DueDay, { store }),
      isPositive(charged_off)
        ? h(
            'p',
            { class: 'soft' },
            store.text('charged_off_label', { amount: store.money(charged_off) }),
          )
        : null,
      standing.paused === null
        ? null
        : h('p', { class: 'paused' }, [
            h('strong', null, store.text('owed_paused_label')),
            ' ',
            standing.paused,
          ]),
      h(Ladder, { store, standing }),
      standing.restore === null
        ? null
        : h('div', { class: 'restore' }, [
            h('h3', null, store.text(isBefore ? 'prevent_title' : 'restore_title')),
            h('p', null, standing.restore.text),
            h(StaysBlocked, { store }),
          ]),
      h(Button, {
        label: store.text('pay_action'),
        look: 'primary',
        onPress: () => {
          store.sheet.value = { name: 'pay', isEarly: false }
        },
      }),
    ],
  )
}

/** Written off by the carrier, so nothing more follows from it, and owed all the same. */
function ChargedOff({
  store,
  standing,
}: ViewProps & { readonly standing: CareStanding }): ComponentChildren {
  const amount = store.money(standing.charged_off)
  return h('section', { class: 'card owed late', 'aria-labelledby': 'owed-title' }, [
    h('h2', { id: 'owed-title' }, store.text('stage_charged_off_label')),
    h('p', { class: 'big' }, amount),
    h('p', { class: 'soft' }, store.text('charged_off_label', { amount })),
    h(Button, {
      label: store.text('pay_action'),
      look: 'primary',
      onPress: () => {
        store.sheet.value = { name: 'pay', isEarly: false }
      },
    }),
  ])
}

function DueDay({ store }: ViewProps): ComponentChildren {
  const oldest = store.bills.value.filter(({ owed }) => isPositive(owed)).at(-1)
  if (oldest === undefined) return null
  const day = dayText(oldest.due_on, store.today.value, store.language.value)
  const days = daysBetween(store.today.value, oldest.due_on)
  return h(
    'p',
    { class: 'soft' },
    store.text(days < 0 ? 'owed_since_label' : 'owed_until_label', {
      day,
      distance: distanceText(days, store.language.value),
    }),
  )
}

/** The steps with their dates; what is behind is marked so in words too. */
export function Ladder({
  store,
  standing,
}: ViewProps & { readonly standing: CareStanding }): ComponentChildren {
  if (standing.ladder.length === 0) return null
  const day = (date: string) => dayText(date, store.today.value, store.language.value)
  const next = standing.ladder.findIndex(({ done }) => !done)
  return h('div', { class: 'ladder' }, [
    h('h3', null, store.text('ladder_title')),
    h(
      'ol',
      null,
      standing.ladder.map((step, index) =>
        h('li', { class: step.done ? 'done' : index === next ? 'next' : '' }, [
          h('p', { class: 'step' }, [
            h('strong', null, stageText(store, step.stage)),
            ' ',
            step.done
              ? h('span', { class: 'tag' }, store.text('ladder_done_label'))
              : index === next
                ? h(
                    'span',
                    { class: 'tag' },
                    distanceText(daysBetween(store.today.value, step.on), store.language.value),
                  )
                : null,
          ]),
          h('p', { class: 'soft' }, day(step.on)),
          h('p', null, step.text),
          step.done || step.notice_on === step.on
            ? null
            : h(
                'p',
                { class: 'soft' },
                store.text('ladder_notice_label', { day: day(step.notice_on) }),
              ),
        ]),
      ),
    ),
  ])
}

/** Small purchases gather here and go onto the bill in one sum. */
export function Gathered({ store }: ViewProps): ComponentChildren {
  const linked = store.linked.value
  const act = useAct(store)
  if (linked === undefined) return null
  const { state, owed, threshold, credit, currency, blocked_reason, last } = linked.collection
  const money = (amount: string) => store.money(amount, currency)
  const isBlocked = state === 'blocked'
  const stopped = isPositive(owed) ? 'gathered_declined_hint' : 'gathered_blocked_hint'
  const collect = async () => {
    const after = await store.ask({ method: 'POST', path: '/v1/line/collect', shape: collection })
    store.linked.value = { ...linked, collection: after }
    store.tell(
      after.state === 'blocked' ? 'bad' : 'good',
      after.blocked_reason?.text ?? store.text('gathered_done_status'),
    )
  }
  return h('section', { class: `card gathered ${state}`, 'aria-labelledby': 'gathered-title' }, [
    h('div', { class: 'heading' }, [
      h('h2', { id: 'gathered-title' }, store.text('gathered_title')),
      isBlocked ? h('p', { class: 'pill bad' }, store.text('gathered_blocked_label')) : null,
    ]),
    h('p', { class: 'pair' }, [
      h('strong', null, money(owed)),
      ' ',
      h('span', null, `/ ${money(threshold)}`),
    ]),
    h('span', { class: 'bar', 'aria-hidden': true }, [
      h('span', { style: { width: `${shareOf(threshold, owed) * 100}%` } }),
    ]),
    blocked_reason === null ? null : h('p', { class: 'reason' }, blocked_reason.text),
    h(
      'p',
      { class: 'soft' },
      store.text(isBlocked ? stopped : 'gathered_hint', {
        threshold: money(threshold),
        credit: money(credit),
      }),
    ),
    h(OwnMoneyFirst, { store }),
    last === null ? null : h(LastCollection, { store, last, currency }),
    isPositive(owed)
      ? h(Button, {
          label: store.text(
            act.isBusy
              ? 'gathered_busy_status'
              : isBlocked
                ? 'gathered_again_action'
                : 'gathered_action',
          ),
          disabled: act.isBusy,
          onPress: () => act.run(collect),
        })
      : null,
    h(Fault, { text: act.fault.value }),
  ])
}

/** In the sandbox a guest's wallet has money of its own, and nothing gathers before it is spent. */
function OwnMoneyFirst({ store }: ViewProps): ComponentChildren {
  const own = store.ownMoney.value
  if (store.inbox.value === undefined || own === undefined) return null
  const words = isPositive(own)
    ? store.text('gathered_own_label', { amount: store.money(own) })
    : store.text('gathered_spent_label')
  return h('p', { class: 'own-money' }, [
    h('span', { class: 'pill sandbox' }, store.text('sandbox_label')),
    ' ',
    words,
  ])
}

interface LastProps {
  readonly store: LineStore
  readonly last: { readonly status: string; readonly amount: string; readonly at: string }
  readonly currency: string
}

function LastCollection({ store, last, currency }: LastProps): ComponentChildren {
  const amount = store.money(last.amount, currency)
  // One that was declined has its reason above.
  if (last.status === 'declined') return null
  const unknown = last.status === 'processing'
  return h(
    'p',
    { class: 'soft' },
    store.text(unknown ? 'gathered_unknown_label' : 'gathered_last_label', { amount }),
  )
}
