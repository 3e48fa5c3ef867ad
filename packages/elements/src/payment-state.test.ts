import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PaymentId } from './payment-id.ts'
import {
  askDelayMs,
  asksMax,
  type Effect,
  initialState,
  type PaywallEvent,
  type PaywallState,
  sendsMax,
  transition,
} from './payment-state.ts'

const id: PaymentId = 'pay_01kkzt9y5ee8rb5s0mp2ez1v6d'
const accepted: PaywallEvent = { type: 'accepted', receipt: 'r', undoMs: 10_000 }
const refused: PaywallEvent = {
  type: 'refused',
  refusal: { code: 'insufficient_funds', resetsAt: '' },
}

/** The state after some events, and everything that was to be done on the way. */
function after(...events: PaywallEvent[]): { state: PaywallState; effects: Effect[] } {
  let state: PaywallState = initialState
  const effects: Effect[] = []
  for (const event of events) {
    const step = transition(state, event)
    state = step.state
    effects.push(...step.effects)
  }
  return { state, effects }
}

const names = (effects: readonly Effect[]) => effects.map((effect) => effect.type)

describe('a payment', () => {
  test('goes from idle to paid, and can be undone', () => {
    const { state, effects } = after({ type: 'tapped', id, isNew: true }, accepted)
    expect(state).toEqual({ name: 'paid', id, here: true, undo: 'open' })
    expect(names(effects)).toEqual(['send', 'unlock', 'tell'])
  })

  test('a second tap changes nothing', () => {
    const other: PaymentId = 'pay_01kkzt9y5ee8rb5s0mp2ez1v6e'
    const { state, effects } = after(
      { type: 'tapped', id, isNew: true },
      { type: 'tapped', id: other, isNew: true },
    )
    expect(state).toEqual({ name: 'paying', id, sends: 1 })
    expect(names(effects)).toEqual(['send'])
  })

  test('a clear no forgets the id', () => {
    const { state, effects } = after({ type: 'tapped', id, isNew: true }, refused)
    expect(state.name).toBe('declined')
    expect(names(effects)).toEqual(['send', 'forget', 'tell'])
  })

  test('a no after an unanswered send keeps the id', () => {
    const { state, effects } = after(
      { type: 'tapped', id, isNew: true },
      { type: 'lost' },
      { type: 'missing' },
      refused,
    )
    expect(state.name).toBe('declined')
    expect(names(effects)).toEqual(['send', 'ask', 'send', 'tell'])
  })

  test('a no to an id of an earlier page keeps it, unless it is another wallet’s', () => {
    const tapped: PaywallEvent = { type: 'tapped', id, isNew: false }
    expect(names(after(tapped, refused).effects)).toEqual(['send', 'tell'])
    const reused: PaywallEvent = { type: 'refused', refusal: { code: 'key_reused', resetsAt: '' } }
    expect(names(after(tapped, reused).effects)).toEqual(['send', 'forget', 'tell'])
  })

  test('a payment that waits for its payer is asked for until he decided, whatever is lost meanwhile', () => {
    const url = 'https://carrier.example/pay'
    const { state, effects } = after(
      { type: 'tapped', id, isNew: true },
      { type: 'waiting', url },
      { type: 'lost' },
      { type: 'waiting', url },
    )
    expect(state).toEqual({ name: 'waiting', id, sends: 1, url })
    expect(names(effects)).toEqual(['send', 'ask', 'ask', 'ask'])
    expect(transition(state, { type: 'tapped', id, isNew: false }).effects).toEqual([])
    expect(transition(state, accepted).state.name).toBe('paid')
    expect(names(transition(state, refused).effects)).toEqual(['forget', 'tell'])
  })

  test('what the carrier declined is over, also when it was sent before', () => {
    const declined: PaywallEvent = {
      type: 'refused',
      refusal: { code: 'carrier_declined', resetsAt: '' },
    }
    const { effects } = after({ type: 'tapped', id, isNew: false }, declined)
    expect(names(effects)).toEqual(['send', 'forget', 'tell'])
  })

  test('without an answer the server is asked, and what it found is what happened', () => {
    const { state, effects } = after(
      { type: 'tapped', id, isNew: true },
      { type: 'lost' },
      { type: 'lost' },
      accepted,
    )
    expect(state.name).toBe('paid')
    expect(names(effects)).toEqual(['send', 'ask', 'ask', 'unlock', 'tell'])
  })

  test('is sent a few times under one id, then only asked about, then left to the payer', () => {
    const events: PaywallEvent[] = [{ type: 'tapped', id, isNew: true }]
    for (let i = 0; i < 30; i++) events.push({ type: 'lost' }, { type: 'missing' })
    const { state, effects } = after(...events)
    expect(effects.filter((effect) => effect.type === 'send')).toHaveLength(sendsMax)
    expect(effects.every((effect) => !('id' in effect) || effect.id === id)).toBe(true)
    expect(state).toMatchObject({ name: 'unknown', stalled: true })
    expect(names(transition(state, { type: 'tapped', id, isNew: true }).effects)).toEqual(['ask'])
  })

  test('that was given back elsewhere is for sale again', () => {
    const { state, effects } = after(
      { type: 'tapped', id, isNew: true },
      { type: 'lost' },
      { type: 'returned' },
    )
    expect(state).toEqual({ name: 'idle', refunded: false })
    expect(names(effects)).toEqual(['send', 'ask', 'forget'])
  })
})

describe('a reload', () => {
  test('asks first, and shows what was paid without announcing it', () => {
    const { state, effects } = after({ type: 'resumed', id }, accepted)
    expect(state).toMatchObject({ name: 'paid', here: false, undo: 'closed' })
    expect(names(effects)).toEqual(['ask', 'unlock'])
  })

  test('never pays: what was not paid is offered again, and other rights are looked for', () => {
    const { state, effects } = after({ type: 'resumed', id }, { type: 'missing' })
    expect(state).toEqual({ name: 'idle', refunded: false })
    expect(names(effects)).toEqual(['ask', 'look'])
  })

  test('shows a receipt that lapsed as for sale again, but never one that was paid here', () => {
    expect(after({ type: 'resumed', id }, accepted, { type: 'lapsed' }).state.name).toBe('idle')
    expect(
      after({ type: 'tapped', id, isNew: true }, accepted, { type: 'lapsed' }).state.name,
    ).toBe('paid')
  })
})

describe('an undo', () => {
  test('refunds, locks and forgets', () => {
    const { state, effects } = after(
      { type: 'tapped', id, isNew: true },
      accepted,
      { type: 'undo_tapped' },
      { type: 'refunded' },
    )
    expect(state).toEqual({ name: 'idle', refunded: true })
    expect(names(effects).slice(3)).toEqual(['refund', 'forget', 'lock', 'tell'])
  })

  test('is not offered for ever', () => {
    const { effects } = after(
      { type: 'tapped', id, isNew: true },
      accepted,
      { type: 'undo_expired' },
      { type: 'undo_tapped' },
    )
    expect(names(effects)).not.toContain('refund')
  })

  test('that was refused keeps the text open', () => {
    const { state } = after(
      { type: 'tapped', id, isNew: true },
      accepted,
      { type: 'undo_tapped' },
      { type: 'refund_refused' },
    )
    expect(state).toMatchObject({ name: 'paid', undo: 'failed' })
  })
})

test('waits longer each time, never more than 20 s', () => {
  const delays = Array.from({ length: asksMax }, (_, i) => askDelayMs(i + 1))
  expect(delays[0]).toBe(500)
  expect([...delays].sort((a, b) => a - b)).toEqual(delays)
  expect(Math.max(...delays)).toBe(20_000)
})

test('whatever is lost on the way, one intent is one payment', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...happenings), { maxLength: 60 }), (script) => {
      const world = createWorld()
      for (const happening of script) world.happen(happening)
      world.settle()
      // What the payer lost is what the page shows as paid: one payment, or none.
      expect(world.unrefunded()).toBe(world.state().name === 'paid' ? 1 : 0)
    }),
    { numRuns: 2000 },
  )
})

const happenings = [
  'tap',
  'deliver',
  'drop',
  'delay',
  'lose',
  'refuse',
  'reload',
  'undo',
  'expire',
] as const

type Exchange = 'deliver' | 'drop' | 'lose' | 'delay' | 'refuse'
type Happening = (typeof happenings)[number]

/** A page, its storage, and a server that pays once per id, joined by a network that may lose or refuse anything. */
function createWorld() {
  let state: PaywallState = initialState
  let stored: PaymentId | undefined
  let made = 0
  let waiting: Effect | undefined
  /** Sent, taken for lost, and still on its way. */
  const late: Effect[] = []
  const payments = new Map<PaymentId, 'accepted' | 'returned'>()

  function dispatch(event: PaywallEvent): void {
    const step = transition(state, event)
    state = step.state
    for (const effect of step.effects) {
      if (effect.type === 'send' || effect.type === 'ask' || effect.type === 'refund')
        waiting = effect
      if (effect.type === 'send') expect(effect.id).toBe(stored)
      if (effect.type === 'forget' && stored === effect.id) stored = undefined
    }
  }

  /** The request reaches the server; what it says is what it would answer. */
  function serve(effect: Effect): PaywallEvent {
    switch (effect.type) {
      case 'send':
        if (!payments.has(effect.id)) payments.set(effect.id, 'accepted')
        return found(effect.id)
      case 'ask':
        return found(effect.id)
      case 'refund':
        payments.set(effect.id, 'returned')
        return { type: 'refunded' }
      default:
        throw new Error('nothing to serve')
    }
  }

  function found(asked: PaymentId): PaywallEvent {
    const payment = payments.get(asked)
    if (payment === 'accepted') return accepted
    return { type: payment ?? 'missing' }
  }

  function take(): Effect | undefined {
    const effect = waiting
    waiting = undefined
    return effect
  }

  function happen(happening: Happening): void {
    switch (happening) {
      case 'tap':
        if (state.name === 'idle' || state.name === 'declined') {
          const isNew = stored === undefined
          stored ??= `pay_${String(++made).padStart(26, '0')}`
          dispatch({ type: 'tapped', id: stored, isNew })
        } else if (stored) dispatch({ type: 'tapped', id: stored, isNew: false })
        return
      case 'reload':
        state = initialState
        waiting = undefined
        if (stored) dispatch({ type: 'resumed', id: stored })
        return
      case 'undo':
        dispatch({ type: 'undo_tapped' })
        return
      case 'expire':
        dispatch({ type: 'undo_expired' })
        return
      default:
        exchange(happening)
    }
  }

  function exchange(happening: Exchange): void {
    const effect = take()
    if (!effect) return
    const lost = (): PaywallEvent =>
      effect.type === 'refund' ? { type: 'refund_refused' } : { type: 'lost' }
    if (happening === 'delay') late.push(effect)
    if (happening === 'drop' || happening === 'delay') {
      dispatch(lost())
      return
    }
    // A server refuses what it has not accepted; the same id again gets the first answer.
    const isNew = effect.type === 'send' && !payments.has(effect.id)
    const event = happening === 'refuse' && isNew ? refused : serve(effect)
    dispatch(happening === 'lose' ? lost() : event)
  }

  return {
    happen,
    state: () => state,
    unrefunded: () => [...payments.values()].filter((payment) => payment === 'accepted').length,
    /** What was on its way arrives, and the page is loaded again. */
    settle() {
      for (const effect of late) serve(effect)
      happen('reload')
      while (waiting) exchange('deliver')
    },
  }
}
