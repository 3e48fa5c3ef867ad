import type { CareEntry } from '@jeon/camara'
import { useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { isPositive } from '../../figures.ts'
import { momentText } from '../dates.ts'
import { nothing } from '../shapes.ts'
import type { LineStore } from '../store.ts'
import { careDispute } from '../wire.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { SheetFrame } from './sheet.ts'

/** "This was not me": what it freezes is said before it is done. */
export function DisputeSheet({
  store,
  entry,
}: ViewProps & { readonly entry: CareEntry }): ComponentChildren {
  const reason = useSignal('')
  const isBlocking = useSignal(true)
  const act = useAct(store)
  const whatItDoes = store.line.value?.block_choices.find(({ kind }) => kind === 'payer')?.does
  const open = async () => {
    const said = reason.value.trim()
    const dispute = await store.askCare({
      method: 'POST',
      path: '/disputes',
      body: {
        payment_id: entry.id,
        reason: said === '' ? store.text('dispute_reason_usual') : said,
        block: isBlocking.value,
      },
      shape: careDispute,
    })
    const day = momentText(dispute.answer_by, store.zone.value, store.language.value)
    store.sheet.value = undefined
    store.tell('good', store.text('dispute_done_status', { day }))
    store.refresh(['line', 'history', 'disputes', 'usage', 'standing'])
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    act.run(open)
  }
  return h(SheetFrame, { store, title: store.text('dispute_title') }, [
    h('div', { class: 'about-payment' }, [
      h('strong', null, entry.description),
      h('strong', { class: 'amount' }, store.money(entry.amount, entry.currency)),
      h('span', { class: 'about' }, entry.merchant.name),
      h('span', { class: 'about' }, momentText(entry.at, store.zone.value, store.language.value)),
    ]),
    h('ul', { class: 'effects' }, [
      h('li', null, store.text('dispute_payout_label', { merchant: entry.merchant.name })),
      h('li', null, store.text('dispute_clock_label')),
      h('li', null, store.text('dispute_deadline_label')),
    ]),
    h('form', { novalidate: true, onSubmit }, [
      h('div', { class: 'field' }, [
        h('label', { for: 'dispute-reason' }, store.text('dispute_reason_label')),
        h('textarea', {
          id: 'dispute-reason',
          rows: 3,
          maxLength: 500,
          placeholder: store.text('dispute_reason_usual'),
          value: reason.value,
          onInput: (event: Event) => {
            if (event.currentTarget instanceof HTMLTextAreaElement)
              reason.value = event.currentTarget.value
          },
        }),
      ]),
      h('label', { class: 'check' }, [
        h('input', {
          type: 'checkbox',
          checked: isBlocking.value,
          onChange: (event: Event) => {
            if (event.currentTarget instanceof HTMLInputElement)
              isBlocking.value = event.currentTarget.checked
          },
        }),
        h('span', null, [
          store.text('dispute_block_label'),
          h('span', { class: 'effect' }, store.text('dispute_block_hint')),
          isBlocking.value ? h('span', { class: 'effect' }, whatItDoes) : null,
        ]),
      ]),
      h(Fault, { text: act.fault.value }),
      h('div', { class: 'actions whole' }, [
        h(
          'button',
          { type: 'submit', class: 'danger strong', disabled: act.isBusy },
          store.text(act.isBusy ? 'busy_status' : 'dispute_open_action'),
        ),
      ]),
    ]),
  ])
}

/** Takes the line off the wallet; what was gathered goes onto the bill first. */
export function UnlinkSheet({ store }: ViewProps): ComponentChildren {
  const act = useAct(store)
  const owed = store.linked.value?.collection.owed ?? '0'
  return h(SheetFrame, { store, title: store.text('unlink_title') }, [
    h('ul', { class: 'effects' }, [
      isPositive(owed)
        ? h('li', null, store.text('unlink_collect_label', { amount: store.money(owed) }))
        : null,
      h('li', null, store.text('unlink_stop_label')),
      h('li', null, store.text('unlink_bills_label')),
    ]),
    h(Fault, { text: act.fault.value }),
    h('div', { class: 'actions whole' }, [
      h(Button, {
        label: store.text(act.isBusy ? 'busy_status' : 'unlink_action'),
        look: 'danger',
        disabled: act.isBusy,
        onPress: () => act.run(() => unlink(store)),
      }),
    ]),
  ])
}

/** The answer comes once what was owed is on the bill; while that is refused, the line stays. */
export async function unlink(store: LineStore): Promise<void> {
  await store.ask({ method: 'DELETE', path: '/v1/line', shape: nothing })
  store.sheet.value = undefined
  store.tell('good', store.text('unlink_done_status'))
  await store.load()
}
