import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { CareWindow } from '@jeon/camara'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BucketLimits,
  ceilingChange,
  ceilingFaults,
  ceilingForm,
  isRaise,
} from '../src/line/ceilings.ts'
import { cycleText, dateIn, daysBetween, dayText, momentText } from '../src/line/dates.ts'
import { lineMessages } from '../src/line/messages.ts'
import { phoneFrom, phoneText } from '../src/line/phone-number.ts'
import { mainWindow, otherWindows, ringOf } from '../src/line/rings.ts'
import { listIn, Misread, oneOf, orNull, record, text } from '../src/line/shapes.ts'
import { codeIn } from '../src/line/views/sandbox-hints.ts'
import { waitingRows } from '../src/line/waiting.ts'
import { entryOf } from './fake-care.ts'

test('each waiting row leads to its own purchase, alike ones in the order in which they were made', () => {
  const purchase = (id: string, amount: string) => ({
    ...{ id, merchant: 'mer_1', validation: null },
    amount: { amount, currency: 'KRW' },
  })
  const row = (id: string, amount: number, status = 'pending_validation') =>
    entryOf(
      { merchant: 'mer_1', description: 'x', amount, status },
      { id, at: '2026-11-22T03:00:00Z', reason: null },
    )
  const entries = [row('d', 500), row('c', 3000), row('b', 3000), row('a', 3000, 'succeeded')]
  const rows = waitingRows(entries, [purchase('pay_1', '3000'), purchase('pay_2', '3000')])
  expect([...rows].map(([row, { id }]) => [row, id])).toEqual([
    ['b', 'pay_1'],
    ['c', 'pay_2'],
  ])
})

describe('messages', () => {
  const placeholders = (words: string) => new Set([...words.matchAll(/\{[a-z]+\}/g)].map(String))

  test('both languages say every text, with the same placeholders', () => {
    expect(Object.keys(lineMessages.ko)).toEqual(Object.keys(lineMessages.en))
    for (const [key, words] of Object.entries(lineMessages.en)) {
      const korean = Object.entries(lineMessages.ko).find(([name]) => name === key)?.[1] ?? ''
      if (key !== 'language_action') expect(korean, key).toMatch(/[가-힣]/)
      expect(placeholders(korean), key).toEqual(placeholders(words))
    }
  })

  test('every text is used', async () => {
    const folder = fileURLToPath(new URL('../src', import.meta.url))
    const files = await readdir(folder, { recursive: true })
    const sources = await Promise.all(
      files
        .filter((name) => /^(line|shell)\/.*(?<!english|korean|shell\/words)\.ts$/.test(name))
        .map((name) => readFile(`${folder}/${name}`, 'utf8')),
    )
    const code = sources.join('\n')
    const composed =
      /^(status_.*_title|connection_.*_status|(bucket|per|ceiling|factor|tab|bill|password|history)_.*_label)$/
    for (const key of Object.keys(lineMessages.en)) {
      expect(composed.test(key) || code.includes(`'${key}'`), `${key} is not used`).toBe(true)
    }
  })
})

describe('dates', () => {
  test('are the market’s, whatever the browser’s zone', () => {
    expect(dateIn('Asia/Seoul', '2026-11-30T15:00:00Z')).toBe('2026-12-01')
    expect(dateIn('Asia/Seoul', '2026-11-30T14:59:59Z')).toBe('2026-11-30')
    expect(dayText('2026-12-25', '2026-11-22', 'ko')).toBe('12월 25일 (금)')
    expect(dayText('2027-01-25', '2026-11-22', 'en')).toBe('January 25, 2027')
    expect(momentText('2026-11-30T15:00:00Z', 'Asia/Seoul', 'ko')).toBe('12월 1일')
    expect(momentText('2026-11-30T16:30:00Z', 'Asia/Seoul', 'en')).toContain('December 1')
    expect(cycleText('2026-11', 'en')).toBe('November 2026')
    expect(cycleText('soon', 'en')).toBe('soon')
    expect([
      daysBetween('2024-02-28', '2024-03-01'),
      daysBetween('2026-12-25', '2026-11-22'),
    ]).toEqual([2, -33])
  })
})

describe('phone numbers', () => {
  test('as people write them, and as the wire wants them', () => {
    expect(phoneText('+821020000001')).toBe('010-2000-0001')
    expect(phoneText('+4915112345678')).toBe('+4915112345678')
    expect(phoneFrom(' 010 2000-0001')).toBe('+821020000001')
    expect(phoneFrom('+49 151 12345678')).toBe('+4915112345678')
    for (const typed of ['', '010', 'phone', '+0123456789'])
      expect(phoneFrom(typed)).toBeUndefined()
  })

  test('what is shown can be typed again', () => {
    const digits = fc.integer({ min: 0, max: 99_999_999 }).map((n) => `${n}`.padStart(8, '0'))
    fc.assert(
      fc.property(digits, (eight) => {
        expect(phoneFrom(phoneText(`+8210${eight}`))).toBe(`+8210${eight}`)
      }),
    )
  })
})

describe('rings', () => {
  const window = (changes: Partial<CareWindow>): CareWindow => ({
    per: 'month',
    scope: 'all',
    of: null,
    limit: '100',
    used: '0',
    held: '0',
    available: '100',
    resets_at: null,
    ...changes,
  })

  test('the month is the circle, everything else a bar', () => {
    const day = window({ per: 'day' })
    const month = window({})
    const vouchers = window({ scope: 'category', of: 'voucher' })
    expect(mainWindow([day, vouchers, month])).toBe(month)
    expect(mainWindow([vouchers, day])).toBe(day)
    expect(otherWindows([day, vouchers, month])).toEqual([vouchers, day])
  })

  test('what is spent and what is held never come to more than the circle', () => {
    const amount = fc.nat(1_000_000)
    fc.assert(
      fc.property(amount, amount, amount, (limit, used, held) => {
        const ring = ringOf(
          window({ limit: `${limit}`, used: `${used}`, held: `${Math.min(used, held)}` }),
        )
        expect(ring.spent).toBeGreaterThanOrEqual(0)
        expect(ring.held).toBeGreaterThanOrEqual(0)
        expect(ring.spent + ring.held).toBeLessThanOrEqual(1.000_001)
      }),
    )
    expect(ringOf(window({ used: '80' })).tone).toBe('high')
    expect(ringOf(window({ limit: null, used: '80' })).tone).toBe('calm')
  })
})

describe('limits', () => {
  const own: BucketLimits = {
    bucket: 'general',
    personal: { transaction: null, day: '100000', month: '300000' },
    ceiling: { transaction: '1000000', day: '1000000', month: '1000000' },
    pending: null,
  }
  const rules = { step: '10000', currency: 'KRW' }
  const form = ceilingForm(own)

  test('wrong ones are explained', () => {
    expect(ceilingFaults(form, own, rules)).toEqual({})
    expect(ceilingFaults({ transaction: 'x', day: '15000', month: '2000000' }, own, rules)).toEqual(
      {
        transaction: 'limits_amount_error',
        day: 'limits_step_error',
        month: 'limits_ceiling_error',
      },
    )
    expect(
      ceilingFaults({ transaction: '500000', day: '400,000', month: '300000' }, own, rules),
    ).toEqual({ transaction: 'limits_above_day_error', day: 'limits_above_month_error' })
  })

  test('only what changes is sent, and a raise is known before', () => {
    expect(ceilingChange(form, own)).toBeUndefined()
    expect(ceilingChange({ ...form, day: '', month: '200,000' }, own)).toEqual({
      bucket: 'general',
      day: null,
      month: '200000',
    })
    const raises = (changes: object) => isRaise({ ...form, ...changes }, own.personal, 'KRW')
    expect(raises({ month: '200000' })).toBe(false)
    expect(raises({ transaction: '50000' })).toBe(false)
    expect(raises({ month: '310000' })).toBe(true)
    expect(raises({ day: '' })).toBe(true)
  })
})

describe('the JSON', () => {
  test('is read whole or not at all', () => {
    const shape = listIn('things', record({ kind: oneOf('a', 'b'), note: orNull(text) }))
    expect(shape({ things: [{ kind: 'a', more: 1 }] }, 'x')).toEqual([{ kind: 'a', note: null }])
    for (const json of [
      undefined,
      {},
      { things: [{ kind: 'c' }] },
      { things: [{ kind: 'a', note: 1 }] },
    ])
      expect(() => shape(json, 'x')).toThrow(Misread)
  })

  const message = (kind: string, words: string) => ({
    id: '1',
    phone_number: '+821020000001',
    carrier: 'skt',
    kind,
    text: words,
    at: '2026-11-22T00:00:00Z',
  })

  test('a code is found in the newest message that has one', () => {
    const inbox = [
      message('charge', '3000원'),
      message('code', '[SKT] 인증번호 482915'),
      message('code', '1111'),
    ]
    expect(codeIn(inbox, new Set())).toEqual({ code: '482915', text: '[SKT] 인증번호 482915' })
    expect(codeIn([message('charge', '482915')], new Set())).toBeUndefined()
  })

  test('a code that came for something else before is not taken for it', () => {
    const linking = { ...message('code', '회선 연결 인증번호 111111'), id: 'before' }
    const payment = { ...message('code', '결제 확인 인증번호 222222'), id: 'after' }
    expect(codeIn([linking], new Set(['before']))).toBeUndefined()
    expect(codeIn([payment, linking], new Set(['before']))?.code).toBe('222222')
  })
})
