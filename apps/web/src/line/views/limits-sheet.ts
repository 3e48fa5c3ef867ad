import type { CareCeiling, CareLimits, CareLimitsChange } from '@jeon/camara'
import { type Signal, useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { useRef } from 'preact/hooks'
import { plainAmount } from '../../limits.ts'
import {
  type BucketLimits,
  type CeilingForm,
  type CeilingName,
  ceilingChange,
  ceilingFaults,
  ceilingForm,
  ceilingNames,
  isRaise,
} from '../ceilings.ts'
import { momentText } from '../dates.ts'
import type { LineStore } from '../store.ts'
import { careLimitsChanged } from '../wire.ts'
import { type Act, Fault, useAct, type ViewProps } from './act.ts'
import { Proof } from './proof.ts'
import { SheetFrame } from './sheet.ts'

/** Changes the limits of a bucket: down at once, up with consent and a proof. */
export function LimitsSheet({
  store,
  bucket,
}: ViewProps & { readonly bucket: BucketLimits['bucket'] }): ComponentChildren {
  const limits = store.limits.value
  const own = limits?.buckets.find((each) => each.bucket === bucket)
  if (limits === undefined || own === undefined) return null
  const title = store.text('limits_title', { bucket: store.text(`bucket_${bucket}_label`) })
  return h(SheetFrame, { store, title }, h(Change, { store, limits, own }))
}

interface ChangeProps extends ViewProps {
  readonly limits: CareLimits
  readonly own: BucketLimits
}

function Change({ store, limits, own }: ChangeProps): ComponentChildren {
  const form = useSignal<CeilingForm>(ceilingForm(own))
  const isTried = useSignal(false)
  const isConsented = useSignal(false)
  /** What waits for the proof. */
  const raise = useSignal<CareLimitsChange | undefined>(undefined)
  const place = useRef<HTMLFormElement>(null)
  const act = useAct(store)
  const raises = isRaise(form.value, own.personal, limits.currency)
  const faults = isTried.value ? ceilingFaults(form.value, own, limits) : {}
  const save = async () => {
    isTried.value = true
    const wrong = ceilingFaults(form.value, own, limits)
    const first = ceilingNames.find((name) => wrong[name] !== undefined)
    if (first !== undefined) {
      place.current?.querySelector<HTMLInputElement>(`#ceiling-${first}`)?.focus()
      return
    }
    const change = ceilingChange(form.value, own)
    if (change === undefined) {
      store.sheet.value = undefined
      return
    }
    if (!raises) await put(store, change)
    else if (isConsented.value) raise.value = change
    else act.fault.value = store.text('limits_consent_error')
  }
  if (raise.value !== undefined) {
    const change = raise.value
    return h(Proof, {
      store,
      purpose: 'raise',
      onProved: (proof) => put(store, { ...change, consent: true, proof }),
      finish: store.text('limits_raise_action'),
    })
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    act.run(save)
  }
  return h('form', { ref: place, novalidate: true, onSubmit }, [
    h('p', { class: 'intro' }, store.text('limits_intro_label')),
    ...ceilingNames.toReversed().map((name) =>
      h(CeilingField, {
        key: name,
        store,
        form,
        name,
        most: own.ceiling,
        step: limits.step,
        currency: limits.currency,
        fault: faultText(store, faults[name], own.ceiling[name], limits),
      }),
    ),
    raises ? h(RaiseConsent, { store, isConsented }) : null,
    limits.changes_left_today > 0
      ? null
      : h('p', { class: 'soft' }, store.text('limits_none_left_label')),
    h(Fault, { text: act.fault.value }),
    h(Foot, { store, act, raises }),
  ])
}

function faultText(
  store: LineStore,
  key: Parameters<LineStore['text']>[0] | undefined,
  most: string | null,
  limits: CareLimits,
): string | undefined {
  if (key === undefined) return undefined
  return store.text(key, {
    step: store.money(limits.step, limits.currency),
    amount: most === null ? '' : store.money(most, limits.currency),
  })
}

async function put(store: LineStore, change: CareLimitsChange): Promise<void> {
  const changed = await store.askCare({
    method: 'PUT',
    path: '/limits',
    body: change,
    shape: careLimitsChanged,
  })
  store.limits.value = changed.limits
  store.sheet.value = undefined
  const pending = changed.limits.buckets.find(({ bucket }) => bucket === change.bucket)?.pending
  const time = momentText(changed.effective_at, store.zone.value, store.language.value)
  store.tell(
    'good',
    pending == null
      ? store.text('limits_saved_status')
      : store.text('limits_later_status', { time }),
  )
  store.refresh(['usage', 'line', 'limits'])
}

interface CeilingFieldProps extends ViewProps {
  readonly form: Signal<CeilingForm>
  readonly name: CeilingName
  readonly most: CareCeiling
  readonly step: string
  readonly currency: string
  readonly fault: string | undefined
}

/** To type, or to slide: both say the same amount. */
function CeilingField(props: CeilingFieldProps): ComponentChildren {
  const { store, form, name, most, step, currency, fault } = props
  const id = `ceiling-${name}`
  const max = most[name]
  const set = (event: Event) => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return
    form.value = { ...form.value, [name]: event.currentTarget.value }
  }
  const label = store.text(`ceiling_${name}_label`)
  const below =
    max === null
      ? undefined
      : store.text('limits_most_label', { amount: store.money(max, currency) })
  return h('div', { class: 'field' }, [
    h('label', { for: id }, label),
    h('div', { class: 'input' }, [
      h('input', {
        id,
        value: grouped(form.value[name]),
        inputMode: 'numeric',
        autocomplete: 'off',
        placeholder: store.text('limits_none_label'),
        'aria-invalid': fault !== undefined,
        'aria-describedby': `${id}-below`,
        onInput: set,
      }),
      h('span', { class: 'unit', 'aria-hidden': true }, currency),
    ]),
    max === null
      ? null
      : h('input', {
          type: 'range',
          min: 0,
          max,
          step,
          value: Number(plainAmount(form.value[name]) || max),
          'aria-label': store.text('limits_slide_label', { name: label }),
          'aria-valuetext': store.money(plainAmount(form.value[name]) || max, currency),
          onInput: set,
        }),
    h('p', { id: `${id}-below`, class: fault === undefined ? 'hint' : 'fault' }, fault ?? below),
  ])
}

function grouped(typed: string): string {
  const plain = plainAmount(typed)
  return /^\d+$/.test(plain) ? plain.replaceAll(/\B(?=(\d{3})+$)/g, ',') : typed
}

function RaiseConsent({
  store,
  isConsented,
}: ViewProps & { readonly isConsented: Signal<boolean> }): ComponentChildren {
  const raise = store.line.value?.raise
  if (raise === undefined) return null
  return h('div', { class: 'consent' }, [
    h('p', { class: 'soft' }, [
      store.text('limits_raise_label'),
      raise.cooling_off_hours > 0
        ? ` ${store.text('plan_wait_label', { hours: `${raise.cooling_off_hours}` })}`
        : null,
    ]),
    h('label', { class: 'check' }, [
      h('input', {
        type: 'checkbox',
        checked: isConsented.value,
        onChange: (event: Event) => {
          if (event.currentTarget instanceof HTMLInputElement)
            isConsented.value = event.currentTarget.checked
        },
      }),
      h('span', null, raise.consent_wording),
    ]),
  ])
}

function Foot({
  store,
  act,
  raises,
}: ViewProps & { readonly act: Act; readonly raises: boolean }): ComponentChildren {
  return h('div', { class: 'actions whole' }, [
    h(
      'button',
      { type: 'submit', class: 'primary', disabled: act.isBusy },
      store.text(
        act.isBusy ? 'busy_status' : raises ? 'limits_continue_action' : 'limits_save_action',
      ),
    ),
  ])
}
