import { type Signal, useSignal } from '@preact/signals'
import { type ComponentChildren, h, type RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import { moneyText } from '../figures.ts'
import { type FormPer, faultsOf, formOf, formPers, type LimitForm } from '../limits.ts'
import type { MessageKey } from '../messages.ts'
import type { Store } from '../store.ts'
import type { ViewProps } from './app.ts'

/** The limit for one payment, and the button and the dialog that change them all. */
export function Limits({ store }: ViewProps): ComponentChildren {
  const dialog = useRef<HTMLDialogElement>(null)
  const form = useSignal<LimitForm>({ payment: '', day: '', month: '' })
  const isTried = useSignal(false)
  const failure = useSignal<string | undefined>(undefined)
  const pocket = store.pocket.value
  if (pocket === undefined) return null

  const amountMax = pocket.limits.find(
    ({ per, scope }) => per === 'payment' && scope === 'all',
  )?.amountMax
  const amount =
    amountMax === undefined
      ? store.text('spending_unlimited_label')
      : store.text('spending_payment_value', {
          amount: moneyText(amountMax, pocket.currency, store.language.value),
        })
  const open = () => {
    form.value = formOf(pocket.limits)
    isTried.value = false
    failure.value = undefined
    dialog.current?.showModal()
  }
  return h('section', { class: 'limits' }, [
    h('p', null, [
      h('span', { class: 'per' }, store.text('spending_payment_label')),
      ' ',
      h('strong', null, amount),
    ]),
    h('button', { type: 'button', class: 'secondary', onClick: open }, store.text('limits_action')),
    h(
      'dialog',
      { ref: dialog, 'aria-labelledby': 'limits-title' },
      h(Form, { store, dialog, form, isTried, failure, currency: pocket.currency }),
    ),
  ])
}

interface FormProps {
  readonly store: Store
  readonly dialog: RefObject<HTMLDialogElement | null>
  readonly form: Signal<LimitForm>
  /** Whether it was tried to save: before that nobody is told what is wrong. */
  readonly isTried: Signal<boolean>
  readonly failure: Signal<string | undefined>
  readonly currency: string
}

function Form({ store, dialog, form, isTried, failure, currency }: FormProps): ComponentChildren {
  const isSaving = useSignal(false)
  const faults = isTried.value ? faultsOf(form.value, currency) : {}
  const save = async () => {
    isTried.value = true
    const wrong = faultsOf(form.value, currency)
    const first = formPers.find((per) => wrong[per] !== undefined)
    if (first !== undefined) {
      dialog.current?.querySelector<HTMLInputElement>(`#limit-${first}`)?.focus()
      return
    }
    isSaving.value = true
    failure.value = await store.saveLimits(form.value)
    isSaving.value = false
    if (failure.value === undefined) dialog.current?.close()
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    save().then(undefined, reportError)
  }
  return h('form', { novalidate: true, onSubmit }, [
    h(
      'h2',
      { id: 'limits-title', class: 'dialog-title' },
      store.text('limits_title', { currency }),
    ),
    h('p', { class: 'intro' }, store.text('limits_intro_label')),
    ...formPers.map((per) =>
      h(Field, { key: per, store, form, per, currency, fault: faults[per] }),
    ),
    h('p', { class: 'fault', role: 'alert' }, failure.value),
    h('div', { class: 'actions' }, [
      h(
        'button',
        { type: 'button', class: 'secondary', onClick: () => dialog.current?.close() },
        store.text('cancel_action'),
      ),
      h(
        'button',
        { type: 'submit', class: 'primary', disabled: isSaving.value },
        store.text(isSaving.value ? 'limits_saving_status' : 'limits_save_action'),
      ),
    ]),
  ])
}

interface FieldProps {
  readonly store: Store
  readonly form: Signal<LimitForm>
  readonly per: FormPer
  readonly currency: string
  readonly fault: MessageKey | undefined
}

function Field({ store, form, per, currency, fault }: FieldProps): ComponentChildren {
  const faultId = `limit-${per}-fault`
  const onInput = (event: Event) => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return
    form.value = { ...form.value, [per]: event.currentTarget.value }
  }
  return h('div', { class: 'field' }, [
    h('label', { for: `limit-${per}` }, store.text(`limits_${per}_label`)),
    h('div', { class: 'input' }, [
      h('input', {
        id: `limit-${per}`,
        value: form.value[per],
        inputMode: 'decimal',
        autocomplete: 'off',
        placeholder: store.text('spending_unlimited_label'),
        'aria-invalid': fault !== undefined,
        'aria-describedby': fault === undefined ? undefined : faultId,
        onInput,
      }),
      h('span', { class: 'unit', 'aria-hidden': true }, currency),
    ]),
    fault === undefined
      ? null
      : h('p', { id: faultId, class: 'fault' }, store.text(fault, { currency })),
  ])
}
