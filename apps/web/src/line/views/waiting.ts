import { type ComponentChildren, h } from 'preact'
import type { LineStore } from '../store.ts'
import { waitingRows } from '../waiting.ts'
import type { WaitingPurchase } from '../wire.ts'
import { Button, type ViewProps } from './act.ts'

/** What the carrier waits for the payer with: the way back to a question that was closed. */
export function Waiting({ store }: ViewProps): ComponentChildren {
  const waiting = store.linked.value?.waiting ?? []
  if (waiting.length === 0) return null
  const rows = [...waitingRows(store.entries.value, waiting)]
  return h('section', { class: 'card awaiting', 'aria-labelledby': 'waiting-title' }, [
    h('h2', { id: 'waiting-title' }, store.text('waiting_title')),
    h('p', { class: 'soft' }, store.text('waiting_label')),
    h(
      'ul',
      null,
      waiting.map((purchase) => {
        const entryId = rows.find(([, { id }]) => id === purchase.id)?.[0]
        const title = store.entries.value.find(({ id }) => id === entryId)?.description
        const amount = store.money(purchase.amount.amount, purchase.amount.currency)
        return h('li', { key: purchase.id }, [
          h('p', null, [h('span', null, title), h('strong', null, amount)]),
          h(DecideButton, { store, purchase, title }),
        ])
      }),
    ),
  ])
}

interface DecideProps {
  readonly store: LineStore
  readonly purchase: WaitingPurchase
  /** What it is, where the carrier's history was read that far. */
  readonly title: string | undefined
}

/** Opens the question again. */
export function DecideButton({ store, purchase, title }: DecideProps): ComponentChildren {
  const { id, amount, validation } = purchase
  const sum = store.money(amount.amount, amount.currency)
  const button = h(Button, {
    label: store.text('waiting_action'),
    name:
      title === undefined
        ? `${store.text('waiting_action')}: ${sum}`
        : store.text('waiting_named_action', { title, amount: sum }),
    onPress: () => {
      store.sheet.value = { name: 'validation', payment: id, url: validation?.url ?? null }
    },
  })
  return h('div', { class: 'decide' }, button)
}
