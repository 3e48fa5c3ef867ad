import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fieldFault } from './field-fault.ts'

const schema = z.strictObject({
  phone_number: z
    .string()
    .regex(/^\+\d{5,15}$/)
    .meta({ examples: ['+821020000001'] })
    .optional(),
  amount: z
    .union([
      z.enum(['all']),
      z
        .string()
        .regex(/^\d+$/)
        .meta({ examples: ['5000'] }),
    ])
    .nullable()
    .optional(),
  code: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  day: z.iso.date().optional(),
  kind: z.enum(['payer', 'voucher']).optional(),
  list: z
    .array(
      z.strictObject({
        at: z
          .string()
          .regex(/^x$/)
          .meta({ examples: ['x'] }),
      }),
    )
    .optional(),
  count: z.number().min(1).max(9).optional(),
})

function faults(input: unknown): { readonly ko: string; readonly en: string } {
  const issue = schema.safeParse(input).error?.issues[0]
  if (issue === undefined) throw new Error('nothing is wrong')
  return { ko: fieldFault(issue, schema, input, 'ko'), en: fieldFault(issue, schema, input, 'en') }
}

describe('a malformed field', () => {
  test('is said with what came and an example, in both languages', () => {
    expect(faults({ phone_number: '010-2000-0001' })).toEqual({
      ko: '“010-2000-0001”이라고 왔습니다. 형식이 맞지 않습니다. 예: +821020000001',
      en: '“010-2000-0001” came. It is not in the right form. Write it as in +821020000001',
    })
    expect(faults({ amount: '5,000원' }).ko).toContain('예: 5000')
    expect(faults({ amount: 5000 }).en).toContain('Write it as in 5000')
    expect(faults({ day: '23.11.2026' }).en).toContain('as in 2026-11-23')
    expect(faults({ list: [{ at: 'x' }, { at: 'y' }] }).en).toContain('as in x')
    expect(faults({ kind: 'all' }).ko).toBe('다음 중 하나여야 합니다: payer, voucher.')
    expect(faults({ count: 10 }).en).toBe('It must not be more than 9.')
    expect(faults({ list: [{}] }).en).toBe('It is missing. Write it as in x')
    expect(faults([]).en).toBe('It must be an object.')
  })

  test('that may be a secret is not said back', () => {
    expect(faults({ code: '12345x' })).toEqual({
      ko: '형식이 맞지 않습니다.',
      en: 'It is not in the right form.',
    })
  })

  test('never shows a pattern or a control character, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('phone_number', 'day', 'code'),
        (odd, name) => {
          const input = { [name]: odd }
          if (schema.safeParse(input).success) return
          const { ko, en } = faults(input)
          for (const text of [ko, en]) {
            expect(text.replace(/“.*”/s, '')).not.toMatch(/[\^$\\]|\/./)
            expect(text).not.toMatch(/\p{C}/u)
          }
        },
      ),
    )
  })
})
