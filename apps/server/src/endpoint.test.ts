import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { linkBody } from './carriers/model.ts'
import { refusalOf } from './endpoint.ts'
import { type Language, problemOf } from './errors.ts'
import { createOfferBody } from './offers/model.ts'

function said(schema: z.ZodType, input: unknown, language: Language): string {
  const { error } = schema.safeParse(input)
  if (error === undefined) throw new Error('nothing is wrong')
  const refusal = refusalOf(error, { schema, input, language })
  return problemOf(refusal, { language, requestId: 'req_1', publicUrl: 'http://localhost' }).detail
}

describe('a malformed field', () => {
  test('is named with what came and an example, never with a pattern', () => {
    const link = { carrier: 'skt', phone_number: '010-2000-0001' }
    expect(said(linkBody, link, 'en')).toBe(
      'phone_number: “010-2000-0001” came. It is not in the right form. Write it as in +821020000001',
    )
    expect(said(linkBody, link, 'ko')).toBe(
      'phone_number: “010-2000-0001”이라고 왔습니다. 형식이 맞지 않습니다. 예: +821020000001',
    )
  })

  test('inside another is named by its path', () => {
    const offer = { title: 'Coins', price: { amount: 3_000, currency: 'KRW' } }
    expect(said(createOfferBody, offer, 'en')).toBe(
      'price.amount: “3000” came. It must be a text. Write it as in 150',
    )
    expect(said(createOfferBody, { price: offer.price }, 'ko')).toBe('title: 값이 없습니다.')
  })
})
