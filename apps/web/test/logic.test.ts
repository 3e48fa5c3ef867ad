import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Entry, entryOf, mergeEntries, undoLeftMs } from '../src/entries.ts'
import { leftOf, moneyText, shareOf } from '../src/figures.ts'
import { preferredLanguage } from '../src/language.ts'
import { faultsOf, formOf, limitsToSave, plainAmount } from '../src/limits.ts'
import { messages, messageText } from '../src/messages.ts'

describe('messages', () => {
  const placeholders = (text: string) => new Set([...text.matchAll(/\{[a-z]+\}/g)].map(String))

  test('both languages say every text, with the same placeholders', () => {
    expect(Object.keys(messages.ko)).toEqual(Object.keys(messages.en))
    for (const [key, text] of Object.entries(messages.en)) {
      const korean = Object.entries(messages.ko).find(([name]) => name === key)?.[1] ?? ''
      expect(korean.trim(), key).not.toBe('')
      expect(placeholders(korean), key).toEqual(placeholders(text))
    }
  })

  test('Korean is Korean, and every text is used', async () => {
    for (const [key, text] of Object.entries(messages.ko)) {
      if (key !== 'language_action') expect(text, key).toMatch(/[가-힣]/)
    }
    const folder = fileURLToPath(new URL('../src', import.meta.url))
    const files = await readdir(folder, { recursive: true })
    const sources = await Promise.all(
      files
        .filter((name) => name.endsWith('.ts') && !/messages|words/.test(name))
        .map((name) => readFile(`${folder}/${name}`, 'utf8')),
    )
    const code = sources.join('\n')
    const composed = /^(connection_.*_status|spending_(today|month)_label|limits_.*_label)$/
    for (const key of Object.keys(messages.en)) {
      expect(composed.test(key) || code.includes(`'${key}'`), `${key} is not used`).toBe(true)
    }
  })

  test('the language: the address, then the choice, then the browser', () => {
    expect(preferredLanguage('?lang=en', 'ko', ['ko-KR'])).toBe('en')
    expect(preferredLanguage('', 'en', ['ko-KR'])).toBe('en')
    expect(preferredLanguage('', null, ['de', 'en-GB'])).toBe('en')
    expect(preferredLanguage('?lang=xx', null, [])).toBe('ko')
    expect(messageText('en', 'spending_of_label', { amount: '₩1' })).toBe('of ₩1')
  })
})

describe('figures', () => {
  test('never nothing for something, exact when it is large', () => {
    expect(moneyText('0.3', 'KRW', 'ko')).toBe('₩0.3')
    expect(moneyText('0.002', 'USD', 'en')).toBe('$0.002')
    expect(moneyText('oops', 'KRW', 'en')).toBe('oops KRW')
    expect(leftOf('10000', '150.3', 'KRW', 'en')).toBe('₩9,849.7')
    expect(leftOf('100', '150', 'KRW', 'en')).toBe('₩0')
    expect([shareOf('100', '50'), shareOf('100', '500'), shareOf('0', '0')]).toEqual([0.5, 1, 1])
  })
})

describe('limits', () => {
  const limit = { category: undefined, merchant: undefined, countMax: undefined, countUsed: 0 }
  const before = [
    {
      ...limit,
      per: 'payment',
      scope: 'all',
      amountMax: '5000',
      amountUsed: '0',
      resetsAt: undefined,
    },
    {
      ...limit,
      per: 'day',
      scope: 'all',
      amountMax: '10000',
      amountUsed: '0',
      resetsAt: undefined,
      countMax: 100,
    },
    {
      ...limit,
      per: 'month',
      scope: 'category',
      category: 'news',
      amountMax: '1',
      amountUsed: '0',
      resetsAt: undefined,
    },
  ]

  test('typed as people write, refused where it makes no sense', () => {
    expect(plainAmount('₩ 50,000')).toBe('50000')
    expect(faultsOf({ payment: '', day: '', month: '' }, 'KRW')).toEqual({})
    expect(faultsOf({ payment: '1e3', day: '-5', month: '0.0001' }, 'KRW')).toEqual({
      payment: 'limits_amount_error',
      day: 'limits_amount_error',
      month: 'limits_places_error',
    })
    expect(faultsOf({ payment: '11', day: '10', month: '9' }, 'KRW')).toEqual({
      payment: 'limits_order_payment_error',
      day: 'limits_order_day_error',
    })
  })

  test('what the form does not speak of stays', () => {
    expect(formOf(before)).toEqual({ payment: '5,000', day: '10,000', month: '' })
    expect(limitsToSave({ payment: '', day: '', month: '70,000' }, before)).toEqual([
      { per: 'day', scope: 'all', countMax: 100 },
      { per: 'month', scope: 'category', category: 'news', amountMax: '1' },
      { per: 'month', scope: 'all', amountMax: '70000' },
    ])
  })
})

describe('entries', () => {
  const entry = (id: string, changes?: Partial<Entry>): Entry => ({
    ...entryOf({
      id,
      kind: 'payment',
      amount: { amount: '150', currency: 'KRW' },
      createdAt: '2026-11-22T00:00:00Z',
      fields: { offer: 'article-1', merchant_name: '전일보' },
    }),
    ...changes,
  })
  const at = (seconds: number) => Date.parse('2026-11-22T00:00:00Z') + seconds * 1_000

  test('can be taken back for a short while, once, and only when paid', () => {
    expect(undoLeftMs(entry('a'), at(1))).toBeGreaterThan(0)
    expect(undoLeftMs(entry('a'), at(60))).toBe(0)
    expect(undoLeftMs(entry('a', { refunded: '150' }), at(1))).toBe(0)
    expect(undoLeftMs(entry('a', { kind: 'topup' }), at(1))).toBe(0)
    // A clock that is wrong does not open the window for longer than it is.
    expect(undoLeftMs(entry('a'), at(-1_000))).toBeLessThanOrEqual(14_000)
  })

  test('the newest page replaces what it knows better, and drops nothing', () => {
    const merged = mergeEntries(
      [entry('b'), entry('a')],
      [entry('c'), entry('b', { refunded: '150' })],
    )
    expect(merged.map(({ id, refunded }) => `${id} ${refunded}`)).toEqual(['c 0', 'b 150', 'a 0'])
  })
})
