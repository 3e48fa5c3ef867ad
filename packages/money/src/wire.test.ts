import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineCredit, EUR, JPY, KRW, USD } from './asset.ts'
import { INT64_MAX, INT64_MIN } from './int64.ts'
import { moneyFromJson, moneyToJson } from './wire.ts'

const GEM = defineCredit('GEM', 0)
const credits = new Map([['GEM', GEM]])

test('moneyToJson writes a decimal string and a code', () => {
  expect(moneyToJson({ amount: 300n, asset: KRW })).toEqual({ amount: '0.3', currency: 'KRW' })
  expect(JSON.stringify(moneyToJson({ amount: -1_250_000n, asset: USD }))).toBe(
    '{"amount":"-1.25","currency":"USD"}',
  )
})

describe('moneyFromJson', () => {
  test('reads money, also off a larger body', () => {
    const body: unknown = JSON.parse('{"amount":"0.3","currency":"KRW","merchant":"mer_1"}')
    expect(moneyFromJson(body)).toEqual({ ok: true, money: { amount: 300n, asset: KRW } })
  })

  test('knows a credit only when it is told', () => {
    const body = { amount: '12', currency: 'GEM' }
    expect(moneyFromJson(body)).toEqual({ ok: false, code: 'currency_unknown' })
    expect(moneyFromJson(body, { credits })).toEqual({
      ok: true,
      money: { amount: 12n, asset: GEM },
    })
  })

  test('a minus is read only where it is allowed', () => {
    const body = { amount: '-0.3', currency: 'KRW' }
    expect(moneyFromJson(body)).toEqual({ ok: false, code: 'amount_sign' })
    expect(moneyFromJson(body, { sign: 'signed' })).toEqual({
      ok: true,
      money: { amount: -300n, asset: KRW },
    })
  })

  test.each([
    ['null', 'money_not_object'],
    ['"0.3"', 'money_not_object'],
    ['0.3', 'money_not_object'],
    ['["0.3","KRW"]', 'money_not_object'],
    ['{}', 'currency_not_string'],
    ['{"amount":"0.3"}', 'currency_not_string'],
    ['{"amount":"0.3","currency":["KRW"]}', 'currency_not_string'],
    ['{"amount":"0.3","currency":"krw"}', 'currency_unknown'],
    ['{"amount":"0.3","currency":"KRW/3"}', 'currency_unknown'],
    ['{"amount":"0.3","currency":"__proto__"}', 'currency_unknown'],
    ['{"currency":"KRW"}', 'amount_not_string'],
    ['{"amount":0.3,"currency":"KRW"}', 'amount_not_string'],
    ['{"amount":"0.0003","currency":"KRW"}', 'amount_too_many_places'],
    ['{"amount":"1e3","currency":"KRW"}', 'amount_malformed'],
  ])('refuses %s with %s', (text, code) => {
    expect(moneyFromJson(JSON.parse(text))).toEqual({ ok: false, code })
  })

  test('refuses undefined', () => {
    expect(moneyFromJson(undefined)).toEqual({ ok: false, code: 'money_not_object' })
  })

  test('reads back what moneyToJson writes, through real JSON', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
        fc.constantFrom(KRW, JPY, USD, EUR, GEM),
        (amount, asset) => {
          const text = JSON.stringify(moneyToJson({ amount, asset }))
          expect(moneyFromJson(JSON.parse(text), { credits, sign: 'signed' })).toEqual({
            ok: true,
            money: { amount, asset },
          })
        },
      ),
    )
  })

  test('answers any JSON value without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (json, amount, currency) => {
        expect(typeof moneyFromJson(json).ok).toBe('boolean')
        expect(typeof moneyFromJson({ amount, currency }).ok).toBe('boolean')
        expect(typeof moneyFromJson({ amount, currency: 'KRW' }).ok).toBe('boolean')
      }),
    )
  })
})
