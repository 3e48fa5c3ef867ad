import { type Signal, useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { phoneFrom, phoneText } from '../phone-number.ts'
import type { LineStore } from '../store.ts'
import { type CarrierName, type LinkAttempt, linkAttempt } from '../wire.ts'
import { type Act, Button, Fault, useAct, type ViewProps } from './act.ts'
import { Field } from './field.ts'
import { NewestCode, sandboxPassword } from './sandbox-hints.ts'

/** Puts a phone line behind the wallet: silently where the network vouches, else with a code and the payment password. */
export function Link({
  store,
  carriers,
}: ViewProps & { readonly carriers: readonly CarrierName[] }): ComponentChildren {
  const carrier = useSignal(carriers[0]?.id ?? '')
  const number = useSignal('')
  const attempt = useSignal<LinkAttempt | undefined>(undefined)
  const act = useAct(store)
  const after = async (next: LinkAttempt) => {
    attempt.value = next
    // A number that is not to be linked may be nobody's: its phone is not shown.
    if (next.state === 'refused') store.inboxNumber.value = undefined
    if (next.state !== 'linked') return
    store.tell('good', store.text('link_done_status'))
    await store.load()
  }
  const begin = async () => {
    const phone_number = phoneFrom(number.value)
    if (phone_number === undefined) {
      act.fault.value = store.text('link_number_error')
      return
    }
    store.inboxNumber.value = phone_number
    await store.expectCode()
    const body = { carrier: carrier.value, phone_number }
    await after(
      await store.ask({ method: 'POST', path: '/v1/line/links', body, shape: linkAttempt }),
    )
  }
  const current = attempt.value
  const again = () => {
    attempt.value = undefined
    act.fault.value = undefined
  }
  return h('section', { class: 'link', 'aria-labelledby': 'link-title' }, [
    h('span', { class: 'coin large', 'aria-hidden': true }),
    h('h2', { id: 'link-title' }, store.text('link_title')),
    current?.state === 'refused'
      ? h(RefusedLink, { store, attempt: current, onAgain: again })
      : current?.state === 'proof_needed'
        ? h(LinkProof, {
            store,
            attempt: current,
            number: number.value,
            act,
            after,
            onAgain: again,
          })
        : h(LinkForm, { store, carriers, carrier, number, act, onBegin: () => act.run(begin) }),
  ])
}

interface LinkFormProps extends ViewProps {
  readonly carriers: readonly CarrierName[]
  readonly carrier: Signal<string>
  readonly number: Signal<string>
  readonly act: Act
  readonly onBegin: () => void
}

function LinkForm(props: LinkFormProps): ComponentChildren {
  const { store, carriers, carrier, number, act, onBegin } = props
  const onSubmit = (event: Event) => {
    event.preventDefault()
    onBegin()
  }
  return h('form', { class: 'card', novalidate: true, onSubmit }, [
    h('p', { class: 'intro' }, store.text('link_label')),
    h('fieldset', { class: 'carriers' }, [
      h('legend', null, store.text('link_carrier_label')),
      ...carriers.map(({ id, name }) =>
        h('label', { key: id }, [
          h('input', {
            type: 'radio',
            name: 'carrier',
            value: id,
            checked: carrier.value === id,
            onChange: () => {
              carrier.value = id
            },
          }),
          h('span', null, name),
        ]),
      ),
    ]),
    h(Field, {
      id: 'link-number',
      label: store.text('link_number_label'),
      content: number,
      type: 'tel',
      inputMode: 'tel',
      autocomplete: 'tel-national',
      placeholder: '010-0000-0000',
      fault: act.fault.value,
    }),
    h('p', { class: 'hidden', role: 'alert' }, act.fault.value),
    h('div', { class: 'actions whole' }, [
      h(
        'button',
        { type: 'submit', class: 'primary', disabled: act.isBusy },
        store.text(act.isBusy ? 'link_busy_status' : 'link_action'),
      ),
    ]),
    h('p', { class: 'soft' }, store.text('link_consent_label')),
    h(PracticeNumbers, { store, carrier, number }),
  ])
}

/** Lines of the sandbox's table that are worth a try; the same last digits mean the same at every carrier. */
const practice = [
  { digits: '01', key: 'practice_usual_label' },
  { digits: '17', key: 'practice_wifi_label' },
  { digits: '16', key: 'practice_limit_label' },
  { digits: '10', key: 'practice_consent_label' },
  { digits: '09', key: 'practice_arrears_label' },
  { digits: '14', key: 'practice_sim_label' },
] as const

const prefixes: Readonly<Record<string, string>> = {
  skt: '0102000',
  kt: '0103000',
  lgu: '0105000',
}

function PracticeNumbers({
  store,
  carrier,
  number,
}: ViewProps & {
  readonly carrier: Signal<string>
  readonly number: Signal<string>
}): ComponentChildren {
  const prefix = prefixes[carrier.value]
  if (store.inbox.value === undefined || prefix === undefined) return null
  return h('div', { class: 'practice' }, [
    h('p', null, [
      h('span', { class: 'pill sandbox' }, store.text('sandbox_label')),
      ' ',
      store.text('practice_label'),
    ]),
    h(
      'ul',
      null,
      practice.map(({ digits, key }) => {
        const typed = phoneText(`+82${`${prefix}00${digits}`.slice(1)}`)
        return h('li', { key: digits }, [
          h(
            'button',
            {
              type: 'button',
              onClick: () => {
                number.value = typed
              },
            },
            [h('strong', null, typed), h('span', null, store.text(key))],
          ),
        ])
      }),
    ),
  ])
}

interface LinkProofProps extends ViewProps {
  readonly attempt: LinkAttempt
  readonly number: string
  readonly act: Act
  readonly after: (next: LinkAttempt) => Promise<void>
  readonly onAgain: () => void
}

function LinkProof(props: LinkProofProps): ComponentChildren {
  const { store, attempt, number, act, after, onAgain } = props
  const code = useSignal('')
  const password = useSignal('')
  const needs = (factor: string) => attempt.needs.includes(factor)
  const prove = async () => {
    const body = { sms_code: code.value.replaceAll(/\D/g, ''), password: password.value }
    const path = `/v1/line/links/${encodeURIComponent(attempt.id)}/proof`
    const next = await store.ask({ method: 'POST', path, body, shape: linkAttempt })
    // Mistyped: the question stays, with what was wrong.
    if (next.state === 'proof_needed') act.fault.value = next.reason?.text
    else await after(next)
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    act.run(prove)
  }
  return h('form', { class: 'card', novalidate: true, onSubmit }, [
    attempt.reason === null ? null : h('p', { class: 'intro' }, attempt.reason.text),
    h('p', { class: 'intro' }, store.text('link_proof_label', { number })),
    needs('sms_code')
      ? h('div', null, [
          h(Field, {
            id: 'link-code',
            label: store.text('factor_sms_code_label'),
            hint: store.text('proof_code_hint'),
            content: code,
            inputMode: 'numeric',
            autocomplete: 'one-time-code',
            isFirst: true,
          }),
          h(NewestCode, { store, code }),
        ])
      : null,
    needs('password')
      ? h(Field, {
          id: 'link-password',
          label: store.text('factor_password_label'),
          hint: passwordHint(store),
          content: password,
          type: 'password',
          inputMode: 'numeric',
          autocomplete: 'current-password',
        })
      : null,
    h(Fault, { text: act.fault.value }),
    h('div', { class: 'actions' }, [
      h(Button, { label: store.text('back_action'), onPress: onAgain }),
      h(
        'button',
        { type: 'submit', class: 'primary', disabled: act.isBusy },
        store.text(act.isBusy ? 'link_busy_status' : 'link_action'),
      ),
    ]),
  ])
}

function passwordHint(store: LineStore): string {
  return store.inbox.value === undefined
    ? store.text('proof_password_hint')
    : store.text('sandbox_password_label', { password: sandboxPassword })
}

interface RefusedProps extends ViewProps {
  readonly attempt: LinkAttempt
  readonly onAgain: () => void
}

function RefusedLink({ store, attempt, onAgain }: RefusedProps): ComponentChildren {
  return h('div', { class: 'card refused', role: 'alert' }, [
    h('h3', null, store.text('link_refused_title')),
    h('p', null, attempt.reason?.text ?? store.text('link_refused_label')),
    h('div', { class: 'actions whole' }, [
      h(Button, { label: store.text('link_other_action'), onPress: onAgain }),
    ]),
  ])
}
