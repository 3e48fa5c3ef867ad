import { expect, test } from 'vitest'
import { buildElements, gzipBytesMax } from './build.ts'

test('is one small module without imports, both languages included', async () => {
  const { code, gzipBytes } = await buildElements()
  expect(gzipBytes).toBeLessThanOrEqual(gzipBytesMax)
  expect(code).not.toMatch(/\bimport\s*[({"']/)
  expect(code).toContain('jeon-paywall')
  expect(code).toContain('되돌리기')
  expect(code).toContain('Undo')
})
