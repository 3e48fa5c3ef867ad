import type { CareBillPayment, CareStanding } from '@jeon/camara'
import { type Signal, useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { isPositive, sumText } from '../../figures.ts'
import { plainAmount } from '../../limits.ts'
import { newKey } from '../api.ts'
import { cycleText } from '../dates.ts'
import type { LineStore } from '../store.ts'
import { careBillPayment } from '../wire.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { Field } from './field.ts'
import { SheetFrame } from './sheet.ts'

/** One way to pay, and what it does. */
interface Choice {
  /** As the wire wants it; `other`: what is typed. */
  readonly amount: 'all' | 'oldest' | 'other'
  readonly label: string
  readonly shown: string | undefined
  readonly effect: string | undefined
}

/** Pays what is owed on bills, or, before it is billed, what this month has come to. */
export function PaySheet({
  store,
  isEarly,
}: ViewProps & { readonly isEarly: boolean }): ComponentChildren {
  const paid = useSignal<CareBillPayment | undefined>(undefined)
  const title = store.text(isEarly ? 'early_title' : 'pay_title')
  return h(
    SheetFrame,
    { store, title },
    paid.value === undefined
      ? h(PayForm, { store, isEarly, paid })
      : h(Paid, { store, payment: paid.value }),
  )
}

interface PayFormProps extends ViewProps {
  readonly isEarly: boolean
  readonly paid: Signal<CareBillPayment | undefined>
}

function PayForm({ store, isEarly, paid }: PayFormProps): ComponentChildren {
  const choices = isEarly ? earlyChoices(store) : owedChoices(store, store.standing.value)
  const chosen = useSignal<Choice['amount']>(choices[0]?.amount ?? 'other')
  const other = useSignal('')
  // One key for one intent: when the answer is lost, asking again cannot pay twice.
  const key = useSignal(newKey())
  const act = useAct(store)
  const pay = async () => {
    const typed = plainAmount(other.value)
    if (chosen.value === 'other' && !/^\d+(\.\d+)?$/.test(typed)) {
      act.fault.value = store.text('pay_amount_error')
      return
    }
    const amount = chosen.value === 'other' ? typed : chosen.value
    paid.value = await store.askCare({
      method: 'POST',
      path: '/bill-payments',
      body: isEarly ? { amount, early: true } : { amount },
      key: key.value,
      shape: careBillPayment,
    })
    store.standing.value = paid.value.standing
    store.refresh(['line', 'usage', 'bills', 'history', 'standing', 'inbox'])
  }
  const choose = (amount: Choice['amount']) => {
    if (!act.isUnknown.value && chosen.value !== amount) key.value = newKey()
    chosen.value = amount
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    act.run(pay)
  }
  return h('form', { novalidate: true, onSubmit }, [
    h('p', { class: 'intro' }, store.text(isEarly ? 'early_label' : 'pay_label')),
    h('fieldset', { class: 'choices', disabled: act.isBusy || act.isUnknown.value }, [
      h('legend', { class: 'hidden' }, store.text('pay_choice_label')),
      ...choices.map((choice) => h(ChoiceRow, { store, choice, chosen: chosen.value, choose })),
    ]),
    chosen.value === 'other'
      ? h(Field, {
          id: 'pay-amount',
          label: store.text('pay_amount_label'),
          content: other,
          inputMode: 'numeric',
          unit: store.currency.value,
          isFirst: true,
        })
      : null,
    h(Fault, { text: act.isUnknown.value ? store.text('pay_unknown_error') : act.fault.value }),
    h('div', { class: 'actions whole' }, [
      h(
        'button',
        { type: 'submit', class: 'primary', disabled: act.isBusy },
        store.text(
          act.isBusy ? 'pay_busy_status' : act.isUnknown.value ? 'pay_ask_action' : 'pay_action',
        ),
      ),
    ]),
  ])
}

interface ChoiceRowProps extends ViewProps {
  readonly choice: Choice
  readonly chosen: Choice['amount']
  readonly choose: (amount: Choice['amount']) => void
}

function ChoiceRow({ choice, chosen, choose }: ChoiceRowProps): ComponentChildren {
  return h('label', { class: 'choice' }, [
    h('input', {
      type: 'radio',
      name: 'pay',
      value: choice.amount,
      checked: chosen === choice.amount,
      onChange: () => choose(choice.amount),
    }),
    h('span', { class: 'what' }, [
      h('strong', null, choice.label),
      choice.effect === undefined ? null : h('span', { class: 'about' }, choice.effect),
    ]),
    choice.shown === undefined ? null : h('strong', { class: 'amount' }, choice.shown),
  ])
}

function owedChoices(store: LineStore, standing: CareStanding | undefined): readonly Choice[] {
  if (standing === undefined) return []
  const { restore, owed, charged_off } = standing
  const oldest = store.bills.value.filter((bill) => isPositive(bill.owed)).at(-1)
  const isSeveral = oldest !== undefined && oldest.owed !== owed
  const restores = (rule: string) => (restore?.rule === rule ? restore.text : undefined)
  const choices: Choice[] = []
  if (isSeveral) {
    choices.push({
      amount: 'oldest',
      label: store.text('pay_oldest_label', {
        month: cycleText(oldest.cycle, store.language.value),
      }),
      shown: store.money(oldest.owed),
      effect: restores('oldest_month'),
    })
  }
  choices.push({
    amount: 'all',
    label: store.text('pay_all_label'),
    shown: sumText([owed, charged_off], store.currency.value, store.language.value),
    effect: restores('full_balance') ?? (isSeveral ? undefined : restores('oldest_month')),
  })
  return [...choices, otherChoice(store)]
}

function earlyChoices(store: LineStore): readonly Choice[] {
  const usage = store.usage.value
  if (usage === undefined) return []
  const frees = usage.early_payment_frees
  return [
    {
      amount: 'all',
      label: store.text('early_all_label'),
      shown: store.money(usage.coming_bill.amount),
      effect: isPositive(frees)
        ? store.text('early_frees_label', { amount: store.money(frees) })
        : undefined,
    },
    otherChoice(store),
  ]
}

function otherChoice(store: LineStore): Choice {
  const label = store.text('pay_other_label')
  return { amount: 'other', label, shown: undefined, effect: undefined }
}

/** Where the money went, and how things stand now. */
function Paid({
  store,
  payment,
}: ViewProps & { readonly payment: CareBillPayment }): ComponentChildren {
  const { standing } = payment
  const isClear = !isPositive(standing.overdue)
  return h('div', { class: 'paid', role: 'status' }, [
    h('p', { class: 'big' }, [
      h('span', { class: 'sign', 'aria-hidden': true }, '✓'),
      store.money(payment.amount),
    ]),
    h('p', null, store.text('pay_done_status')),
    h(
      'ul',
      { class: 'lines' },
      payment.parts.map(({ text, amount, cycle }) =>
        h('li', null, [
          h('div', null, [
            h('p', null, text),
            cycle === null
              ? null
              : h('p', { class: 'about' }, cycleText(cycle, store.language.value)),
          ]),
          h('p', { class: 'amount' }, store.money(amount)),
        ]),
      ),
    ),
    isPositive(payment.credit)
      ? h(
          'p',
          { class: 'soft' },
          store.text('credit_label', { amount: store.money(payment.credit) }),
        )
      : null,
    h(
      'p',
      { class: 'soft' },
      isClear
        ? store.text('pay_clear_label')
        : (standing.restore?.text ??
            store.text('owed_all_label', { amount: store.money(standing.owed) })),
    ),
    h('div', { class: 'actions whole' }, [
      h(Button, {
        label: store.text('close_action'),
        look: 'primary',
        onPress: () => {
          store.sheet.value = undefined
        },
      }),
    ]),
  ])
}
