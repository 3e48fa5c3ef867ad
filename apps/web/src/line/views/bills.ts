import type { CareBill, CareBillItem, CareBillSummary } from '@jeon/camara'
import { type ComponentChildren, h } from 'preact'
import { isPositive } from '../../figures.ts'
import { cycleText, dateIn, dayText } from '../dates.ts'
import type { LineStore } from '../store.ts'
import { careBill } from '../wire.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { Contact } from './history.ts'
import { ComingBill, Ladder } from './owing.ts'
import { SheetFrame } from './sheet.ts'
import { Statements } from './statements.ts'
import { stageText } from './words.ts'

/** The bills, and what happens when one is not paid. */
export function Bills({ store }: ViewProps): ComponentChildren {
  const act = useAct(store)
  const bills = store.bills.value
  const open = async (id: string) => {
    const path = `/bills/${encodeURIComponent(id)}`
    const bill = await store.askCare({ path, shape: careBill })
    store.sheet.value = { name: 'bill', bill }
  }
  return h('div', { class: 'stack' }, [
    h('div', { class: 'only-narrow' }, h(ComingBill, { store })),
    h('section', { class: 'card bills', 'aria-labelledby': 'bills-title' }, [
      h('h2', { id: 'bills-title' }, store.text('bills_title')),
      h(Fault, { text: act.fault.value }),
      bills.length === 0
        ? h('div', { class: 'nothing' }, [
            h('span', { class: 'coin', 'aria-hidden': true }),
            h('h3', null, store.text('bills_empty_title')),
            h('p', null, store.text('bills_empty_label')),
          ])
        : h(
            'ul',
            null,
            bills.map((bill) =>
              h(BillRow, { key: bill.id, store, bill, onOpen: () => act.run(() => open(bill.id)) }),
            ),
          ),
    ]),
    h(MissedPayment, { store }),
    h(Statements, { store }),
  ])
}

interface BillRowProps extends ViewProps {
  readonly bill: CareBillSummary
  readonly onOpen: () => void
}

function BillRow({ store, bill, onOpen }: BillRowProps): ComponentChildren {
  const month = cycleText(bill.cycle, store.language.value)
  const due = dayText(bill.due_on, store.today.value, store.language.value)
  return h('li', null, [
    h('button', { type: 'button', class: 'bill-row', onClick: onOpen }, [
      h('span', { class: 'what' }, [
        h('strong', null, month),
        h('span', { class: 'about' }, store.text('bills_due_label', { day: due })),
      ]),
      h('span', { class: 'much' }, [
        h('strong', null, store.money(bill.total, bill.currency)),
        h('span', { class: `pill ${toneOf(bill)}` }, stateText(store, bill)),
      ]),
      h('span', { class: 'chevron', 'aria-hidden': true }, '›'),
    ]),
  ])
}

function toneOf({ state }: CareBillSummary): string {
  if (state === 'paid') return 'good'
  return state === 'open' || state === 'relief' ? 'calm' : 'bad'
}

function stateText(store: LineStore, bill: CareBillSummary): string {
  const isPart = isPositive(bill.owed) && bill.owed !== bill.total
  if (!isPart) return store.text(`bill_${bill.state}_label`)
  return store.text('bill_part_label', { amount: store.money(bill.owed, bill.currency) })
}

/** The steps that follow a missed due date, by the market's rules; with dates once one was missed. */
function MissedPayment({ store }: ViewProps): ComponentChildren {
  const standing = store.standing.value
  if (standing === undefined) return null
  return h('section', { class: 'card missed', 'aria-labelledby': 'missed-title' }, [
    h('h2', { id: 'missed-title' }, store.text('missed_title')),
    h('p', { class: 'soft' }, store.text('missed_label')),
    standing.ladder.length > 0
      ? h(Ladder, { store, standing })
      : h('div', { class: 'ladder' }, [
          h(
            'ol',
            null,
            standing.consequences.map(({ day, stage, text }) =>
              h('li', null, [
                h('p', { class: 'step' }, [
                  h('strong', null, stageText(store, stage)),
                  ' ',
                  h('span', { class: 'tag' }, store.text('missed_day_label', { day: `${day}` })),
                ]),
                h('p', null, text),
              ]),
            ),
          ),
        ]),
    isPositive(standing.credit)
      ? h(
          'p',
          { class: 'credit' },
          store.text('credit_label', { amount: store.money(standing.credit) }),
        )
      : null,
  ])
}

/** One bill in full, what others sold apart from the rest. */
export function BillSheet({
  store,
  bill,
}: ViewProps & { readonly bill: CareBill }): ComponentChildren {
  const month = cycleText(bill.cycle, store.language.value)
  const money = (amount: string) => store.money(amount, bill.currency)
  const due = dayText(bill.due_on, store.today.value, store.language.value)
  return h(SheetFrame, { store, title: store.text('bill_title', { month }) }, [
    h('div', { class: 'bill-head' }, [
      h('p', { class: 'big' }, money(bill.total)),
      h('span', { class: `pill ${toneOf(bill)}` }, stateText(store, bill)),
      h('p', { class: 'soft' }, store.text('bills_due_label', { day: due })),
    ]),
    h(Section, {
      store,
      bill,
      title: store.text('bill_third_party_title'),
      items: bill.third_party,
    }),
    h(Section, { store, bill, title: store.text('bill_surcharges_title'), items: bill.surcharges }),
    bill.credits.length === 0
      ? null
      : h('section', null, [
          h('h3', null, store.text('bill_credits_title')),
          h(
            'ul',
            { class: 'lines' },
            bill.credits.map(({ text, amount }) =>
              h('li', null, [h('p', null, text), h('p', { class: 'amount' }, `−${money(amount)}`)]),
            ),
          ),
        ]),
    h('dl', { class: 'sums' }, [
      h('dt', null, store.text('bill_paid_label')),
      h('dd', null, money(bill.paid)),
      h('dt', { class: 'last' }, store.text('bill_owed_label')),
      h('dd', { class: 'last' }, money(bill.owed)),
    ]),
    bill.tax_included ? h('p', { class: 'soft' }, store.text('bill_tax_label')) : null,
    h('p', { class: 'objection' }, bill.objection),
    isPositive(bill.owed)
      ? h(Button, {
          label: store.text('pay_action'),
          look: 'primary',
          onPress: () => {
            store.sheet.value = { name: 'pay', isEarly: false }
          },
        })
      : null,
  ])
}

interface SectionProps extends ViewProps {
  readonly bill: CareBill
  readonly title: string
  readonly items: readonly CareBillItem[]
}

function Section({ store, bill, title, items }: SectionProps): ComponentChildren {
  if (items.length === 0) return null
  return h('section', null, [
    h('h3', null, title),
    h(
      'ul',
      { class: 'lines' },
      items.map((item) =>
        h('li', { key: item.number }, [
          h('div', null, [
            h('p', null, item.text),
            h('p', { class: 'about' }, [
              dayText(dateIn(store.zone.value, item.at), store.today.value, store.language.value),
              item.merchant === null ? null : ` · ${item.merchant.name}`,
            ]),
            item.merchant === null ? null : h(Contact, { contact: item.merchant.contact }),
          ]),
          h('p', { class: 'amount' }, store.money(item.amount, bill.currency)),
        ]),
      ),
    ),
  ])
}
