import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
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
  const view = store.view.value
  return h('div', { class: 'page' }, [
    h(Header, { store }),
    h('main', { class: view.name === 'wallet' ? 'wallet' : 'alone' }, content(store)),
    h(Toasts, { store }),
  ])
}

function content(store: Store): ComponentChildren {
  const view = store.view.value
  switch (view.name) {
    case 'loading':
      return h(Loading, { store })
    case 'empty':
      return h(Empty, { store, isBusy: view.isBusy })
    case 'failed':
      return h(Failed, { store, reason: view.reason })
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

function Header({ store }: ViewProps): ComponentChildren {
  const isKorean = store.language.value === 'ko'
  const isOpen = store.view.value.name === 'wallet'
  return h('header', { class: 'header' }, [
    isOpen ? h('a', { class: 'skip', href: '#history' }, store.text('skip_action')) : null,
    h('h1', null, [h('span', { class: 'coin', 'aria-hidden': true }), store.text('app_title')]),
    isOpen ? h(Connection, { store }) : null,
    h('a', { class: 'quiet', href: '/line' }, store.text('line_action')),
    h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        lang: isKorean ? 'en' : 'ko',
        title: store.text('language_action'),
        onClick: () => {
          store.language.value = isKorean ? 'en' : 'ko'
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

function Loading({ store }: ViewProps): ComponentChildren {
  return h('section', { class: 'loading', 'aria-busy': true }, [
    h('p', { class: 'hidden', role: 'status' }, store.text('loading_status')),
    h('div', { class: 'ghost tall' }),
    h('div', { class: 'ghost' }),
    h('div', { class: 'ghost' }),
  ])
}

function Empty({ store, isBusy }: ViewProps & { readonly isBusy: boolean }): ComponentChildren {
  return h('section', { class: 'notice' }, [
    h('span', { class: 'coin large', 'aria-hidden': true }),
    h('h2', null, store.text('empty_title')),
    h('p', null, store.text('empty_label')),
    h(
      'button',
      {
        type: 'button',
        class: 'primary',
        disabled: isBusy,
        onClick: () => {
          store.makeWallet().then(undefined, reportError)
        },
      },
      store.text(isBusy ? 'empty_busy_status' : 'empty_action'),
    ),
  ])
}

function Failed({ store, reason }: ViewProps & { readonly reason: string }): ComponentChildren {
  return h('section', { class: 'notice', role: 'alert' }, [
    h('span', { class: 'coin large broken', 'aria-hidden': true }),
    h('h2', null, store.text('error_title')),
    h('p', null, reason),
    h(
      'button',
      {
        type: 'button',
        class: 'primary',
        onClick: () => {
          store.load().then(undefined, reportError)
        },
      },
      store.text('error_retry_action'),
    ),
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
  const close = h(
    'button',
    {
      type: 'button',
      'aria-label': store.text('close_action'),
      onClick: () => {
        store.toast.value = undefined
      },
    },
    '✕',
  )
  return h(
    'section',
    { class: 'toasts', 'aria-label': store.text('toast_region_label'), 'aria-live': 'polite' },
    toast === undefined
      ? null
      : h('div', { class: `toast ${toast.tone}` }, [h('p', null, toast.text), close]),
  )
}
