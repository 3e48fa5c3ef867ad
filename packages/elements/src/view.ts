import type { Messages } from './messages.ts'
import type { PaywallState, Refusal } from './payment-state.ts'

/** Where the paid text is: it comes from the merchant's server, after the payment. */
export type ContentState = 'none' | 'loading' | 'shown' | 'failed'

/** What the panel shows; the element only copies it into the page. Words that are missing are not shown. */
export interface View {
  /** Read out by screen readers whenever it changes. */
  readonly status?: string
  readonly busy?: boolean
  /** The one button. */
  readonly action?: string
  /** Beside the action's words, where pressing it costs this. */
  readonly price?: string
  readonly hint?: string
  readonly undo?: string
  /** A link to where the payer can do something about it. */
  readonly wallet?: string
  /** Where it leads, behind the server's address or whole. (Default: the wallet) */
  readonly href?: string
  /** Out of the reader's way: a small bar, not the panel below the teaser. */
  readonly quiet?: boolean
}

export interface ViewInput {
  readonly state: PaywallState
  /** A tap was taken and its payment is being prepared. */
  readonly tapped: boolean
  readonly area: ContentState
  readonly price: string
  readonly language: string
}

/** The panel for a state, as a plain value. */
export function viewOf({ state, tapped, area, price, language }: ViewInput, t: Messages): View {
  const offered = { action: t.read_action, price }
  if (tapped || state.name === 'paying') return { ...offered, status: t.busy_status, busy: true }
  switch (state.name) {
    case 'idle': {
      const status = state.refunded ? fill(t.refunded_status, price) : ''
      return { ...offered, hint: t.read_hint, status }
    }
    case 'unknown':
      if (state.stalled) {
        return { status: t.stalled_error, action: t.retry_action, wallet: t.wallet_action }
      }
      // The first question after loading is quick and nobody asked for it: no words yet.
      if (!state.sends && state.asks === 1) return { ...offered, hint: t.read_hint, busy: true }
      return { status: t.unknown_status, busy: true }
    case 'waiting':
      return { status: t.waiting_status, wallet: t.confirm_action, href: state.url }
    case 'declined': {
      const refused = {
        status: reasonOf(state.refusal, t, language),
        action: t.retry_action,
        price,
      }
      // What the phone line is the reason of is put right on its page.
      return /^(carrier|credit|line)_/.test(state.refusal.code)
        ? { ...refused, wallet: t.line_action, href: '/line' }
        : { ...refused, wallet: t.wallet_action }
    }
    case 'paid':
      return paidView(state.undo, area, price, t)
  }
}

function paidView(
  undo: Extract<PaywallState, { name: 'paid' }>['undo'],
  content: ContentState,
  price: string,
  t: Messages,
): View {
  const undoable = undo === 'open' ? { undo: t.undo_action } : {}
  if (undo === 'sending') {
    return { quiet: true, busy: true, status: t.busy_status, undo: t.undo_action }
  }
  if (content === 'failed') {
    return { status: t.content_error, action: t.retry_action, ...undoable }
  }
  if (undo === 'failed') return { quiet: true, status: t.undo_error, wallet: t.wallet_action }
  const status = undo === 'open' ? fill(t.paid_status, price) : ''
  if (content === 'shown') return { quiet: true, status, ...undoable }
  // The button stays until the text is there to take the focus from it.
  return { action: t.read_action, busy: true, status, ...undoable }
}

function reasonOf(refusal: Refusal, t: Messages, language: string): string {
  const { code, resetsAt } = refusal
  const why = refusal.reason || (t[`declined_${code}`] ?? t.declined_error)
  const reason = `${why} ${t.untaken_hint}`
  if (!resetsAt || Number.isNaN(Date.parse(resetsAt))) return reason
  const time = new Date(resetsAt).toLocaleString(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  return `${reason} ${fill(t.resets_hint, time)}`
}

function fill(text: string, words: string): string {
  return text.replace('{}', () => words)
}
