import { expect, test } from 'vitest'
import { messages } from './messages.ts'

test('Korean and English say the same things', () => {
  const keys = (language: 'ko' | 'en') => Object.keys(messages[language])
  expect(keys('ko')).toEqual(keys('en'))
})

test('both leave room for the same prices and times', () => {
  const blanks = (language: 'ko' | 'en') =>
    Object.entries(messages[language])
      .filter(([, text]) => String(text).includes('{}'))
      .map(([key]) => key)
  expect(blanks('ko')).toEqual(blanks('en'))
})
