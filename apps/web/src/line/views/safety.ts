import type { CareBlockKind, CareConsent, CareDispute, CareLimits, CareLine } from '@jeon/camara'
import { useSignal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { ceilingNames } from '../ceilings.ts'
import { momentText } from '../dates.ts'
import { phoneText } from '../phone-number.ts'
import { nothing } from '../shapes.ts'
import { Button, Fault, useAct, type ViewProps } from './act.ts'
import { setBlock } from './status.ts'
import { blockText, disputeText } from './words.ts'

/** What the owner may do to stay in charge: blocks, limits, disputes, consents, the link itself. */
export function Safety({ store }: ViewProps): ComponentChildren {
  const line = store.line.value
  if (line === undefined) return null
  return h('div', { class: 'stack' }, [
    h(Blocks, { store, line }),
    store.limits.value === undefined ? null : h(Limits, { store, limits: store.limits.value }),
    h(Disputes, { store }),
    h(Consents, { store }),
    h(Link, { store, line }),
  ])
}

interface LineProps extends ViewProps {
  readonly line: CareLine
}

function Blocks({ store, line }: LineProps): ComponentChildren {
  // What the carrier set is listed too, though it cannot be chosen.
  const chosen = line.block_choices.map(({ kind }) => kind)
  const others = line.blocks.filter(({ kind }) => !chosen.includes(kind))
  return h('section', { class: 'card', 'aria-labelledby': 'blocks-title' }, [
    h('h2', { id: 'blocks-title' }, store.text('blocks_title')),
    h('ul', { class: 'settings' }, [
      ...others.map(({ kind, does }) => h(BlockRow, { key: kind, store, line, kind, does })),
      ...line.block_choices.map(({ kind, does }) =>
        h(BlockRow, { key: kind, store, line, kind, does }),
      ),
    ]),
  ])
}

interface BlockRowProps extends LineProps {
  readonly kind: CareBlockKind
  readonly does: string
}

function BlockRow({ store, line, kind, does }: BlockRowProps): ComponentChildren {
  const isAsking = useSignal(false)
  const act = useAct(store)
  const set = line.blocks.find((block) => block.kind === kind)
  const name = blockText(store, kind)
  const block = async () => {
    await setBlock(store, kind)
    isAsking.value = false
    store.tell('good', store.text('block_set_status', { name }))
  }
  const onPress = () => {
    // What is hard to take back is asked about once more.
    if (kind === 'permanent' && !isAsking.value) isAsking.value = true
    else act.run(block)
  }
  return h('li', { class: set === undefined ? '' : 'is-set' }, [
    h('div', { class: 'what' }, [
      h('p', { class: 'title' }, [
        name,
        set === undefined ? null : h('span', { class: 'pill bad' }, store.text('block_set_label')),
      ]),
      h('p', { class: 'about' }, set?.does ?? does),
      set?.lifts_at == null
        ? null
        : h(
            'p',
            { class: 'about lifting' },
            store.text('status_lifting_label', {
              time: momentText(set.lifts_at, line.zone, store.language.value),
            }),
          ),
      isAsking.value
        ? h('p', { class: 'about', role: 'status' }, store.text('block_permanent_question'))
        : null,
      h(Fault, { text: act.fault.value }),
    ]),
    set === undefined
      ? h(Button, {
          label: store.text(isAsking.value ? 'block_permanent_action' : 'block_action'),
          look: isAsking.value ? 'danger' : 'secondary',
          name: isAsking.value ? undefined : store.text('block_named_action', { name }),
          disabled: act.isBusy,
          onPress,
        })
      : set.liftable && set.lifts_at === null
        ? h(Button, {
            label: store.text('unblock_action'),
            name: store.text('unblock_named_action', { name }),
            onPress: () => {
              store.sheet.value = { name: 'unblock', block: set }
            },
          })
        : null,
  ])
}

function Limits({ store, limits }: ViewProps & { readonly limits: CareLimits }): ComponentChildren {
  const amount = (text: string | null) =>
    text === null ? store.text('limits_none_label') : store.money(text, limits.currency)
  return h('section', { class: 'card', 'aria-labelledby': 'limits-title' }, [
    h('h2', { id: 'limits-title' }, store.text('limits_all_title')),
    h('p', { class: 'soft' }, store.text('limits_rule_label')),
    h(
      'ul',
      { class: 'settings' },
      limits.buckets.map((own) => {
        const bucket = store.text(`bucket_${own.bucket}_label`)
        return h('li', { key: own.bucket }, [
          h('div', { class: 'what' }, [
            h('p', { class: 'title' }, bucket),
            h(
              'dl',
              { class: 'ceilings' },
              ceilingNames
                .toReversed()
                .flatMap((name) => [
                  h('dt', null, store.text(`ceiling_${name}_label`)),
                  h('dd', null, amount(own.personal[name])),
                ]),
            ),
            own.pending === null
              ? null
              : h(
                  'p',
                  { class: 'about lifting' },
                  store.text('limits_pending_label', {
                    amount: amount(own.pending.after.month),
                    time: momentText(
                      own.pending.effective_at,
                      store.zone.value,
                      store.language.value,
                    ),
                  }),
                ),
          ]),
          h(Button, {
            label: store.text('limits_action'),
            name: store.text('limits_named_action', { bucket }),
            onPress: () => {
              store.sheet.value = { name: 'limits', bucket: own.bucket }
            },
          }),
        ])
      }),
    ),
  ])
}

function Disputes({ store }: ViewProps): ComponentChildren {
  const disputes = store.disputes.value
  if (disputes.length === 0) return null
  return h('section', { class: 'card', 'aria-labelledby': 'disputes-title' }, [
    h('h2', { id: 'disputes-title' }, store.text('disputes_title')),
    h(
      'ul',
      { class: 'settings' },
      disputes.map((dispute) => h(DisputeRow, { key: dispute.id, store, dispute })),
    ),
  ])
}

function DisputeRow({
  store,
  dispute,
}: ViewProps & { readonly dispute: CareDispute }): ComponentChildren {
  const act = useAct(store)
  const moment = (time: string) => momentText(time, store.zone.value, store.language.value)
  const withdraw = async () => {
    const path = `/disputes/${encodeURIComponent(dispute.id)}/withdraw`
    await store.askCare({ method: 'POST', path, shape: nothing })
    store.refresh(['disputes', 'history', 'line', 'standing'])
  }
  const entry = store.entries.value.find(({ id }) => id === dispute.payment_id)
  return h('li', null, [
    h('div', { class: 'what' }, [
      h('p', { class: 'title' }, [
        entry === undefined
          ? dispute.reason
          : `${entry.description} · ${store.money(entry.amount, entry.currency)}`,
        h('span', { class: 'pill calm' }, disputeText(store, dispute.state)),
      ]),
      dispute.answer === null ? null : h('p', { class: 'about' }, dispute.answer),
      dispute.state === 'open'
        ? h(
            'p',
            { class: 'about' },
            store.text('dispute_answer_label', { day: moment(dispute.answer_by) }),
          )
        : null,
      dispute.payout_held ? h('p', { class: 'about' }, store.text('dispute_held_label')) : null,
      h(Fault, { text: act.fault.value }),
    ]),
    dispute.state === 'open'
      ? h(Button, {
          label: store.text('dispute_withdraw_action'),
          disabled: act.isBusy,
          onPress: () => act.run(withdraw),
        })
      : null,
  ])
}

function Consents({ store }: ViewProps): ComponentChildren {
  const consents = store.consents.value.filter(({ revoked_at }) => revoked_at === null)
  if (consents.length === 0) return null
  return h('section', { class: 'card', 'aria-labelledby': 'consents-title' }, [
    h('h2', { id: 'consents-title' }, store.text('consents_title')),
    h(
      'ul',
      { class: 'settings' },
      consents.map((consent) => h(ConsentRow, { key: consent.id, store, consent })),
    ),
  ])
}

function ConsentRow({
  store,
  consent,
}: ViewProps & { readonly consent: CareConsent }): ComponentChildren {
  const isAsking = useSignal(false)
  const act = useAct(store)
  const revoke = async () => {
    const path = `/consents/${encodeURIComponent(consent.id)}`
    await store.askCare({ method: 'DELETE', path, shape: nothing })
    store.tell('good', store.text('consent_revoked_status'))
    store.refresh(['consents', 'line', 'usage'])
  }
  const shown = consent.translation ?? consent.wording
  const given = momentText(consent.given_at, store.zone.value, store.language.value)
  return h('li', null, [
    h('div', { class: 'what' }, [
      h('p', { class: 'title wording' }, shown),
      consent.translation === null
        ? null
        : h(
            'p',
            { class: 'about' },
            store.text('consent_original_label', { wording: consent.wording }),
          ),
      h('p', { class: 'about' }, store.text('consent_since_label', { time: given })),
      isAsking.value
        ? h('p', { class: 'about', role: 'status' }, store.text('consent_revoke_question'))
        : null,
      h(Fault, { text: act.fault.value }),
    ]),
    h(Button, {
      label: store.text(isAsking.value ? 'consent_revoke_confirm_action' : 'consent_revoke_action'),
      look: isAsking.value ? 'danger' : 'secondary',
      name: isAsking.value
        ? undefined
        : store.text('consent_revoke_named_action', { wording: shown }),
      disabled: act.isBusy,
      onPress: () => {
        if (isAsking.value) act.run(revoke)
        else isAsking.value = true
      },
    }),
  ])
}

function Link({ store, line }: LineProps): ComponentChildren {
  return h('section', { class: 'card', 'aria-labelledby': 'link-title' }, [
    h('h2', { id: 'link-title' }, store.text('linked_title')),
    h('ul', { class: 'settings' }, [
      h('li', null, [
        h('div', { class: 'what' }, [
          h('p', { class: 'title' }, `${line.carrier.name} ${phoneText(line.phone_number)}`),
          h(
            'p',
            { class: 'about' },
            store.text('linked_contact_label', { contact: line.carrier.contact }),
          ),
        ]),
        h(Button, {
          label: store.text('unlink_action'),
          onPress: () => {
            store.sheet.value = { name: 'unlink' }
          },
        }),
      ]),
      h('li', null, [
        h('div', { class: 'what' }, [
          h('p', { class: 'title' }, store.text('password_title')),
          h('p', { class: 'about' }, store.text(`password_${line.payment_password}_label`)),
        ]),
        h(Button, {
          label: store.text('password_action'),
          onPress: () => {
            store.sheet.value = { name: 'password' }
          },
        }),
      ]),
    ]),
  ])
}
