import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildElements } from '../src/build.ts'
import { chromiumPath, launchChromium } from './chromium.ts'
import { type FakeJeon, startFakeJeon } from './fake-jeon.ts'

const path = chromiumPath()
if (path === undefined) {
  console.warn('Skipped: no Chromium at /usr/bin/chromium, on the PATH, or in $CHROMIUM.')
}

describe.skipIf(path === undefined)('<jeon-paywall> in Chromium', { timeout: 15_000 }, () => {
  let browser: Browser
  let fake: FakeJeon
  let context: BrowserContext
  let page: Page

  beforeAll(async () => {
    const { code } = await buildElements()
    fake = await startFakeJeon(code)
    browser = await launchChromium(path ?? '')
  }, 30_000)

  afterAll(async () => {
    await browser.close()
    await fake.stop()
  })

  beforeEach(async () => {
    fake.payments.clear()
    fake.waiting.clear()
    fake.next.length = 0
    fake.requests.length = 0
    fake.markup = markup('ko')
    context = await browser.newContext()
    page = await context.newPage()
  })

  afterEach(() => context.close())

  const markup = (lang: string) => `<!doctype html><html lang="${lang}"><title>Article</title>
    <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
    <main><h1>Title</h1><jeon-paywall server="${fake.server}" key="pk_test_1" offer="article-1" price="150"
      currency="KRW" content="/content" timeout-ms="900"><p>Teaser.</p></jeon-paywall></main>
    <script>window.told = []; for (const name of ['jeon-paid', 'jeon-refunded', 'jeon-declined'])
      addEventListener(name, (event) => told.push([name, event.detail]))</script>
    <script type="module" src="${fake.server}/elements.js"></script></html>`

  const open = async (on = page) => {
    await on.goto(fake.page)
    await on.locator('jeon-paywall[state]').waitFor()
  }
  const readOn = (on = page) =>
    on.getByRole('button', { name: /계속 읽기|Read on|다시 시도|Try again/ })
  const paidText = (on = page) => on.getByText('Paid words.')
  const posts = () => fake.requests.filter((request) => request === 'POST /v1/payments').length
  const told = () =>
    page.evaluate(() => Reflect.get(window, 'told').map(([name]: [string]) => name))
  const unrefunded = () => [...fake.payments.values()].filter((refunded) => !refunded).length

  test('one tap without a wallet: the price, the text in place, and an event', async () => {
    await open()
    expect(await readOn().textContent()).toBe('계속 읽기₩150')
    expect(await paidText().count()).toBe(0)
    await readOn().click()
    await paidText().waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('The rest')
    expect(await page.getByRole('status').textContent()).toBe('₩150 냈어요.')
    expect(fake.payments.size).toBe(1)
    expect(await told()).toEqual(['jeon-paid'])
  })

  test('undo gives it back and closes the text; paying again is a new payment', async () => {
    await open()
    await readOn().click()
    await paidText().waitFor()
    await page.waitForTimeout(750)
    await page.getByRole('button', { name: '되돌리기' }).click()
    await page.getByText('₩150 돌려드렸어요.').waitFor()
    expect(await paidText().count()).toBe(0)
    expect([...fake.payments.values()]).toEqual([true])
    await readOn().click()
    await paidText().waitFor()
    expect([...fake.payments.values()]).toEqual([true, false])
    expect(await told()).toEqual(['jeon-paid', 'jeon-refunded', 'jeon-paid'])
  })

  test('a refusal says why and where to go, and can be tried again', async () => {
    fake.next.push({ code: 'window_exceeded', resets_at: '2026-11-22T15:00:00Z' })
    await open()
    await readOn().click()
    await page.getByText(/정해 둔 지출 한도를 넘어요. 돈은 나가지 않았어요. 2026.*부터/).waitFor()
    const wallet = page.getByRole('link', { name: '지갑 열기' })
    expect(await wallet.getAttribute('href')).toBe(`${fake.server}/wallet`)
    expect(await told()).toEqual(['jeon-declined'])
    await page.getByRole('button', { name: /다시 시도/ }).click()
    await paidText().waitFor()
    expect(fake.payments.size).toBe(1)
  })

  test('a purchase that the carrier asks about: says so, links there, and goes on when confirmed', async () => {
    fake.next.push('ask')
    await open()
    await readOn().click()
    await page.getByText('통신사가 확인을 기다려요.').waitFor()
    const link = page.getByRole('link', { name: '통신사에서 확인하기' })
    expect(await link.getAttribute('href')).toBe(`${fake.page}/carrier`)
    expect(await link.getAttribute('target')).toBe('_blank')
    expect(await page.getByRole('button').count()).toBe(0)
    // A reload does not lose it.
    await page.reload()
    await link.waitFor()
    const [id = ''] = fake.waiting.keys()
    fake.payments.set(id, false)
    await paidText().waitFor()
    expect(posts()).toBe(2)
  })

  test('one that its payer refuses at the carrier ends with the reason, and the next tap is a new one', async () => {
    fake.markup = markup('en')
    fake.next.push('ask')
    await open()
    await readOn().click()
    await page.getByText('Your phone company asks you to confirm.').waitFor()
    const [id = ''] = fake.waiting.keys()
    fake.waiting.set(id, { code: 'validation_failed', text: 'You did not confirm it.' })
    await page.getByText('You did not confirm it. Nothing was taken.').waitFor()
    const line = page.getByRole('link', { name: 'Open phone line' })
    expect(await line.getAttribute('href')).toBe(`${fake.server}/line`)
    expect(await told()).toEqual(['jeon-declined'])
    await page.getByRole('button', { name: /Try again/ }).click()
    await paidText().waitFor()
    expect([...fake.payments.keys()]).not.toContain(id)
  })

  test('a refusal of the carrier says its reason in the language of the page', async () => {
    const languages: (string | undefined)[] = []
    await page.route('**/v1/payments?*', (route) => {
      if (route.request().method() === 'POST') {
        languages.push(route.request().headers()['accept-language'])
      }
      return route.continue()
    })
    const reason = { code: 'blocked_by_payer', text: '회선 주인이 소액결제를 차단했습니다.' }
    fake.next.push({ code: 'credit_blocked', reason })
    await open()
    await readOn().click()
    await page.getByText('회선 주인이 소액결제를 차단했습니다. 돈은 나가지 않았어요.').waitFor()
    const line = page.getByRole('link', { name: '내 회선 열기' })
    expect(await line.getAttribute('href')).toBe(`${fake.server}/line`)
    expect(languages.at(-1)).toBe('ko')
  })

  test('a server that hangs: says that it checks, and pays once under the same id', async () => {
    fake.next.push('hang')
    await open()
    await readOn().click()
    await page.getByText('결제됐는지 확인하고 있어요.').waitFor()
    expect(await page.getByRole('button').count()).toBe(0)
    await paidText().waitFor()
    expect([posts(), fake.payments.size]).toEqual([3, 1])
  })

  test.each(['lost', 'broken'] as const)(
    'an answer that is %s: asks, and never pays twice',
    async (mishap) => {
      fake.next.push(mishap)
      await open()
      await readOn().click()
      await paidText().waitFor()
      expect(fake.requests.at(-1)).toMatch(/^GET \/v1\/payments\/pay_/)
      expect([posts(), fake.payments.size]).toEqual([2, 1])
      expect(await told()).toEqual(['jeon-paid'])
    },
  )

  test('a reload in the middle asks first and shows what was paid', async () => {
    fake.next.push('slow')
    await open()
    await readOn().click()
    await expect.poll(() => fake.payments.size).toBe(1)
    await page.reload()
    await paidText().waitFor()
    expect([posts(), fake.payments.size]).toEqual([2, 1])
    expect(await page.getByRole('button').count()).toBe(0)
  })

  test('a reload before anything was paid pays nothing until the next tap', async () => {
    fake.next.push('hang')
    await open()
    await readOn().click()
    await expect.poll(posts).toBe(2)
    await page.reload()
    await page.locator('jeon-paywall[state=idle]').waitFor()
    await expect.poll(() => fake.requests.some((request) => /GET .*pay_/.test(request))).toBe(true)
    expect(fake.payments.size).toBe(0)
    await readOn().click()
    await paidText().waitFor()
    expect(fake.payments.size).toBe(1)
  })

  test('a double click pays once and undoes nothing', async () => {
    await open()
    await readOn().dblclick()
    await paidText().waitFor()
    await page.waitForTimeout(100)
    expect([fake.payments.size, unrefunded()]).toEqual([1, 1])
  })

  test('two tabs of one article pay once', async () => {
    const other = await context.newPage()
    await open()
    await open(other)
    fake.next.push('slow')
    await Promise.all([readOn().click(), readOn(other).click()])
    await Promise.all([paidText().waitFor(), paidText(other).waitFor()])
    expect([...fake.payments.values()]).toEqual([false])
  })

  test('a tab that was opened before another one paid pays nothing when it is tapped', async () => {
    const other = await context.newPage()
    await open()
    await open(other)
    await readOn().click()
    await paidText().waitFor()
    await readOn(other).click()
    await paidText(other).waitFor()
    expect([...fake.payments.values()]).toEqual([false])
  })

  test('an undo whose request is lost is sent again as the same refund', async () => {
    const keys: (string | undefined)[] = []
    await page.route('**/refund', (route) => {
      if (route.request().method() === 'OPTIONS') return route.continue()
      keys.push(route.request().headers()['idempotency-key'])
      return keys.length === 1 ? route.abort() : route.continue()
    })
    await open()
    await readOn().click()
    await paidText().waitFor()
    await page.waitForTimeout(750)
    await page.getByRole('button', { name: '되돌리기' }).click()
    await page.getByText('₩150 돌려드렸어요.').waitFor()
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^rfd_[0-9a-z]{26}$/)
  })

  test('a return visit opens without paying, also where the browser forgot the id', async () => {
    await open()
    await readOn().click()
    await paidText().waitFor()
    for (const forget of [false, true]) {
      if (forget) await page.evaluate(() => localStorage.clear())
      await page.reload()
      await paidText().waitFor()
    }
    expect(fake.payments.size).toBe(1)
    expect(await told()).toEqual([])
  })

  test('a paid text that does not load is loaded again, not paid again', async () => {
    await page.route('**/content', (route) => route.abort())
    await open()
    await readOn().click()
    await page.getByText('결제는 됐어요. 글을 불러오지 못했어요.').waitFor()
    await page.unroute('**/content')
    await page.getByRole('button', { name: '다시 시도' }).click()
    await paidText().waitFor()
    expect(fake.payments.size).toBe(1)
  })

  test('no connection at all: nothing sent, and said so', async () => {
    await page.route('**/v1/**', (route) => route.abort())
    await open()
    await readOn().click()
    await page.getByText('연결이 되지 않아요. 돈은 나가지 않았어요.').waitFor()
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  test('by keyboard alone', async () => {
    await open()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await paidText().waitFor()
    await page.waitForTimeout(750)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.getByText('₩150 돌려드렸어요.').waitFor()
    expect(
      await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent),
    ).toBe('계속 읽기₩150')
  })

  test.each([
    ['ko', 'light', /계속 읽기/],
    ['en', 'dark', /Read on/],
  ] as const)('axe finds nothing in any state (%s, %s)', async (lang, colorScheme, name) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    fake.markup = markup(lang)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const check = async (state: string) => {
      await page.locator(`jeon-paywall[state=${state}]`).waitFor()
      const violations = await page.evaluate(async () => {
        const { violations } = await Reflect.get(window, 'axe').run()
        return violations.map((violation: { id: string }) => violation.id)
      })
      expect(violations, state).toEqual([])
    }
    await open()
    await page.evaluate(axe)
    await page.getByRole('button', { name }).waitFor()
    expect(
      await readOn().evaluate((button) => button.getBoundingClientRect().height),
    ).toBeGreaterThanOrEqual(48)
    await check('idle')
    fake.next.push({ code: 'insufficient_funds' }, 'hang')
    await readOn().click()
    await check('declined')
    fake.next.splice(0, 1, 'ask')
    await readOn().click()
    await check('waiting')
    const [asked = ''] = fake.waiting.keys()
    fake.waiting.set(asked, { code: 'validation_failed', text: 'No.' })
    fake.next.push('hang')
    await check('declined')
    await readOn().click()
    await check('unknown')
    await paidText().waitFor()
    await check('paid')
  })

  test('without JavaScript the teaser stays', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    const still = await plain.newPage()
    await still.goto(fake.page)
    await still.getByText('Teaser.').waitFor()
    await plain.close()
  })
})
