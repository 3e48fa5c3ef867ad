import { createJeon, newPaymentId } from '@jeon/sdk'
import { type FakePlatform, startFakePlatform } from '@jeon/sdk/testing'
import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPaper } from './app.ts'
import { articles } from './articles/index.ts'
import type { Article, Language } from './articles/model.ts'
import { drawingOf } from './drawings.ts'

let platform: FakePlatform
let paper: Hono

beforeAll(async () => {
  platform = await startFakePlatform()
  for (const { id, price, text } of articles) {
    platform.offers.set(id, { id, title: text.ko.title, price })
  }
  const jeon = createJeon({
    server: platform.url,
    key: 'sk_test_newspaper',
    merchant: platform.merchant,
  })
  paper = createPaper({ jeon, pageKey: 'pk_test_newspaper', now: () => Date.UTC(2026, 10, 22, 18) })
})

afterAll(() => platform.stop())

const languages = ['ko', 'en'] as const
const prefix: Readonly<Record<Language, string>> = { ko: '', en: '/en' }
const each = articles.flatMap((article) => languages.map((language) => ({ article, language })))

/** What `escape` would do to a paragraph is not what is looked for: its first words are enough. */
const opening = (paragraph: string) => paragraph.split(/[’“”&<>"']/)[0]?.slice(0, 30) ?? ''

describe.each(each)('$article.id in $language', ({ article, language }) => {
  const path = `${prefix[language]}/articles/${article.id}`

  test('shows title, price and teaser, and nothing that is paid for', async () => {
    const source = await textAt(path)
    const text = article.text[language]
    expect(source).toContain(text.title)
    expect(source).toContain(`price="${article.price.amount}"`)
    expect(source).toContain(opening(text.teaser))
    for (const paragraph of [text.heading, ...text.body]) {
      expect(opening(paragraph).length).toBeGreaterThan(2)
      expect(source).not.toContain(opening(paragraph))
    }
    const front = await textAt(prefix[language] || '/')
    expect(front).toContain(text.title)
    for (const paragraph of text.body) expect(front).not.toContain(opening(paragraph))
  })

  test('opens with a receipt for it, and with no other', async () => {
    const right = await contentWith(path, await receiptFor(article))
    expect(right.status).toBe(200)
    expect(right.headers.get('cache-control')).toContain('no-store')
    const html = await right.text()
    for (const paragraph of article.text[language].body) expect(html).toContain(opening(paragraph))

    const other = articles.find(({ id }) => id !== article.id)
    if (other === undefined) throw new Error('one article is not a paper')
    const receipt = await receiptFor(article)
    for (const wrong of [
      undefined,
      '',
      'free please',
      await receiptFor(other),
      `${receipt.slice(0, -4)}AAAA`,
      await receiptFor(article, { aud: newPaymentId().replace('pay_', 'mer_') }),
      await receiptFor(article, { exp: 1_000_000_000 }),
    ]) {
      const refused = await contentWith(path, wrong)
      expect(refused.status).toBe(402)
      expect(await refused.text()).not.toContain(opening(article.text[language].body[0] ?? ''))
    }
  })

  test('is a whole article with a drawing', () => {
    const { body, teaser, deck } = article.text[language]
    expect(body.length + 1).toBeGreaterThanOrEqual(4)
    expect(body.length + 1).toBeLessThanOrEqual(7)
    expect(body.length).toBe(article.text[language === 'ko' ? 'en' : 'ko'].body.length)
    expect(Math.min(teaser.length, deck.length)).toBeGreaterThan(10)
    expect(drawingOf(article.id)).toContain('<svg')
  })
})

test('sells at prices from 0.3 to 500 won, and one in dollars', () => {
  const prices = new Set(articles.map(({ price }) => `${price.amount} ${price.currency}`))
  const wanted = ['0.3 KRW', '10 KRW', '50 KRW', '150 KRW', '300 KRW', '500 KRW', '0.002 USD']
  expect(prices).toEqual(new Set(wanted))
})

test('dates itself in Seoul', async () => {
  expect(await textAt('/')).toContain('2026년 11월 23일 월요일')
  expect(await textAt('/en')).toContain('Monday')
})

test('answers what it does not have with 404', async () => {
  for (const path of ['/articles/nothing', '/en/articles/nothing', '/nothing']) {
    expect((await paper.request(path)).status).toBe(404)
  }
  expect((await contentWith('/articles/nothing', undefined)).status).toBe(404)
})

test('keeps scripts of others out', async () => {
  const policy = (await paper.request('/')).headers.get('content-security-policy') ?? ''
  expect(policy).toContain(`script-src 'self' ${platform.url}`)
  expect(policy).not.toMatch(/script-src[^;]*unsafe/)
})

async function textAt(path: string): Promise<string> {
  const response = await paper.request(path)
  expect(response.status).toBe(200)
  return response.text()
}

async function contentWith(path: string, receipt: string | undefined): Promise<Response> {
  const headers = receipt === undefined ? {} : { 'Jeon-Receipt': receipt }
  return paper.request(`${path}/content`, { headers })
}

function receiptFor(article: Article, claims: Readonly<Record<string, unknown>> = {}) {
  const nowS = Math.floor(Date.now() / 1000)
  return platform.sign({
    iss: platform.url,
    sub: newPaymentId().replace('pay_', 'wal_'),
    aud: platform.merchant,
    pay: newPaymentId(),
    offer: article.id,
    amount: article.price.amount,
    currency: article.price.currency,
    iat: nowS,
    exp: nowS + 60,
    jti: newPaymentId(),
    ...claims,
  })
}
