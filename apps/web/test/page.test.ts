import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createJeon } from '@jeon/sdk'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chromiumPath, openStage, type PageOptions, type Stage } from './browser.ts'

if (chromiumPath === undefined) {
  console.warn('The wallet page is not tested in a browser: no Chromium found ($CHROMIUM_PATH).')
}

describe.skipIf(chromiumPath === undefined)('the wallet page', { timeout: 20_000 }, () => {
  let stage: Stage
  let axe: string

  beforeAll(async () => {
    stage = await openStage()
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  }, 30_000)
  afterAll(() => stage.stop())
  beforeEach(async () => {
    const { platform, context } = stage
    platform.fault = () => undefined
    platform.wallets.clear()
    platform.history.length = 0
    platform.events.length = 0
    platform.offers.set('article-1', {
      id: 'article-1',
      title: '첫 기사',
      price: { amount: '150', currency: 'KRW' },
    })
    await context.clearCookies()
    for (const page of context.pages().slice(1)) await page.close()
  })

  const pay = async () => {
    const wallet = [...stage.platform.wallets.values()].at(-1)
    const jeon = createJeon({ server: stage.platform.url, key: wallet?.token ?? 'none' })
    const outcome = await jeon.payments.create({ offer: 'article-1' })
    if (outcome.status !== 'accepted') throw new Error(`not paid: ${outcome.status}`)
    return outcome.value.id
  }
  const openWallet = async (options?: PageOptions): Promise<Page> => {
    const page = await stage.open(options)
    await page.locator('.notice .primary').click()
    await page.locator('.connection.live').waitFor()
    return page
  }
  const violations = async (page: Page) => {
    await page.evaluate(axe)
    return page.evaluate(async () => {
      // @ts-expect-error: the page has it since the line above
      const found = await globalThis.axe.run()
      return found.violations.map(
        (one: { id: string; nodes: { html: string }[] }) =>
          `${one.id}: ${one.nodes.map(({ html }) => html).join(' ')}`,
      )
    })
  }

  test('a new visitor gets a guest wallet with one tap, and no script fails', async () => {
    const page = await stage.open()
    const failures: Error[] = []
    page.on('pageerror', (error) => failures.push(error))
    await page.getByRole('button', { name: '손님 지갑 만들기' }).click()
    expect(await page.locator('.sum').textContent()).toBe('₩10,000')
    expect(await page.locator('.nothing').textContent()).toContain('아직 쓴 돈이 없습니다')
    await page.getByRole('button', { name: /USD/ }).click()
    expect(await page.locator('.sum').textContent()).toBe('US$5.00')
    expect(failures).toEqual([])
  })

  test('what only waits is not shown as one’s own', async () => {
    await stage.context.route('**/v1/wallet', async (route) => {
      const response = await route.fetch()
      const wallet = await response.json()
      Object.assign(wallet.pockets?.[0] ?? {}, { balance: '43000', held: '33000' })
      await route.fulfill({ response, json: wallet })
    })
    const page = await openWallet()
    expect(await page.locator('.sum').textContent()).toBe('₩10,000')
    expect(await page.locator('.held').textContent()).toContain('₩33,000')
    await page.getByText('잡혀 있는 돈도 여기에 셉니다.').waitFor()
    await stage.context.unroute('**/v1/wallet')
  })

  test('the links of the header stand in one row', async () => {
    const page = await openWallet()
    const link = page.getByRole('link', { name: '휴대폰 결제' })
    const middleOf = async (each: typeof link) =>
      each.evaluate((element) => {
        const range = document.createRange()
        range.selectNodeContents(element)
        const { top, height } = range.getBoundingClientRect()
        return top + height / 2
      })
    const other = page.getByRole('button', { name: 'English' })
    expect(Math.abs((await middleOf(link)) - (await middleOf(other)))).toBeLessThan(2)
    expect(await link.evaluate((each) => getComputedStyle(each).textDecorationLine)).toBe('none')
  })

  test('a payment made elsewhere slides in within a second, and the figures follow', async () => {
    const page = await openWallet()
    const startedMs = performance.now()
    const id = await pay()
    await page.locator(`.row.new[data-id="${id}"]`).waitFor()
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    expect(await page.locator('.sum').textContent()).toBe('₩9,850')
    expect(await page.locator('.gauge').first().textContent()).toContain('₩9,850 남음')
    expect(await page.locator('.history [role=status]').textContent()).toBe(
      '새 내역: 첫 기사, ₩150',
    )
  })

  test('a payment is taken back after a question, by keyboard alone', async () => {
    const page = await openWallet()
    const id = await pay()
    const row = page.locator(`.row[data-id="${id}"]`)
    await row.getByRole('button', { name: '첫 기사, ₩150 환불' }).press('Enter')
    await page.waitForFunction(() => document.activeElement?.textContent === '네, 환불합니다')
    await page.keyboard.press('Enter')
    await page.locator('.toast.good').waitFor()
    await row.getByText('환불됨').waitFor()
    await page.locator('.row.refund').waitFor()
    expect(await page.locator('.sum').textContent()).toBe('₩10,000')
    expect(stage.platform.history.filter(({ object }) => object === 'refund')).toHaveLength(1)
  })

  test('when the test clock moves, what is old can no longer be taken back', async () => {
    const page = await openWallet()
    await pay()
    await page.locator('.undo').waitFor()
    stage.platform.clockAheadMs = 40 * 86_400_000
    await pay()
    await page.locator('.day').nth(1).waitFor()
    await page.waitForTimeout(700)
    expect(await page.locator('.day h3').first().textContent()).toBe('오늘')
    expect(await page.locator('.undo').count()).toBe(1)
    stage.platform.clockAheadMs = 0
  })

  test('a refund whose answer is lost happens once', async () => {
    const page = await openWallet()
    const id = await pay()
    let faults = 0
    stage.platform.fault = ({ path }) => {
      if (!path.endsWith('/refund') || faults > 0) return undefined
      faults += 1
      return 'drop_after'
    }
    const row = page.locator(`.row[data-id="${id}"]`)
    await row.locator('.undo').click()
    await row.locator('.primary').click()
    await page.locator('.toast.good').waitFor()
    expect(stage.platform.history.filter(({ object }) => object === 'refund')).toHaveLength(1)
  })

  test('limits: wrong ones are explained, right ones are saved, the others stay', async () => {
    const page = await openWallet({ language: 'en' })
    await page.getByRole('button', { name: 'Change limits' }).click()
    await page.getByLabel('For one payment').fill('20,000')
    await page.getByRole('button', { name: 'Save limits' }).click()
    expect(await page.locator('#limit-payment-fault').textContent()).toContain('More than a day')
    await page.getByLabel('For one payment').fill('100')
    await page.getByLabel('Per day').fill('2,000')
    await page.getByRole('button', { name: 'Save limits' }).click()
    await page.locator('.toast.good').waitFor()
    expect(await page.locator('.limits > p').textContent()).toContain('at most ₩100')
    const [wallet] = stage.platform.wallets.values()
    expect(wallet?.limits.get('KRW')).toEqual([
      { per: 'payment', scope: 'all', amount_max: '100' },
      { per: 'day', scope: 'all', amount_max: '2000', count_max: 100 },
      { per: 'month', scope: 'all', amount_max: '50000' },
    ])
    await page.getByRole('button', { name: 'Change limits' }).click()
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog[open]').count()).toBe(0)
  })

  test('a lost connection is said, and what was missed is there afterwards', async () => {
    const page = await openWallet()
    stage.platform.fault = ({ path }) => (path.endsWith('/live') ? 'error_before' : undefined)
    stage.platform.dropConnections()
    await page.locator('.connection.reconnecting').waitFor()
    const id = await pay()
    stage.platform.fault = () => undefined
    await page.locator('.connection.live').waitFor()
    await page.locator(`.row[data-id="${id}"]`).waitFor()
  })

  test('a long history comes page by page', async () => {
    const page = await openWallet()
    for (let count = 0; count < 45; count += 1) await pay()
    await page.reload()
    await page.locator('.row').nth(19).waitFor()
    expect(await page.locator('.row').count()).toBe(20)
    await page.locator('.more').click()
    await page.locator('.row').nth(39).waitFor()
    await page.locator('.more').click()
    await page.locator('.row').nth(44).waitFor()
    const ids = await page
      .locator('.row')
      .evaluateAll((rows) => rows.map(({ dataset }) => dataset.id))
    expect(new Set(ids).size).toBe(45)
  })

  test('a platform that does not answer is not an empty wallet', async () => {
    stage.platform.fault = ({ path }) => (path.startsWith('/v1/') ? 'drop_before' : undefined)
    const page = await stage.open()
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('돈은 안전하니')
    stage.platform.fault = () => undefined
    await page.getByRole('button', { name: '다시 시도' }).click()
    await page.getByRole('button', { name: '손님 지갑 만들기' }).waitFor()
  })

  test.each([
    { language: 'ko', isDark: false, width: 390 },
    { language: 'en', isDark: true, width: 320 },
    { language: 'en', isDark: false, width: 1280 },
    { language: 'ko', isDark: true, width: 1280 },
  ] as const)('axe finds nothing: %o', async (options) => {
    const page = await stage.open(options)
    await page.locator('.notice').waitFor()
    expect(await violations(page)).toEqual([])
    await page.locator('.notice .primary').click()
    await page.locator('.connection.live').waitFor()
    await pay()
    await page.locator('.undo').click()
    expect(await violations(page)).toEqual([])
    await page.locator('.limits > .secondary').click()
    await page.locator('#limit-day').fill('x')
    await page.locator('dialog .primary').click()
    expect(await violations(page)).toEqual([])
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
    await page.close()
  })
})
