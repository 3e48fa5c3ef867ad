import { expect, test } from 'vitest'
import { correlator, dateTime, errorInfo, fullDate, phoneNumber, sink, textUpTo } from './wire.ts'

test.each([
  [phoneNumber, '+821020000001'],
  [phoneNumber, '+12345'],
  [correlator, ''],
  [correlator, 'a-Z_0:9;.<x>/{y}'],
  [correlator, 'x'.repeat(256)],
  [fullDate, '2024-02-29'],
  [fullDate, '2000-02-29'],
  [dateTime, '2026-11-22T00:00:00Z'],
  [dateTime, '2026-11-22t23:59:59.123456789+09:00'],
  [sink, 'https://platform.example/sink?x=%20#y'],
  [textUpTo(2), '📱📱'],
])('takes %#', (schema, text) => {
  expect(schema.safeParse(text)).toEqual({ success: true, data: text })
})

test.each([
  [phoneNumber, '821020000001'],
  [phoneNumber, '+0821020000'],
  [phoneNumber, '+8210200000011111'],
  [correlator, 'a b'],
  [correlator, '한'],
  [correlator, 'x'.repeat(257)],
  [fullDate, '2023-02-29'],
  [fullDate, '1900-02-29'],
  [fullDate, '2026-04-31'],
  [fullDate, '2026-00-01'],
  [fullDate, '2026-1-1'],
  [dateTime, '2026-11-22T00:00:00'],
  [dateTime, '2026-11-22 00:00:00Z'],
  [dateTime, '2026-11-22T24:00:00Z'],
  [dateTime, '2026-02-30T00:00:00Z'],
  [dateTime, '2026-11-22T00:00Z'],
  [dateTime, '2016-12-31T23:59:60Z'],
  [sink, 'http://localhost:4200/sink'],
  [sink, 'HTTPS://platform.example'],
  [sink, 'https://'],
  [sink, 'https://platform.example/a b'],
  [sink, 'https://platform.example/%zz'],
  [textUpTo(2), '📱📱📱'],
  [errorInfo, { status: 409, code: 'ALREADY_EXISTS' }],
])('refuses %#', (schema, text) => {
  expect(schema.safeParse(text).success).toBe(false)
})
