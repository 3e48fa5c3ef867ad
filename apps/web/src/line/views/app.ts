import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
import { Loading, Notice, Shell } from '../../shell/views.ts'
import { type LineStore, type Tab, tabs } from '../store.ts'
import type { ViewProps } from './act.ts'
import { BillSheet, Bills } from './bills.ts'
import { ConsentSheet, UnblockSheet } from './block-sheets.ts'
import { History } from './history.ts'
import { Icon } from './icon.ts'
import { LimitsSheet } from './limits-sheet.ts'
import { Link } from './link.ts'
import { DisputeSheet, UnlinkSheet, unlink } from './other-sheets.ts'
import { ComingBill, Gathered, Owed } from './owing.ts'
import { PasswordSheet } from './password-sheet.ts'
import { PaySheet } from './pay-sheet.ts'
import { Phone, TrialButton } from './phone.ts'
import { Safety } from './safety.ts'
import { StatementSheet } from './statements.ts'
import { Status } from './status.ts'
import { Usage } from './usage.ts'
import { ValidationSheet } from './validation-sheet.ts'
import { Waiting } from './waiting.ts'

/** The whole page. */
export function App({ store }: ViewProps): ComponentChildren {
  const isOpen = store.view.value.name === 'linked'
  const isAsking = store.sheet.value !== undefined
  useEffect(() => {
    // What was told before is answered, or over, once something else is begun.
    if (isAsking) store.toast.value = undefined
  }, [isAsking, store])
  return h(
    Shell,
    {
      store,
      kind: 'line',
      isOpen,
      skipTo: 'pane',
      away: { href: '/wallet', label: store.text('wallet_action') },
      onLanguage: () => {
        // What the carrier says comes in the language that was asked in.
        if (isOpen) store.refresh(['line', 'standing', 'history', 'disputes', 'consents'])
      },
    },
    [h('main', null, content(store)), h(OpenSheet, { store })],
  )
}

function content(store: LineStore): ComponentChildren {
  const view = store.view.value
  switch (view.name) {
    case 'loading':
      return h(Loading, { store })
    case 'no_wallet':
      return h(Notice, {
        title: store.text('no_wallet_title'),
        label: store.text('no_wallet_label'),
        action: store.text(view.isBusy ? 'no_wallet_busy_status' : 'no_wallet_action'),
        isBusy: view.isBusy,
        onPress: () => {
          store.makeWallet().then(undefined, reportError)
        },
      })
    case 'no_carriers':
      return h(Notice, {
        title: store.text('no_carriers_title'),
        label: store.text('no_carriers_label'),
      })
    case 'failed':
      return h(Notice, {
        title: store.text('error_title'),
        label: view.reason,
        isBroken: true,
        action: store.text('error_retry_action'),
        onPress: () => {
          store.load().then(undefined, reportError)
        },
      })
    case 'expired':
      return h(Notice, {
        title: store.text('expired_title'),
        label: view.reason,
        isBroken: true,
        action: store.text('expired_action'),
        onPress: () => {
          unlink(store).then(undefined, (error: unknown) =>
            store.tell('bad', store.reasonOf(error)),
          )
        },
      })
    case 'unlinked':
      return h('div', { class: 'unlinked' }, [
        h(Link, { store, carriers: view.carriers }),
        store.inboxNumber.value === undefined ? null : h(Phone, { store }),
      ])
    case 'linked':
      return h(Linked, { store })
  }
}

function Linked({ store }: ViewProps): ComponentChildren {
  useEffect(() => {
    const stop = new AbortController()
    store.follow(stop.signal)
    return () => stop.abort()
  }, [store])
  const tab = store.tab.value
  const isSandbox = store.inbox.value !== undefined
  return h('div', { class: `linked${isSandbox ? ' sandbox' : ''}`, 'data-tab': tab }, [
    h(Tabs, { store, isSandbox }),
    h('div', { class: 'figures' }, [
      h(Status, { store }),
      h(Waiting, { store }),
      store.line.value?.service.state === 'enabled' ? h(TrialButton, { store }) : null,
      h(Owed, { store }),
      h(Usage, { store }),
      h(ComingBill, { store }),
      h(Gathered, { store }),
    ]),
    h('div', { id: 'pane', class: 'pane', tabIndex: -1 }, pane(store, tab)),
    h(Phone, { store }),
  ])
}

function pane(store: LineStore, tab: Tab): ComponentChildren {
  switch (tab) {
    case 'bills':
      return h(Bills, { store })
    case 'safety':
      return h(Safety, { store })
    case 'home':
    case 'phone':
      return h(History, { store })
  }
}

function Tabs({
  store,
  isSandbox,
}: ViewProps & { readonly isSandbox: boolean }): ComponentChildren {
  return h(
    'nav',
    { class: 'tabs', 'aria-label': store.text('tabs_label') },
    tabs
      .filter((tab) => tab !== 'phone' || isSandbox)
      .map((tab) =>
        h(
          'button',
          {
            key: tab,
            type: 'button',
            'data-to': tab,
            'aria-current': store.tab.value === tab ? 'page' : undefined,
            onClick: () => {
              store.tab.value = tab
              window.scrollTo({ top: 0 })
            },
          },
          [h(Icon, { name: tab }), h('span', null, store.text(`tab_${tab}_label`))],
        ),
      ),
  )
}

function OpenSheet({ store }: ViewProps): ComponentChildren {
  const sheet = store.sheet.value
  switch (sheet?.name) {
    case undefined:
      return null
    case 'unblock':
      return h(UnblockSheet, { store, block: sheet.block })
    case 'consent':
      return h(ConsentSheet, { store })
    case 'limits':
      return h(LimitsSheet, { store, bucket: sheet.bucket })
    case 'pay':
      return h(PaySheet, { store, isEarly: sheet.isEarly })
    case 'bill':
      return h(BillSheet, { store, bill: sheet.bill })
    case 'dispute':
      return h(DisputeSheet, { store, entry: sheet.entry })
    case 'validation':
      return h(ValidationSheet, { store, payment: sheet.payment, url: sheet.url })
    case 'password':
      return h(PasswordSheet, { store })
    case 'statement':
      return h(StatementSheet, { store, statement: sheet.statement })
    case 'unlink':
      return h(UnlinkSheet, { store })
  }
}
