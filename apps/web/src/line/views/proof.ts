import type { CareFactor, CareProof, CareProofGiven, CareProofPurpose } from '@jeon/camara'
import { type Signal, useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
import type { LineStore } from '../store.ts'
import { careProof } from '../wire.ts'
import { type Act, Button, Fault, useAct, type ViewProps } from './act.ts'
import { Field } from './field.ts'
import { NewestCode, SandboxHint } from './sandbox-hints.ts'

/** The order in which a person is asked. What a person cannot type is not asked for. */
const askable: readonly CareFactor[] = ['identity', 'sms_code', 'password']

interface ProofProps extends ViewProps {
  readonly purpose: CareProofPurpose
  /** Called once, with the id of the complete proof. */
  readonly onProved: (id: string) => Promise<void>
  /** The word on the last button. */
  readonly finish: string
}

/** Shows step by step who is asking, until the carrier is satisfied. */
export function Proof({ store, purpose, onProved, finish }: ProofProps): ComponentChildren {
  const proof = useSignal<CareProof | undefined>(undefined)
  const act = useAct(store)
  const begin = async () => {
    await store.expectCode()
    const body = { purpose }
    const begun = await store.askCare({ method: 'POST', path: '/proofs', body, shape: careProof })
    proof.value = begun
    if (begun.complete) await onProved(begun.id)
  }
  useEffect(() => act.run(begin), [])
  const current = proof.value
  if (current === undefined) {
    return h('div', { class: 'proof' }, [
      h('p', { class: 'soft', role: 'status' }, store.text('proof_begin_status')),
      h(Fault, { text: act.fault.value }),
      act.fault.value === undefined
        ? null
        : h(Button, { label: store.text('error_retry_action'), onPress: () => act.run(begin) }),
    ])
  }
  const steps = askable.filter((factor) => current.needs.includes(factor))
  const step = steps.find((factor) => !current.given.includes(factor))
  const give = async (given: CareProofGiven) => {
    const path = `/proofs/${encodeURIComponent(current.id)}`
    const next = await store.askCare({ method: 'POST', path, body: given, shape: careProof })
    proof.value = next
    if (next.complete) await onProved(next.id)
  }
  const isLast = steps.filter((factor) => !current.given.includes(factor)).length === 1
  return h('div', { class: 'proof' }, [
    h(Steps, { store, steps, current }),
    step === undefined
      ? h(Waiting, { store, current, act, onProved })
      : h(StepForm, {
          key: step,
          store,
          step,
          act,
          label: isLast ? finish : store.text('proof_next_action'),
          onGive: (given) => act.run(() => give(given)),
        }),
    // A code that does not come, or a proof whose time is over, begins again.
    step === 'sms_code' || act.fault.value !== undefined
      ? h(Button, {
          label: store.text('proof_again_action'),
          look: 'plain',
          disabled: act.isBusy,
          onPress: () => act.run(begin),
        })
      : null,
  ])
}

interface StepsProps extends ViewProps {
  readonly steps: readonly CareFactor[]
  readonly current: CareProof
}

function Steps({ store, steps, current }: StepsProps): ComponentChildren {
  return h(
    'ol',
    { class: 'steps', 'aria-label': store.text('proof_steps_label') },
    steps.map((factor) => {
      const isDone = current.given.includes(factor)
      const isNow = !isDone && steps.find((each) => !current.given.includes(each)) === factor
      return h('li', { class: isDone ? 'done' : '', 'aria-current': isNow ? 'step' : undefined }, [
        h(
          'span',
          { class: 'dot', 'aria-hidden': true },
          isDone ? '✓' : `${steps.indexOf(factor) + 1}`,
        ),
        h('span', null, factorText(store, factor)),
        isDone ? h('span', { class: 'hidden' }, store.text('proof_done_label')) : null,
      ])
    }),
  )
}

interface WaitingProps extends ViewProps {
  readonly current: CareProof
  readonly act: Act
  readonly onProved: (id: string) => Promise<void>
}

/** Nothing left to type: either the act itself failed and may be tried again, or the phone has to vouch. */
function Waiting({ store, current, act, onProved }: WaitingProps): ComponentChildren {
  return h('div', null, [
    h(Fault, { text: act.fault.value }),
    current.complete
      ? h(Button, {
          label: store.text(act.isBusy ? 'busy_status' : 'error_retry_action'),
          look: 'primary',
          disabled: act.isBusy,
          onPress: () => act.run(() => onProved(current.id)),
        })
      : h('p', { class: 'soft' }, store.text('proof_phone_label')),
  ])
}

export function factorText(store: LineStore, factor: CareFactor): string {
  return store.text(`factor_${factor}_label`)
}

interface StepFormProps extends ViewProps {
  readonly step: CareFactor
  readonly act: Act
  readonly label: string
  readonly onGive: (given: CareProofGiven) => void
}

function StepForm({ store, step, act, label, onGive }: StepFormProps): ComponentChildren {
  const code = useSignal('')
  const password = useSignal('')
  const name = useSignal('')
  const birthdate = useSignal('')
  const onSubmit = (event: Event) => {
    event.preventDefault()
    const form = event.currentTarget
    const empty =
      form instanceof HTMLFormElement
        ? [...form.querySelectorAll('input')].find((input) => input.value.trim() === '')
        : undefined
    if (empty !== undefined) {
      act.fault.value = store.text('proof_empty_error')
      empty.focus()
      return
    }
    if (step === 'sms_code') onGive({ sms_code: code.value.replaceAll(/\D/g, '') })
    else if (step === 'password') onGive({ password: password.value })
    else onGive({ identity: { name: name.value.trim(), birthdate: birthdate.value } })
  }
  return h('form', { novalidate: true, onSubmit }, [
    ...fieldsOf(store, step, { code, password, name, birthdate }),
    h(SandboxHint, { store, step }),
    h(Fault, { text: act.fault.value }),
    h('div', { class: 'actions whole' }, [
      h(
        'button',
        { type: 'submit', class: 'primary', disabled: act.isBusy },
        act.isBusy ? store.text('busy_status') : label,
      ),
    ]),
  ])
}

interface Typed {
  readonly code: Signal<string>
  readonly password: Signal<string>
  readonly name: Signal<string>
  readonly birthdate: Signal<string>
}

function fieldsOf(store: LineStore, step: CareFactor, typed: Typed): readonly ComponentChildren[] {
  if (step === 'sms_code') {
    return [
      h(Field, {
        id: 'proof-code',
        label: store.text('factor_sms_code_label'),
        hint: store.text('proof_code_hint'),
        content: typed.code,
        inputMode: 'numeric',
        autocomplete: 'one-time-code',
        isFirst: true,
      }),
      h(NewestCode, { store, code: typed.code }),
    ]
  }
  if (step === 'password') {
    return [
      h(Field, {
        id: 'proof-password',
        label: store.text('factor_password_label'),
        hint: store.text('proof_password_hint'),
        content: typed.password,
        type: 'password',
        inputMode: 'numeric',
        autocomplete: 'current-password',
        isFirst: true,
      }),
    ]
  }
  return [
    h(Field, {
      id: 'proof-name',
      label: store.text('proof_name_label'),
      hint: store.text('proof_name_hint'),
      content: typed.name,
      autocomplete: 'name',
      isFirst: true,
    }),
    h(Field, {
      id: 'proof-birthdate',
      label: store.text('proof_birthdate_label'),
      content: typed.birthdate,
      type: 'date',
      autocomplete: 'bday',
    }),
  ]
}
