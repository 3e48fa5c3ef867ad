import { useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { careLine } from '../wire.ts'
import { Fault, useAct, type ViewProps } from './act.ts'
import { Field } from './field.ts'
import { Proof } from './proof.ts'
import { SheetFrame } from './sheet.ts'

const sixDigits = /^\d{6}$/

/** Sets a new payment password, also where the old one is forgotten or locked: after a proof without it. */
export function PasswordSheet({ store }: ViewProps): ComponentChildren {
  const proof = useSignal<string | undefined>(undefined)
  const password = useSignal('')
  const act = useAct(store)
  const set = async () => {
    if (!sixDigits.test(password.value)) {
      act.fault.value = store.text('password_new_error')
      return
    }
    const body = { proof: proof.value, password: password.value }
    store.line.value = await store.askCare({
      method: 'PUT',
      path: '/password',
      body,
      shape: careLine,
    })
    store.sheet.value = undefined
    store.tell('good', store.text('password_done_status'))
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    act.run(set)
  }
  return h(SheetFrame, { store, title: store.text('password_title') }, [
    h('p', { class: 'intro' }, store.text('password_intro_label')),
    proof.value === undefined
      ? h(Proof, {
          store,
          purpose: 'password',
          onProved: (id) => {
            proof.value = id
            return Promise.resolve()
          },
          finish: store.text('proof_next_action'),
        })
      : h('form', { novalidate: true, onSubmit }, [
          h(Field, {
            id: 'new-password',
            label: store.text('password_new_label'),
            hint: store.text('password_new_hint'),
            content: password,
            type: 'password',
            inputMode: 'numeric',
            autocomplete: 'new-password',
            isFirst: true,
          }),
          h(Fault, { text: act.fault.value }),
          h('div', { class: 'actions whole' }, [
            h(
              'button',
              { type: 'submit', class: 'primary', disabled: act.isBusy },
              store.text(act.isBusy ? 'busy_status' : 'password_action'),
            ),
          ]),
        ]),
  ])
}
