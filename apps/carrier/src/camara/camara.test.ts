import type { PurchaseCategory } from '@jeon/billing'
import { describe, expect, test } from 'vitest'
import type { Line } from '../model.ts'
import { categoryOf } from './categories.ts'
import { declined, declinedAtConfirmation } from './declines.ts'
import { subscriptionStatusOf } from './identity.ts'
import { quirkyBody, quirkyRefusal } from './quirks.ts'
import { refusal } from './statuses.ts'

describe('what is bought', () => {
  test.each<[string | undefined, string | undefined, PurchaseCategory]>([
    [undefined, undefined, 'digital'],
    ['', 'unheard of', 'digital'],
    ['Gift-Card', undefined, 'voucher'],
    ['unheard of', 'in app', 'content'],
    ['physical', 'voucher', 'physical'],
    ['constructor', '__proto__', 'digital'],
  ])('%s, %s is %s', (purchaseCategoryCode, serviceId, category) => {
    const metaData = {
      ...(purchaseCategoryCode === undefined ? {} : { purchaseCategoryCode }),
      ...(serviceId === undefined ? {} : { serviceId }),
    }
    expect(categoryOf(metaData)).toBe(category)
  })
})

describe('a declined purchase', () => {
  test('says so in the code that fits, and why in front of the message', () => {
    expect(declined('month_limit', {}).code).toBe(
      'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED',
    )
    expect(declined('transaction_limit', {}).code).toBe('CARRIER_BILLING.UNAUTHORIZED_AMOUNT')
    expect(declined('paused', {})).toMatchObject({
      status: 403,
      code: 'CARRIER_BILLING.PAYMENT_DENIED',
    })
    expect(declined('paused', {}).message).toMatch(/^\[paused\] \S/)
  })

  test('is 403 at confirmation, whatever the reason', () => {
    expect(declinedAtConfirmation('month_limit', {}).status).toBe(403)
  })
})

describe('quirks', () => {
  test('give other codes and a 404 for sinks', () => {
    expect(quirkyRefusal(refusal('INVALID_SINK', '')).status).toBe(404)
    expect(quirkyRefusal(refusal('OUT_OF_RANGE', '')).code).toBe('CARRIER_BILLING.OUT_OF_RANGE')
    expect(quirkyRefusal(refusal('NOT_FOUND', '')).code).toBe('NOT_FOUND')
  })

  test('read what the scenarios write, and leave the rest alone', () => {
    const written = {
      clientCorrelator: 'c',
      amountTransaction: { phonenumber: '+8210', referenceCode: 'r' },
      sink: 's',
    }
    expect(quirkyBody(written)).toEqual({
      amountTransaction: { clientCorrelator: 'c', phoneNumber: '+8210', referenceCode: 'r' },
      sink: 's',
    })
    expect(quirkyBody({ phonenumber: '+8210' })).toEqual({ phoneNumber: '+8210' })
    const inner = { amountTransaction: { clientCorrelator: 'inner' }, clientCorrelator: 'outer' }
    expect(quirkyBody(inner)).toEqual({ amountTransaction: { clientCorrelator: 'inner' } })
    for (const json of [null, 7, 'text', [1]]) expect(quirkyBody(json)).toEqual(json)
  })
})

test('a line loses its outgoing side first, then everything', () => {
  const status = (stage: Line['stage'], paused = false) =>
    Object.values(subscriptionStatusOf({ stage, paused })).join(' ')
  expect(status('active')).toBe('active active active')
  expect(status('notice')).toBe('active active active')
  expect(status('outgoing_suspended')).toBe('active suspended suspended')
  expect(status('active', true)).toBe('active suspended suspended')
  expect(status('fully_suspended')).toBe('suspended suspended suspended')
  expect(status('terminated')).toBe('suspended suspended suspended')
})
