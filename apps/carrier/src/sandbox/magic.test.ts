import { carrierBillingStatuses, refundStatuses } from '@jeon/camara'
import { expect, test } from 'vitest'
import { magicNumbers, magicOf, magicPhoneNumber } from './magic.ts'
import { errorRows } from './magic-errors.ts'

test('every two digits from 01 to 99 have one meaning', () => {
  const digits = magicNumbers.map((each) => each.digits)
  const wanted = Array.from({ length: 99 }, (_, index) => String(index + 1).padStart(2, '0'))
  expect(digits).toEqual(wanted)
})

test('every error of carrier billing and refunds has a number', () => {
  const covered = new Set<string>(errorRows.map(([, code]) => code))
  const documented = [...Object.keys(carrierBillingStatuses), ...Object.keys(refundStatuses)]
  expect(documented.filter((code) => !covered.has(code))).toEqual([])
})

test('a number leads to its row at each carrier, and other numbers to none', () => {
  for (const carrier of ['skt', 'kt', 'lgu']) {
    const number = magicPhoneNumber(carrier, '16')
    expect(number).toMatch(/^\+8210\d{8}$/)
    expect(magicOf(number ?? '')?.digits).toBe('16')
  }
  expect(magicPhoneNumber('sandbox', '01')).toBeUndefined()
  for (const number of ['+821020000000', '+821020000100', '+821040000001', '', '+82']) {
    expect(magicOf(number)).toBeUndefined()
  }
})
