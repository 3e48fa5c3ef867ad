/** What stands around every page: header with language and connection, notices in place of content, toasts. */
import type { Signal } from '@preact/signals'
import { type ComponentChildren, h } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Language } from '../language.ts'
import type { shellEn } from './words.ts'

/** Whether what the page shows is as it is now. */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'offline'

/** What was told last. */
export interface Toast {
  readonly tone: 'good' | 'bad'
  readonly text: string
}

type ShellText =
  | keyof typeof shellEn
  | 'app_title'
  | 'app_document_title'
  | 'skip_action'
  | 'loading_status'

/** What a page's store has for its shell. */
export interface ShellStore {
  readonly language: Signal<Language>
  readonly connection: Signal<Connection>
  readonly toast: Signal<Toast | undefined>
  text(key: ShellText): string
  load(): Promise<void>
}

interface StoreProps {
  readonly store: ShellStore
}

interface ShellProps extends StoreProps {
  /** A class of the whole page. */
  readonly kind?: string
  /** Whether the page shows what it is about, live: then one can skip to it. */
  readonly isOpen: boolean
  readonly skipTo: string
  /** The other page. */
  readonly away: { readonly href: string; readonly label: string }
  readonly onLanguage?: () => void
  readonly children?: ComponentChildren
}

/** A page in its frame. */
export function Shell(props: ShellProps): ComponentChildren {
  const { store, kind, children } = props
  return h('div', { class: kind === undefined ? 'page' : `page ${kind}` }, [
    h(Header, props),
    children,
    h(Toasts, { store }),
  ])
}

function Header({ store, isOpen, skipTo, away, onLanguage }: ShellProps): ComponentChildren {
  const isKorean = store.language.value === 'ko'
  return h('header', { class: 'header' }, [
    isOpen ? h('a', { class: 'skip', href: `#${skipTo}` }, store.text('skip_action')) : null,
    h('h1', null, [h('span', { class: 'coin', 'aria-hidden': true }), store.text('app_title')]),
    isOpen ? h(ConnectionMark, { store }) : null,
    h('a', { class: 'quiet', href: away.href }, away.label),
    h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        lang: isKorean ? 'en' : 'ko',
        title: store.text('language_action'),
        onClick: () => {
          store.language.value = isKorean ? 'en' : 'ko'
          onLanguage?.()
        },
      },
      isKorean ? 'English' : '한국어',
    ),
  ])
}

function ConnectionMark({ store }: StoreProps): ComponentChildren {
  const state = store.connection.value
  return h('p', { class: `connection ${state}`, role: 'status' }, [
    h('span', { class: 'dot', 'aria-hidden': true }),
    h('span', null, store.text(`connection_${state}_status`)),
  ])
}

/** While the page is read for the first time. */
export function Loading({ store }: StoreProps): ComponentChildren {
  return h('section', { class: 'loading', 'aria-busy': true }, [
    h('p', { class: 'hidden', role: 'status' }, store.text('loading_status')),
    h('div', { class: 'ghost tall' }),
    h('div', { class: 'ghost' }),
    h('div', { class: 'ghost' }),
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

/** In place of the content, with the one thing that helps. */
export function Notice(props: NoticeProps): ComponentChildren {
  const { title, label, action, isBusy = false, isBroken = false, onPress } = props
  return h('section', { class: 'notice', role: isBroken ? 'alert' : undefined }, [
    h('span', { class: `coin large${isBroken ? ' broken' : ''}`, 'aria-hidden': true }),
    h('h2', null, title),
    h('p', null, label),
    action === undefined || onPress === undefined
      ? null
      : h(
          'button',
          { type: 'button', class: 'primary', disabled: isBusy, onClick: onPress },
          action,
        ),
  ])
}

const toastMs = 6_000

function Toasts({ store }: StoreProps): ComponentChildren {
  const toast = store.toast.value
  useEffect(() => {
    if (toast === undefined || toast.tone === 'bad') return
    const timer = setTimeout(() => {
      store.toast.value = undefined
    }, toastMs)
    return () => clearTimeout(timer)
  }, [toast, store])
  const close = () => {
    store.toast.value = undefined
  }
  return h(
    'section',
    { class: 'toasts', 'aria-label': store.text('toast_region_label'), 'aria-live': 'polite' },
    toast === undefined
      ? null
      : h('div', { class: `toast ${toast.tone}` }, [
          h('p', null, toast.text),
          h(
            'button',
            { type: 'button', 'aria-label': store.text('close_action'), onClick: close },
            '✕',
          ),
        ]),
  )
}
