import type { CareBlock, CareLine, CareService } from '@jeon/camara'
import { type ComponentChildren, h } from 'preact'
import { isPositive } from '../../figures.ts'
import { momentText } from '../dates.ts'
import { phoneText } from '../phone-number.ts'
import type { LineStore } from '../store.ts'
import { careLine } from '../wire.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { Icon } from './icon.ts'
import { blockEndText, blockText, stageText } from './words.ts'

const tones: Readonly<Record<CareService['state'], 'good' | 'still' | 'warn' | 'bad'>> = {
  enabled: 'good',
  no_consent: 'still',
  user_blocked: 'still',
  hard_blocked: 'still',
  dormant_blocked: 'still',
  operator_blocked: 'still',
  not_eligible: 'still',
  terminated: 'still',
  limit_exhausted: 'warn',
  arrears_blocked: 'bad',
  fraud_hold: 'bad',
  suspended: 'bad',
}

const signs = { good: 'good', still: 'pause', warn: 'alert', bad: 'alert' } as const

/** Whether payments on the line work, why not, and the one thing that helps. */
export function Status({ store }: ViewProps): ComponentChildren {
  const line = store.line.value
  if (line === undefined) return null
  const { state, text, remedy } = line.service
  const tone = tones[state]
  const title = titleOf(store, line)
  return h('section', { class: `status ${tone}`, 'aria-labelledby': 'status-title' }, [
    h('p', { class: 'number' }, [
      h('span', { class: 'carrier' }, line.carrier.name),
      ' ',
      h('span', null, phoneText(line.phone_number)),
    ]),
    h('p', { class: 'hidden', role: 'status' }, title),
    h('h2', { id: 'status-title' }, [
      h('span', { class: 'sign' }, h(Icon, { name: signs[tone] })),
      h('span', null, title),
    ]),
    isLifting(line) ? null : h('p', { class: 'why' }, text),
    remedy === null || isLifting(line) ? null : h('p', { class: 'why' }, remedy),
    isPaid(line) ? h(StaysBlocked, { store }) : null,
    line.blocks.length > 1 ? h(Standing, { store, line }) : h(Lifting, { store, line }),
    h(Doing, { store, line }),
  ])
}

/** A suspended line may still be called, or not: its stage says which. */
function titleOf(store: LineStore, { service, stage }: CareLine): string {
  if (service.state === 'suspended') return stageText(store, stage)
  return store.text(`status_${service.state}_title`)
}

/** An unblock that was granted and is waited for. */
function Lifting({ store, line }: LineProps): ComponentChildren {
  const lifting = line.blocks.find(({ lifts_at }) => lifts_at !== null)
  if (lifting?.lifts_at == null) return null
  const time = momentText(lifting.lifts_at, line.zone, store.language.value)
  return h('p', { class: 'lifting' }, store.text('status_lifting_label', { time }))
}

/** Several blocks stand: each with how it ends. */
function Standing({ store, line }: LineProps): ComponentChildren {
  return h('ul', { class: 'blocks' }, [
    line.blocks.map((block) =>
      h('li', { key: block.id, class: `ending${block.lifts_at === null ? '' : ' granted'}` }, [
        h('strong', null, blockText(store, block.kind)),
        h('span', null, blockEndText(store, block)),
      ]),
    ),
  ])
}

interface LineProps extends ViewProps {
  readonly line: CareLine
}

function Doing({ store, line }: LineProps): ComponentChildren {
  switch (line.service.state) {
    case 'enabled':
      return h(BlockNow, { store, line })
    case 'limit_exhausted':
      return h('div', { class: 'doing' }, [raiseButton(store), earlyButton(store)])
    case 'no_consent':
      return h('div', { class: 'doing' }, [
        h(Button, {
          label: store.text('consent_give_action'),
          look: 'light',
          onPress: () => {
            store.sheet.value = { name: 'consent' }
          },
        }),
      ])
    case 'arrears_blocked':
    case 'suspended':
      return h('div', { class: 'doing' }, [
        h(Button, {
          label: store.text('pay_action'),
          look: 'light',
          onPress: () => {
            store.sheet.value = { name: 'pay', isEarly: false }
          },
        }),
      ])
    default: {
      const block = liftableBlock(line)
      return block === undefined ? null : h('div', { class: 'doing' }, unblockButton(store, block))
    }
  }
}

function raiseButton(store: LineStore): ComponentChildren {
  return h(Button, {
    label: store.text('limits_raise_action'),
    look: 'light',
    onPress: () => {
      const bucket = store.limits.value?.buckets[0]?.bucket ?? 'general'
      store.sheet.value = { name: 'limits', bucket }
    },
  })
}

function earlyButton(store: LineStore): ComponentChildren {
  if (!isPositive(store.usage.value?.early_payment_frees ?? '0')) return null
  return h(Button, {
    label: store.text('early_action'),
    look: 'light',
    onPress: () => {
      store.sheet.value = { name: 'pay', isEarly: true }
    },
  })
}

function unblockButton(store: LineStore, block: CareBlock): ComponentChildren {
  return h(Button, {
    label: store.text('unblock_action'),
    look: 'light',
    onPress: () => {
      store.sheet.value = { name: 'unblock', block }
    },
  })
}

/** The block that keeps everything from working and that the owner may lift. */
function liftableBlock(line: CareLine): CareBlock | undefined {
  return wholeBlocks(line).find(({ liftable, lifts_at }) => liftable && lifts_at === null)
}

/** Whether what helps was done already, and only its day is waited for. */
function isLifting(line: CareLine): boolean {
  const blocks = wholeBlocks(line)
  const isForBlocks = blockedStates.has(line.service.state) && blocks.length > 0
  return isForBlocks && blocks.every(({ lifts_at }) => lifts_at !== null)
}

const blockedStates = new Set<CareService['state']>([
  'user_blocked',
  'hard_blocked',
  'dormant_blocked',
  'operator_blocked',
])

/** Those that stop every payment. */
function wholeBlocks({ blocks }: CareLine): readonly CareBlock[] {
  return blocks.filter(({ kind }) => kind !== 'voucher' && kind !== 'auto_pay')
}

/** Whether paying is what helps. */
function isPaid({ service }: CareLine): boolean {
  return service.state === 'arrears_blocked' || service.state === 'suspended'
}

/** Paying lifts what the debt brought about, and no other block. */
export function StaysBlocked({ store }: ViewProps): ComponentChildren {
  const line = store.line.value
  const staying = line === undefined ? [] : wholeBlocks(line)
  return staying
    .filter(({ lifts_at }) => lifts_at === null)
    .map(({ id, kind }) =>
      h(
        'p',
        { key: id, class: 'why stays' },
        kind === 'payer' || kind === 'permanent'
          ? store.text('own_block_label')
          : store.text('other_block_label', { name: blockText(store, kind) }),
      ),
    )
}

/** One tap, and nothing more is bought on this line. What it does stands under it, before it is done. */
function BlockNow({ store, line }: LineProps): ComponentChildren {
  const act = useAct(store)
  const choice = line.block_choices.find(({ kind }) => kind === 'payer')
  if (choice === undefined) return null
  const block = async () => {
    await setBlock(store, 'payer')
    store.tell('good', store.text('block_done_status'))
  }
  return h('div', { class: 'doing' }, [
    h(Button, {
      label: store.text(act.isBusy ? 'block_busy_status' : 'block_now_action'),
      look: 'veil',
      disabled: act.isBusy,
      onPress: () => act.run(block),
    }),
    h('p', { class: 'does' }, choice.does),
    h(Fault, { text: act.fault.value }),
  ])
}

/** Sets a block; the answer is the line as it is then. */
export async function setBlock(store: LineStore, kind: CareBlock['kind']): Promise<void> {
  store.line.value = await store.askCare({
    method: 'POST',
    path: '/blocks',
    body: { kind },
    shape: careLine,
  })
}
