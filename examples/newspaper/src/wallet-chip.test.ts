import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** What the chip says of a wallet. */
async function chipOf(pocket: Readonly<Record<string, string>>) {
  const sum = { textContent: '', hidden: true }
  const credit = { textContent: '', hidden: true }
  const chip = {
    dataset: { server: 'http://jeon', key: 'pk_test_1', credit: '+ {} on the phone bill' },
    querySelector: (name: string) => (name === 'b' ? sum : credit),
  }
  vi.stubGlobal('document', { documentElement: { lang: 'en' }, querySelector: () => chip })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('fetch', async () => Response.json({ pockets: [{ currency: 'KRW', ...pocket }] }))
  vi.resetModules()
  // @ts-expect-error: a page's script has no types
  await import('./wallet-chip.js')
  await vi.waitFor(() => expect(sum.hidden).toBe(false))
  return { sum: sum.textContent, credit: credit.hidden ? undefined : credit.textContent }
}

test('shows the wallet’s own money, and what a phone bill adds only in words', async () => {
  expect(await chipOf({ balance: '10000', held: '0', available: '20000' })).toEqual({
    sum: '₩10,000',
    credit: '+ ₩10,000 on the phone bill',
  })
})

test('counts neither what only passes through nor what is owed already', async () => {
  expect(await chipOf({ balance: '43000', held: '33000', available: '10000' })).toEqual({
    sum: '₩10,000',
    credit: undefined,
  })
  expect(await chipOf({ balance: '-3000', held: '0', available: '7000' })).toEqual({
    sum: '₩0',
    credit: '+ ₩7,000 on the phone bill',
  })
})
