import { describe, expect, test } from 'vitest'
import { messages } from './messages.ts'
import type { PaywallState } from './payment-state.ts'
import { type ContentState, viewOf } from './view.ts'

const id = 'pay_01kkzt9y5ee8rb5s0mp2ez1v6d'

function view(state: PaywallState, language: 'ko' | 'en' = 'ko', area: ContentState = 'none') {
  return viewOf({ state, tapped: false, area, price: '₩150', language }, messages[language])
}

test('offers the text at its price', () => {
  expect(view({ name: 'idle', refunded: false })).toMatchObject({
    action: '계속 읽기',
    price: '₩150',
  })
  expect(view({ name: 'idle', refunded: true }, 'en').status).toBe('₩150 refunded.')
})

test('an unknown payment has no button that could be taken for paying again', () => {
  const shown = view({ name: 'unknown', id, sends: 1, asks: 2, stalled: false })
  expect(shown).toMatchObject({ busy: true })
  expect(shown.action).toBeUndefined()
  expect(shown.status).toContain('두 번 결제되지 않아요')
})

describe('a refusal', () => {
  test('says why, that nothing was taken, and where to go', () => {
    const shown = view({ name: 'declined', refusal: { code: 'insufficient_funds', resetsAt: '' } })
    expect(shown.status).toBe('지갑에 돈이 모자라요. 돈은 나가지 않았어요.')
    expect(shown.wallet).toBe('지갑 열기')
  })

  test('says when a limit opens again', () => {
    const refusal = { code: 'window_exceeded', resetsAt: '2026-11-22T15:00:00Z' }
    expect(view({ name: 'declined', refusal }, 'en').status).toMatch(/spend again from .*2026/)
    const never = { code: 'window_exceeded', resetsAt: 'never' }
    expect(view({ name: 'declined', refusal: never }, 'en').status).not.toContain('Invalid')
  })

  test('has words for a code that it does not know', () => {
    const refusal = { code: 'toString', resetsAt: '' }
    expect(view({ name: 'declined', refusal }, 'en').status).toBe(
      'The payment was declined. Nothing was taken.',
    )
  })
})

test('a paid text that did not load is loaded again, not paid again', () => {
  const shown = view({ name: 'paid', id, here: true, undo: 'open' }, 'en', 'failed')
  expect(shown).toMatchObject({ action: 'Try again', undo: 'Undo' })
  expect(shown.price).toBeUndefined()
})

test('after the undo has passed nothing is left on the page', () => {
  const shown = view({ name: 'paid', id, here: true, undo: 'closed' }, 'ko', 'shown')
  expect(shown.status).toBe('')
  expect(shown.undo).toBeUndefined()
})
