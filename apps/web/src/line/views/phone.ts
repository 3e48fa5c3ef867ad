import type { SandboxMessage } from '@jeon/camara'
import { type ComponentChildren, h } from 'preact'
import { isPositive } from '../../figures.ts'
import { newKey, Refused } from '../api.ts'
import { dateIn, dayText, hourText } from '../dates.ts'
import type { LineMessageKey } from '../messages.ts'
import { phoneText } from '../phone-number.ts'
import type { LineStore } from '../store.ts'
import { purchaseAnswer, type TrialOffer } from '../wire.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { sandboxPassword } from './sandbox-hints.ts'

/** The sandbox beside the page: the phone with its text messages, things to buy, and how to make time pass. */
export function Phone({ store }: ViewProps): ComponentChildren {
  const inbox = store.inbox.value
  if (inbox === undefined) return null
  return h('aside', { class: 'phone', 'aria-label': store.text('phone_title') }, [
    h('p', { class: 'phone-note' }, [
      h('span', { class: 'pill sandbox' }, store.text('sandbox_label')),
      ' ',
      store.text('phone_label'),
    ]),
    h('section', { class: 'device', 'aria-labelledby': 'inbox-title' }, [
      h('header', null, [
        h('h2', { id: 'inbox-title' }, store.text('inbox_title')),
        h('p', null, phoneText(store.inboxNumber.value ?? '')),
      ]),
      inbox.length === 0
        ? h('p', { class: 'silent' }, store.text('inbox_empty_label'))
        : // A region that scrolls must be reachable without a mouse.
          h(
            'ul',
            { tabIndex: 0, 'aria-label': store.text('inbox_title') },
            inbox.map((message) => h(Message, { key: message.id, store, message })),
          ),
    ]),
    h(Trial, { store }),
    h(Time, { store }),
  ])
}

function Message({
  store,
  message,
}: ViewProps & { readonly message: SandboxMessage }): ComponentChildren {
  const zone = store.zone.value
  const language = store.language.value
  const day = dayText(dateIn(zone, message.at), store.today.value, language)
  return h('li', { 'data-kind': message.kind }, [
    h('p', { class: 'bubble' }, message.text),
    h('p', { class: 'when' }, `${day} ${hourText(message.at, zone, language)}`),
  ])
}

/** Things to buy with the line, to see what happens. */
function Trial({ store }: ViewProps): ComponentChildren {
  const act = useAct(store)
  if (store.view.value.name !== 'linked' || store.offers.value.length === 0) return null
  return h('section', { class: 'card trial', 'aria-labelledby': 'trial-title' }, [
    h('h2', { id: 'trial-title', tabIndex: -1 }, store.text('trial_title')),
    h(
      'ul',
      null,
      store.offers.value
        .filter(({ price }) => isPositive(price.amount ?? '0'))
        .map((offer) =>
          h('li', { key: offer.id }, [
            h(
              'button',
              {
                type: 'button',
                disabled: act.isBusy,
                onClick: () => act.run(() => buy(store, offer)),
              },
              [
                h('span', null, offer.title),
                h('strong', null, store.money(offer.price.amount ?? '0', offer.price.currency)),
              ],
            ),
          ]),
        ),
    ),
    h(Fault, { text: act.fault.value }),
    h('p', { class: 'soft' }, store.text('sandbox_password_label', { password: sandboxPassword })),
  ])
}

/** The way to what can be bought, from where one looks for it. */
export function TrialButton({
  store,
  label,
}: ViewProps & {
  /** Said before it. */
  readonly label?: LineMessageKey
}): ComponentChildren {
  if (store.inbox.value === undefined || store.offers.value.length === 0) return null
  const go = () => {
    store.tab.value = 'phone'
    requestAnimationFrame(() => {
      const title = document.getElementById('trial-title')
      title?.scrollIntoView({ block: 'start' })
      title?.focus({ preventScroll: true })
    })
  }
  return h('div', { class: 'to-trial' }, [
    h('p', null, [
      h('span', { class: 'pill sandbox' }, store.text('sandbox_label')),
      ' ',
      label === undefined ? null : store.text(label),
    ]),
    h(Button, { label: store.text('trial_action'), onPress: go }),
  ])
}

async function buy(store: LineStore, { id, merchant }: TrialOffer): Promise<void> {
  const body = { offer: id, merchant }
  const key = newKey()
  const send = () =>
    store.ask({ method: 'POST', path: '/v1/payments', body, key, shape: purchaseAnswer })
  try {
    await store.expectCode()
    const { id: payment, status, validation } = await send()
    if (status === 'pending_validation') {
      store.sheet.value = { name: 'validation', payment, url: validation?.url ?? null }
    } else store.tell('good', store.text('trial_done_status'))
  } catch (error) {
    // A decline is in the history with its reason; here it is only told.
    if (!(error instanceof Refused)) throw error
    store.tell('bad', store.reasonOf(error))
  }
  store.refresh(['usage', 'history', 'summary', 'inbox', 'line'])
}

const clockCommands = [
  'npm run jeon -- clock advance 1d',
  'npm run jeon -- clock advance 31d',
] as const

/** Only the operator moves the clock, and its key is not in a page. */
function Time({ store }: ViewProps): ComponentChildren {
  const usage = store.usage.value
  if (usage === undefined) return null
  const day = dayText(store.today.value, store.today.value, store.language.value)
  return h('section', { class: 'card time', 'aria-labelledby': 'time-title' }, [
    h('h2', { id: 'time-title' }, store.text('time_title')),
    h('p', null, day),
    h('p', { class: 'soft' }, store.text('time_label')),
    h(
      'ul',
      null,
      clockCommands.map((command) =>
        h('li', null, [
          h('code', null, command),
          h(Button, {
            label: store.text('copy_action'),
            name: store.text('copy_named_action', { command }),
            onPress: () => copy(store, command),
          }),
        ]),
      ),
    ),
  ])
}

function copy(store: LineStore, text: string): void {
  navigator.clipboard.writeText(text).then(
    () => store.tell('good', store.text('copy_done_status')),
    () => store.tell('bad', store.text('copy_error')),
  )
}
