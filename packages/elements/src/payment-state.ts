import type { PaymentId } from './payment-id.ts'

/**
 * What the paywall knows. `unknown` is a state of its own: a payment that got no answer was perhaps made, so the server
 * is asked, and whatever is sent again goes under the id it went under before.
 */
export type PaywallState =
  | { readonly name: 'idle'; readonly refunded: boolean }
  | { readonly name: 'paying'; readonly id: PaymentId; readonly sends: number }
  | {
      readonly name: 'unknown'
      readonly id: PaymentId
      /** How often this page sent it; 0 when an earlier page did, before a reload. */
      readonly sends: number
      readonly asks: number
      /** True when asking went on for long enough; the payer may have it asked again. */
      readonly stalled: boolean
    }
  | {
      /** The carrier waits for the payer, who confirms or refuses elsewhere; it is asked until one of them was done. */
      readonly name: 'waiting'
      readonly id: PaymentId
      readonly sends: number
      /** Where the payer confirms or refuses. */
      readonly url: string
    }
  | {
      readonly name: 'paid'
      readonly id: PaymentId | undefined
      /** Paid by a tap on this page, not on an earlier visit or in another tab. */
      readonly here: boolean
      readonly undo: 'open' | 'sending' | 'closed' | 'failed'
    }
  | { readonly name: 'declined'; readonly refusal: Refusal }

/** A clear no, from a problem document. */
export interface Refusal {
  readonly code: string
  /** When a spending window opens again, RFC 3339; empty when it does not matter. */
  readonly resetsAt: string
  /** The carrier's reason in the page's language, where a carrier gave one. */
  readonly reason?: string
}

/** What a payment was answered with, or what was found when asked for it. */
export type PaywallEvent =
  /** The payer's tap. `id` is the stored one, or a new one (`isNew`) that was stored first. */
  | { readonly type: 'tapped'; readonly id: PaymentId; readonly isNew: boolean }
  /** The page loaded, or another tab paid, and an id is stored. */
  | { readonly type: 'resumed'; readonly id: PaymentId }
  /** The wallet may read this already. */
  | { readonly type: 'entitled'; readonly receipt: string }
  /** `undoMs`: for how long it can be undone, 0 when not. */
  | { readonly type: 'accepted'; readonly receipt: string; readonly undoMs: number }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  /** The carrier asks the payer, at this address. */
  | { readonly type: 'waiting'; readonly url: string }
  /** The payment exists and was given back. */
  | { readonly type: 'returned' }
  /** The server knows of no such payment (yet). */
  | { readonly type: 'missing' }
  /** No answer, or none that says yes or no. */
  | { readonly type: 'lost' }
  | { readonly type: 'undo_tapped' }
  | { readonly type: 'undo_expired' }
  | { readonly type: 'refunded' }
  /** It was not given back, or after some tries nobody said so. */
  | { readonly type: 'refund_refused' }
  /** The merchant's server no longer takes this receipt. */
  | { readonly type: 'lapsed' }

/** What the element does next. */
export type Effect =
  | { readonly type: 'send'; readonly id: PaymentId }
  | { readonly type: 'ask'; readonly id: PaymentId; readonly delayMs: number }
  /** Asks whether this wallet may read the offer already. */
  | { readonly type: 'look' }
  | { readonly type: 'unlock'; readonly receipt: string; readonly undoMs: number }
  | { readonly type: 'lock' }
  | { readonly type: 'refund'; readonly id: PaymentId }
  | { readonly type: 'forget'; readonly id: PaymentId }
  | { readonly type: 'tell'; readonly event: 'jeon-paid' | 'jeon-refunded' | 'jeon-declined' }

export interface Step {
  readonly state: PaywallState
  readonly effects: readonly Effect[]
}

export const initialState: PaywallState = { name: 'idle', refunded: false }

/** How often one tap sends, under one id, before it only asks. */
export const sendsMax = 3
/** How often it asks by itself: with the delays below, for about a minute and a half. */
export const asksMax = 9

/** How often it asks while the payer is with the carrier: a person needs seconds, and is told soon after. */
export const waitingMs = 3000

/** How long to wait before the n-th question: half a second, doubling, never more than 20 s. */
export function askDelayMs(asks: number): number {
  return Math.min(500 * 2 ** (asks - 1), 20_000)
}

/**
 * The whole behaviour of the paywall, as a function: no clock, no network, no storage. An event that makes no sense in
 * a state (a second click, an answer that comes too late) changes nothing.
 */
export function transition(state: PaywallState, event: PaywallEvent): Step {
  switch (state.name) {
    case 'idle':
    case 'declined':
      return fromRest(state, event)
    case 'paying':
    case 'unknown':
    case 'waiting':
      return fromUnsettled(state, event)
    case 'paid':
      return fromPaid(state, event)
  }
}

type Resting = Extract<PaywallState, { name: 'idle' | 'declined' }>
type Unsettled = Extract<PaywallState, { name: 'paying' | 'unknown' | 'waiting' }>
type Paid = Extract<PaywallState, { name: 'paid' }>

function fromRest(state: Resting, event: PaywallEvent): Step {
  switch (event.type) {
    case 'tapped':
      // An id that was stored before counts as sent before: by an earlier page, or by another tab.
      return step(
        { name: 'paying', id: event.id, sends: event.isNew ? 1 : 2 },
        { type: 'send', id: event.id },
      )
    case 'resumed':
      return step(
        { name: 'unknown', id: event.id, sends: 0, asks: 1, stalled: false },
        { type: 'ask', id: event.id, delayMs: 0 },
      )
    case 'entitled':
      return unlocked(undefined, false, event.receipt, 0)
    case 'refused':
      return step({ name: 'declined', refusal: event.refusal })
    default:
      return step(state)
  }
}

function fromUnsettled(state: Unsettled, event: PaywallEvent): Step {
  switch (event.type) {
    case 'accepted': {
      const here = state.sends > 0
      const paid = unlocked(state.id, here, event.receipt, here ? event.undoMs : 0)
      if (!here) return paid
      return { ...paid, effects: [...paid.effects, { type: 'tell', event: 'jeon-paid' }] }
    }
    case 'waiting':
      return waiting(state, event.url)
    case 'returned':
      return step({ name: 'idle', refunded: false }, { type: 'forget', id: state.id })
    case 'refused': {
      const told: Effect = { type: 'tell', event: 'jeon-declined' }
      const declined: PaywallState = { name: 'declined', refusal: event.refusal }
      // Where an earlier send got no answer it may yet arrive, so the next tap goes under the same id; unless that id
      // turns out to be another wallet's, of this browser's past, or the carrier said no to that very payment.
      const isOver = /^(key_reused|carrier_declined)$/.test(event.refusal.code)
      if (state.sends > 1 && !isOver) return step(declined, told)
      return step(declined, { type: 'forget', id: state.id }, told)
    }
    case 'lost':
      return state.name === 'waiting' ? waiting(state, state.url) : asking(state)
    case 'missing':
      return state.name === 'paying' ? asking(state) : afterMissing(state)
    case 'tapped':
      if (state.name !== 'unknown' || !state.stalled) return step(state)
      return step(
        { ...state, sends: Math.min(state.sends, 1), asks: 1, stalled: false },
        { type: 'ask', id: state.id, delayMs: 0 },
      )
    default:
      return step(state)
  }
}

function waiting({ id, sends }: Unsettled, url: string): Step {
  return step({ name: 'waiting', id, sends, url }, { type: 'ask', id, delayMs: waitingMs })
}

function afterMissing(state: Exclude<Unsettled, { name: 'paying' }>): Step {
  // A reload never pays: without a tap on this page the button comes back, and the id stays for when it is used. Nor is
  // anything sent again that waited for its payer.
  if (state.sends === 0 || state.name === 'waiting')
    return step({ name: 'idle', refunded: false }, { type: 'look' })
  // The server answers, and has seen none of them: something on the way stops them. The payer decides when to go on.
  if (state.sends >= sendsMax) return step({ ...state, stalled: true })
  return step(
    { name: 'paying', id: state.id, sends: state.sends + 1 },
    { type: 'send', id: state.id },
  )
}

function asking(state: Unsettled): Step {
  const asks = state.name === 'unknown' ? state.asks + 1 : 1
  const stalled = asks > asksMax
  const unknown: PaywallState = { name: 'unknown', id: state.id, sends: state.sends, asks, stalled }
  if (stalled) return step(unknown)
  return step(unknown, { type: 'ask', id: state.id, delayMs: askDelayMs(asks) })
}

function fromPaid(state: Paid, event: PaywallEvent): Step {
  switch (event.type) {
    case 'undo_tapped':
      if (state.undo !== 'open' || state.id === undefined) return step(state)
      return step({ ...state, undo: 'sending' }, { type: 'refund', id: state.id })
    case 'undo_expired':
      return step(state.undo === 'open' ? { ...state, undo: 'closed' } : state)
    case 'refunded':
      if (state.undo !== 'sending' || state.id === undefined) return step(state)
      return step(
        { name: 'idle', refunded: true },
        { type: 'forget', id: state.id },
        { type: 'lock' },
        { type: 'tell', event: 'jeon-refunded' },
      )
    case 'refund_refused':
      return step(state.undo === 'sending' ? { ...state, undo: 'failed' } : state)
    case 'lapsed':
      // Only a payment of an earlier visit can lapse: what was paid just now stays paid, whatever the merchant says.
      if (state.id === undefined || state.here) return step(state)
      return step(
        { name: 'idle', refunded: false },
        { type: 'forget', id: state.id },
        { type: 'lock' },
      )
    default:
      return step(state)
  }
}

function unlocked(id: PaymentId | undefined, here: boolean, receipt: string, undoMs: number): Step {
  return step(
    { name: 'paid', id, here, undo: undoMs > 0 ? 'open' : 'closed' },
    { type: 'unlock', receipt, undoMs },
  )
}

function step(state: PaywallState, ...effects: Effect[]): Step {
  return { state, effects }
}
