import type { CareStatementRequest } from '@jeon/camara'
import { useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { dayText, momentText } from '../dates.ts'
import { keepStatement } from '../kept-statements.ts'
import type { LineStore } from '../store.ts'
import { careStatement } from '../wire.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { Field } from './field.ts'
import { SheetFrame } from './sheet.ts'

/** Written lists of what was charged: asked for here, written by the carrier within the time that the law gives it. */
export function Statements({ store }: ViewProps): ComponentChildren {
  const statements = store.statements.value
  return h('section', { class: 'card statements', 'aria-labelledby': 'statements-title' }, [
    h('h2', { id: 'statements-title' }, store.text('statements_title')),
    h('p', { class: 'soft' }, store.text('statements_label')),
    statements.length === 0
      ? null
      : h(
          'ul',
          { class: 'settings' },
          statements.map((statement) => h(Row, { key: statement.id, store, statement })),
        ),
    h(Button, {
      label: store.text('statement_ask_action'),
      onPress: () => {
        store.sheet.value = { name: 'statement', statement: undefined }
      },
    }),
  ])
}

interface StatementProps extends ViewProps {
  readonly statement: CareStatementRequest
}

function Row({ store, statement }: StatementProps): ComponentChildren {
  const isReady = statement.ready_at !== null
  const period = periodText(store, statement)
  return h('li', null, [
    h('div', { class: 'what' }, [
      h('p', { class: 'title' }, [
        period,
        h(
          'span',
          { class: `pill ${isReady ? 'good' : 'calm'}` },
          store.text(isReady ? 'statement_ready_label' : 'statement_pending_label'),
        ),
      ]),
      isReady
        ? null
        : h(
            'p',
            { class: 'about' },
            store.text('statement_by_label', { day: answerDay(store, statement) }),
          ),
    ]),
    isReady
      ? h(Button, {
          label: store.text('statement_read_action'),
          name: store.text('statement_read_named_action', { period }),
          onPress: () => {
            store.sheet.value = { name: 'statement', statement }
          },
        })
      : null,
  ])
}

function periodText(store: LineStore, { from, to }: CareStatementRequest): string {
  const day = (date: string) => dayText(date, store.today.value, store.language.value)
  return store.text('statement_period_label', { from: day(from), to: day(to) })
}

function answerDay(store: LineStore, { answer_by }: CareStatementRequest): string {
  return momentText(answer_by, store.zone.value, store.language.value)
}

interface SheetProps extends ViewProps {
  /** Undefined: one is to be asked for. */
  readonly statement: CareStatementRequest | undefined
}

/** Reads a statement, or asks for one. */
export function StatementSheet({ store, statement }: SheetProps): ComponentChildren {
  const title = store.text('statements_title')
  if (statement === undefined) return h(SheetFrame, { store, title }, h(AskForm, { store }))
  return h(SheetFrame, { store, title }, [
    h('p', { class: 'intro' }, periodText(store, statement)),
    // A region that scrolls must be reachable without a mouse.
    h('pre', { class: 'statement', tabIndex: 0 }, statement.text ?? ''),
  ])
}

function AskForm({ store }: ViewProps): ComponentChildren {
  const from = useSignal(`${store.today.value.slice(0, 8)}01`)
  const to = useSignal(store.today.value)
  const act = useAct(store)
  const ask = async () => {
    const period = { from: from.value, to: to.value }
    if (period.from === '' || period.to === '' || period.from > period.to) {
      act.fault.value = store.text('statement_period_error')
      return
    }
    const asked = await store.askCare({
      method: 'POST',
      path: '/statements',
      body: period,
      shape: careStatement,
    })
    keepStatement(store.line.value?.phone_number ?? '', asked.id)
    store.sheet.value = undefined
    store.tell('good', store.text('statement_asked_status', { day: answerDay(store, asked) }))
    store.refresh(['statements', 'inbox'])
  }
  const onSubmit = (event: Event) => {
    event.preventDefault()
    act.run(ask)
  }
  return h('form', { novalidate: true, onSubmit }, [
    h('p', { class: 'intro' }, store.text('statement_intro_label')),
    h(Field, {
      id: 'statement-from',
      label: store.text('statement_from_label'),
      content: from,
      type: 'date',
      isFirst: true,
    }),
    h(Field, {
      id: 'statement-to',
      label: store.text('statement_to_label'),
      content: to,
      type: 'date',
    }),
    h(Fault, { text: act.fault.value }),
    h('div', { class: 'actions whole' }, [
      h(
        'button',
        { type: 'submit', class: 'primary', disabled: act.isBusy },
        store.text(act.isBusy ? 'busy_status' : 'statement_ask_action'),
      ),
    ]),
  ])
}
