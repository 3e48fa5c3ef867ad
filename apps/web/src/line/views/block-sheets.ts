import type { CareBlock, CareLifted, CareLine } from '@jeon/camara'
import { useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { momentText } from '../dates.ts'
import { nothing } from '../shapes.ts'
import type { LineStore } from '../store.ts'
import { careLifted } from '../wire.ts'
import { Button, type ViewProps } from './act.ts'
import { factorText, Proof } from './proof.ts'
import { SheetFrame } from './sheet.ts'
import { blockText } from './words.ts'

/** Lifts a block: first what it takes and when it works again, then the steps. */
export function UnblockSheet({
  store,
  block,
}: ViewProps & { readonly block: CareBlock }): ComponentChildren {
  const isBegun = useSignal(false)
  const line = store.line.value
  if (line === undefined) return null
  const { factors, cooling_off_hours, per_day } = line.unblock
  const lift = async (proof: string) => {
    const path = `/blocks/${encodeURIComponent(block.id)}/lift`
    const lifted = await store.askCare({ method: 'POST', path, body: { proof }, shape: careLifted })
    store.line.value = lifted.line
    store.sheet.value = undefined
    store.tell('good', liftedText(store, lifted))
    store.refresh(['line', 'usage'])
  }
  return h(SheetFrame, { store, title: store.text('unblock_title') }, [
    isBegun.value ? null : h(Lifted, { store, line, block }),
    isBegun.value
      ? h(Proof, {
          store,
          purpose: 'unblock',
          onProved: lift,
          finish: store.text('unblock_action'),
        })
      : h('div', null, [
          h('ol', { class: 'plan' }, [
            ...factors.map((factor) =>
              h('li', null, store.text('plan_factor_label', { factor: factorText(store, factor) })),
            ),
            h(
              'li',
              null,
              cooling_off_hours > 0
                ? store.text('plan_wait_label', { hours: `${cooling_off_hours}` })
                : store.text('plan_now_label'),
            ),
          ]),
          per_day > 0
            ? h('p', { class: 'soft' }, store.text('unblock_often_label', { count: `${per_day}` }))
            : null,
          h('div', { class: 'actions whole' }, [
            h(Button, {
              label: store.text('unblock_begin_action'),
              look: 'primary',
              onPress: () => {
                isBegun.value = true
              },
            }),
          ]),
        ]),
  ])
}

/** What one proof lifts, and what it leaves. */
function Lifted({
  store,
  line,
  block,
}: ViewProps & { readonly line: CareLine; readonly block: CareBlock }): ComponentChildren {
  const standing = line.blocks.filter(({ lifts_at }) => lifts_at === null)
  const own = standing.filter(({ liftable }) => liftable)
  const others = standing.filter(({ liftable }) => !liftable)
  const rows = (blocks: readonly CareBlock[]) =>
    h(
      'ul',
      { class: 'effects' },
      blocks.map(({ id, kind, does }) =>
        h(
          'li',
          { key: id },
          h('span', null, [h('strong', null, blockText(store, kind)), ' ', does]),
        ),
      ),
    )
  return h('div', { class: 'lifted' }, [
    own.length > 1 ? h('p', { class: 'intro' }, store.text('unblock_all_label')) : null,
    rows(own.length > 1 ? own : [block]),
    others.length === 0 ? null : h('p', { class: 'intro' }, store.text('unblock_others_label')),
    others.length === 0 ? null : rows(others),
  ])
}

/** What was lifted and from when, and what still stands and why. */
function liftedText(store: LineStore, { lifts_at, lifted, remaining, line }: CareLifted): string {
  const time = momentText(lifts_at, line.zone, store.language.value)
  const isWaiting = line.blocks.some(({ id }) => lifted.some((each) => each.id === id))
  const done = isWaiting
    ? store.text('unblock_later_status', { time })
    : store.text('unblock_done_status')
  const left = remaining.map(({ kind, why }) =>
    store.text('unblock_left_status', { name: blockText(store, kind), why }),
  )
  return [done, ...left].join(' ')
}

/** Turns payments on for the first time, or again after consent was taken back. */
export function ConsentSheet({ store }: ViewProps): ComponentChildren {
  const isAgreed = useSignal(false)
  const line = store.line.value
  if (line === undefined) return null
  const give = async (proof: string) => {
    const body = { kind: 'payments', proof }
    await store.askCare({ method: 'POST', path: '/consents', body, shape: nothing })
    store.sheet.value = undefined
    store.tell('good', store.text('consent_given_status'))
    store.refresh(['line', 'consents', 'usage'])
  }
  return h(SheetFrame, { store, title: store.text('consent_title') }, [
    h('p', { class: 'intro' }, store.text('consent_label', { carrier: line.carrier.name })),
    isAgreed.value
      ? h(Proof, {
          store,
          purpose: 'consent',
          onProved: give,
          finish: store.text('consent_give_action'),
        })
      : h('div', { class: 'actions whole' }, [
          h(Button, {
            label: store.text('consent_agree_action'),
            look: 'primary',
            onPress: () => {
              isAgreed.value = true
            },
          }),
        ]),
  ])
}
