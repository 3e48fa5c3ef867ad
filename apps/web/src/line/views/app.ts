import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
import { type LineStore, type Tab, tabs } from '../store.ts'
import { Button, type ViewProps } from './act.ts'
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
import { Phone } from './phone.ts'
import { Safety } from './safety.ts'
import { Status } from './status.ts'
import { Usage } from './usage.ts'
import { ValidationSheet } from './validation-sheet.ts'

/** The whole page. */
export function App({ store }: ViewProps): ComponentChildren {
  return h('div', { class: 'page line' }, [
    h(Header, { store }),
    h('main', null, content(store)),
    h(OpenSheet, { store }),
    h(Toasts, { store }),
  ])
}

function content(store: LineStore): ComponentChildren {
  const view = store.view.value
  switch (view.name) {
    case 'loading':
      return h('section', { class: 'loading', 'aria-busy': true }, [
        h('p', { class: 'hidden', role: 'status' }, store.text('loading_status')),
        h('div', { class: 'ghost tall' }),
        h('div', { class: 'ghost' }),
      ])
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
    case 'unlink':
      return h(UnlinkSheet, { store })
  }
}

function Header({ store }: ViewProps): ComponentChildren {
  const isKorean = store.language.value === 'ko'
  const isOpen = store.view.value.name === 'linked'
  return h('header', { class: 'header' }, [
    isOpen ? h('a', { class: 'skip', href: '#pane' }, store.text('skip_action')) : null,
    h('h1', null, [h('span', { class: 'coin', 'aria-hidden': true }), store.text('app_title')]),
    isOpen ? h(Connection, { store }) : null,
    h('a', { class: 'quiet', href: '/wallet' }, store.text('wallet_action')),
    h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        lang: isKorean ? 'en' : 'ko',
        title: store.text('language_action'),
        onClick: () => {
          store.language.value = isKorean ? 'en' : 'ko'
          // What the carrier says comes in the language that was asked in.
          if (isOpen) store.refresh(['line', 'standing', 'history', 'disputes', 'consents'])
        },
      },
      isKorean ? 'English' : '한국어',
    ),
  ])
}

function Connection({ store }: ViewProps): ComponentChildren {
  const state = store.connection.value
  return h('p', { class: `connection ${state}`, role: 'status' }, [
    h('span', { class: 'dot', 'aria-hidden': true }),
    h('span', null, store.text(`connection_${state}_status`)),
  ])
}

interface NoticeProps {
  readonly title: string
  readonly label: string
  readonly action?: string
  readonly isBusy?: boolean
  readonly isBroken?: boolean
  readonly onPress?: () => void
}

function Notice(props: NoticeProps): ComponentChildren {
  const { title, label, action, isBusy, isBroken, onPress } = props
  return h('section', { class: 'notice', role: isBroken === true ? 'alert' : undefined }, [
    h('span', { class: `coin large${isBroken === true ? ' broken' : ''}`, 'aria-hidden': true }),
    h('h2', null, title),
    h('p', null, label),
    action === undefined || onPress === undefined
      ? null
      : h(Button, { label: action, look: 'primary', disabled: isBusy === true, onPress }),
  ])
}

const toastMs = 6_000

function Toasts({ store }: ViewProps): ComponentChildren {
  const toast = store.toast.value
  useEffect(() => {
    if (toast === undefined || toast.tone === 'bad') return
    const timer = setTimeout(() => {
      store.toast.value = undefined
    }, toastMs)
    return () => clearTimeout(timer)
  }, [toast, store])
  const isAsking = store.sheet.value !== undefined
  useEffect(() => {
    // What was told before is answered, or over, once something else is begun.
    if (isAsking) store.toast.value = undefined
  }, [isAsking, store])
  return h(
    'section',
    { class: 'toasts', 'aria-label': store.text('toast_region_label'), 'aria-live': 'polite' },
    toast === undefined
      ? null
      : h('div', { class: `toast ${toast.tone}` }, [
          h('p', null, toast.text),
          h(Button, {
            label: '✕',
            name: store.text('close_action'),
            onPress: () => {
              store.toast.value = undefined
            },
          }),
        ]),
  )
}
