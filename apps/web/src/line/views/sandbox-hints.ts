import type { CareFactor, SandboxMessage } from '@jeon/camara'
import type { Signal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
import { Button, type ViewProps } from './act.ts'

const lookMs = 1_500

/**
 * The message with the code that is asked for; it says itself what for. A phone shows its messages elsewhere; here they
 * would be hidden behind the question.
 */
export function NewestCode({
  store,
  code,
}: ViewProps & {
  /** Where it belongs; undefined: on another page. */
  readonly code?: Signal<string>
}): ComponentChildren {
  const isSandbox = store.inbox.value !== undefined
  useEffect(() => {
    if (!isSandbox) return
    store.refresh(['inbox'])
    const timer = setInterval(() => store.refresh(['inbox']), lookMs)
    return () => clearInterval(timer)
  }, [isSandbox, store])
  const found = codeIn(store.inbox.value ?? [], store.oldCodes.value)
  if (found === undefined) return null
  return h('div', { class: 'sandbox-hint' }, [
    h('p', null, [
      h('span', { class: 'pill sandbox' }, store.text('sandbox_label')),
      ' ',
      found.text,
    ]),
    code === undefined
      ? null
      : h(Button, {
          label: store.text('sandbox_code_action'),
          onPress: () => {
            code.value = found.code
          },
        }),
  ])
}

/** The newest message that carries a code and is not one of those that came before it was asked for. */
export function codeIn(
  messages: readonly SandboxMessage[],
  old: ReadonlySet<string>,
): { readonly code: string; readonly text: string } | undefined {
  const message = messages.find(({ id, kind }) => kind === 'code' && !old.has(id))
  const code = /(?<!\d)\d{4,8}(?!\d)/.exec(message?.text ?? '')?.[0]
  return message === undefined || code === undefined ? undefined : { code, text: message.text }
}

/** The payment password of every line that the sandbox opens, as its documentation says. */
export const sandboxPassword = '135790'

/** What to answer in the sandbox, where nobody has a payment password of their own. */
export function SandboxHint({
  store,
  step,
}: ViewProps & { readonly step: CareFactor }): ComponentChildren {
  if (store.inbox.value === undefined) return null
  const words =
    step === 'password'
      ? store.text('sandbox_password_label', { password: sandboxPassword })
      : step === 'identity'
        ? store.text('sandbox_identity_label')
        : undefined
  if (words === undefined) return null
  return h('p', { class: 'sandbox-hint' }, [
    h('span', null, [
      h('span', { class: 'pill sandbox' }, store.text('sandbox_label')),
      ' ',
      words,
    ]),
  ])
}
