import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RepeatedTexts } from './repeated-texts.ts'

test('the text is that of the bytes, whatever was read before', () => {
  const texts = new RepeatedTexts()
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    // More than are remembered, so that they take each other's places.
    fc.integer({ min: 0, max: 5_000 }).map((number) => `article-${number}`),
  )
  fc.assert(
    fc.property(fc.array(text, { maxLength: 200 }), (wanted) => {
      const parts = wanted.map((each) => Buffer.from(each))
      const all = Buffer.concat(parts)
      let at = 0
      const read = parts.map((part) => {
        at += part.length
        return texts.read(all, at - part.length, at)
      })
      expect(read).toEqual(parts.map((part) => part.toString()))
    }),
  )
})
