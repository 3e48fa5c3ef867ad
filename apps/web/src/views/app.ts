import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
import { Loading, Notice, Shell } from '../shell/views.ts'
import type { Store } from '../store.ts'
import { Balance } from './balance.ts'
import { History } from './history.ts'
import { Limits } from './limits.ts'
import { Spending } from './spending.ts'

/** What every view is given. */
export interface ViewProps {
  readonly store: Store
}

/** The whole page. */
export function App({ store }: ViewProps): ComponentChildren {
  const isOpen = store.view.value.name === 'wallet'
  const away = { href: '/line', label: store.text('line_action') }
  return h(
    Shell,
    { store, isOpen, skipTo: 'history', away },
    h('main', { class: isOpen ? 'wallet' : 'alone' }, content(store)),
  )
}

function content(store: Store): ComponentChildren {
  const view = store.view.value
  switch (view.name) {
    case 'loading':
      return h(Loading, { store })
    case 'empty':
      return h(Notice, {
        title: store.text('empty_title'),
        label: store.text('empty_label'),
        action: store.text(view.isBusy ? 'empty_busy_status' : 'empty_action'),
        isBusy: view.isBusy,
        onPress: () => {
          store.makeWallet().then(undefined, reportError)
        },
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
    case 'wallet':
      return h(Opened, { store })
  }
}

function Opened({ store }: ViewProps): ComponentChildren {
  useEffect(() => {
    const stop = new AbortController()
    store.follow(stop.signal)
    return () => stop.abort()
  }, [store])
  return h('div', { class: 'columns' }, [
    h('div', { class: 'figures' }, [
      h(Balance, { store }),
      h(Spending, { store }),
      h(Limits, { store, key: store.pocket.value?.currency }),
    ]),
    h(History, { store }),
  ])
}
