import { useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
import type { LineStore } from '../store.ts'
import { type PurchaseAnswer, purchaseAnswer } from '../wire.ts'
import { Fault, useAct, type ViewProps } from './act.ts'
import { Field } from './field.ts'
import { NewestCode, SandboxHint } from './sandbox-hints.ts'
import { SheetFrame } from './sheet.ts'

interface ValidationProps extends ViewProps {
  readonly payment: string
  /** The carrier's page; null: a code was sent. */
  readonly url: string | null
}

/** A purchase that the carrier asks about first: by a code, or on a page of its own. */
export function ValidationSheet({ store, payment, url }: ValidationProps): ComponentChildren {
  return h(
    SheetFrame,
    { store, title: store.text('validation_title') },
    url === null ? h(ByCode, { store, payment }) : h(ByPage, { store, payment, url }),
  )
}

const pathOf = (payment: string) => `/v1/payments/${encodeURIComponent(payment)}`

function ByCode({ store, payment }: Omit<ValidationProps, 'url'>): ComponentChildren {
  const code = useSignal('')
  const act = useAct(store)
  const validate = async () => {
    const path = `${pathOf(payment)}/validation`
    const body = { code: code.value.replaceAll(/\D/g, '') }
    ended(store, await store.ask({ method: 'POST', path, body, shape: purchaseAnswer }))
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    act.run(validate)
  }
  return h('form', { novalidate: true, onSubmit }, [
    h(Field, {
      id: 'validation-code',
      label: store.text('factor_sms_code_label'),
      hint: store.text('proof_code_hint'),
      content: code,
      inputMode: 'numeric',
      autocomplete: 'one-time-code',
      isFirst: true,
    }),
    h(NewestCode, { store, code }),
    h('p', { class: 'soft' }, store.text('validation_code_label')),
    h(Fault, { text: act.fault.value }),
    h('div', { class: 'actions whole' }, [
      h(
        'button',
        { type: 'submit', class: 'primary', disabled: act.isBusy },
        store.text(act.isBusy ? 'busy_status' : 'validation_action'),
      ),
    ]),
  ])
}

const lookMs = 1_500

/** The payer is on the carrier's page; how it went is asked until it is known. */
function ByPage({
  store,
  payment,
  url,
}: ViewProps & { readonly payment: string; readonly url: string }): ComponentChildren {
  useEffect(() => {
    const look = async () => {
      const answer = await store.ask({ path: pathOf(payment), shape: purchaseAnswer })
      if (answer.status !== 'pending_validation' && answer.status !== 'processing') {
        ended(store, answer)
      }
    }
    // A look that failed is followed by the next.
    const timer = setInterval(() => void look().catch(() => undefined), lookMs)
    return () => clearInterval(timer)
  }, [store, payment])
  return h('div', null, [
    h('p', { class: 'intro' }, store.text('validation_page_label')),
    h(NewestCode, { store }),
    h(SandboxHint, { store, step: 'password' }),
    h('div', { class: 'actions whole' }, [
      h(
        'a',
        { class: 'primary', href: url, target: '_blank', rel: 'noopener' },
        store.text('validation_page_action'),
      ),
    ]),
    h('p', { class: 'waiting', role: 'status' }, store.text('validation_wait_status')),
  ])
}

function ended(store: LineStore, { status, reason }: PurchaseAnswer): void {
  store.sheet.value = undefined
  if (status === 'declined') store.tell('bad', reason?.text ?? store.text('payment_denied_label'))
  else store.tell('good', store.text('trial_done_status'))
  store.refresh(['usage', 'history', 'summary', 'inbox'])
}
