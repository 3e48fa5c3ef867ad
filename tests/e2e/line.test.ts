/** The story of a phone line, lived in a browser: nothing in it is a stand-in. */
import { addDays } from '@jeon/billing'
import { SANDBOX_PASSWORD } from '@jeon/carrier'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath } from '../../apps/web/test/browser.ts'
import * as owner from './owner.ts'
import { button, coins, newest, picture, status, voucher } from './owner.ts'
import { numberOf, openStack, type Stack } from './stack.ts'

if (chromiumPath === undefined) {
  console.warn('The story of a line is not lived in a browser: no Chromium found ($CHROMIUM_PATH).')
}

describe.skipIf(chromiumPath === undefined)('a phone line, in a browser', () => {
  let stack: Stack

  beforeAll(async () => {
    stack = await openStack()
    await stack.advanceTo(stack.dayAfter(1))
  }, 60_000)
  afterAll(() => stack.close())
  afterEach(async ({ task }) => {
    const failures = [...stack.failures]
    if (task.result?.state === 'fail') {
      for (const [index, page] of stack.open.entries()) await picture(page, `failed-${index}`)
    }
    await stack.leave()
    expect(failures).toEqual([])
  })

  test('buy up to the limit, each within a second, and be declined with the reason', async () => {
    const page = await stack.visit()
    await picture(page, 'limit-1-visit')
    await owner.linkLine(page, numberOf('16'))
    await picture(page, 'limit-2-linked')
    await owner.buyOnPage(page, coins.title)
    await page.locator('.device li[data-kind="charge"]').waitFor()
    await picture(page, 'limit-3-bought')
    await owner.openTab(page, 'home')

    const latencies: number[] = []
    for (const offer of [coins.id, coins.id, await stack.offer('1000')]) {
      const shown = await page.locator('.history .entry').count()
      expect(await owner.buyElsewhere(stack, page, offer)).toMatchObject({ status: 'accepted' })
      const boughtMs = performance.now()
      await page.locator('.history .entry').nth(shown).waitFor()
      latencies.push(performance.now() - boughtMs)
    }
    expect(Math.min(...latencies)).toBeLessThan(1_000)
    await status(page, '한도를 다 씀').waitFor()
    const ring = page.locator('.gauge[data-bucket="general"]')
    expect(await ring.getAttribute('class')).toContain('full')
    await picture(page, 'limit-4-full')

    const refused = await owner.buyElsewhere(stack, page, coins.id)
    expect(refused).toMatchObject({ code: 'carrier_declined', reason: { code: 'month_limit' } })
    await newest(page).locator('.tag').getByText('거절됨').waitFor()
    expect(await newest(page).locator('.reason').textContent()).toContain('한도')
    await picture(page, 'limit-5-declined')
  })

  test('block with one tap, be declined, unblock with its steps, and buy again', async () => {
    const page = await stack.visit()
    await owner.linkLine(page, numberOf('30'))
    await button(page, '지금 모든 결제 막기').click()
    await status(page, '내가 막아 둠').waitFor()
    await picture(page, 'block-1-blocked')
    const refused = await owner.buyElsewhere(stack, page, coins.id)
    expect(refused).toMatchObject({ reason: { code: 'blocked_by_payer' } })
    await newest(page).locator('.reason').waitFor()
    await picture(page, 'block-2-declined')

    await button(page.locator('.status'), '차단 풀기').click()
    await picture(page, 'block-3-plan')
    await button(page, '시작하기').click()
    await owner.prove(stack, page, numberOf('30'), '차단 풀기')
    await page.locator('.status .lifting').waitFor()
    await picture(page, 'block-4-proved')
    await stack.advance('23h')
    expect(await owner.buyElsewhere(stack, page, coins.id)).toMatchObject({
      reason: { code: 'blocked_by_payer' },
    })
    await stack.advance('61m')
    await status(page, '결제 켜짐').waitFor()
    await owner.buyOnPage(page, coins.title)
    await page.locator('.device li[data-kind="charge"]').waitFor()
    await picture(page, 'block-5-bought')
  })

  test('a voucher is approved on the carrier’s own page, with the payment password', async () => {
    const page = await stack.visit()
    await owner.linkLine(page, numberOf('32'))
    await owner.buyOnPage(page, voucher.title)
    await picture(page, 'voucher-1-asked')
    const opening = page.waitForEvent('popup')
    await page.getByRole('link', { name: '통신사 화면 열기' }).click()
    const carrierPage = await opening
    await picture(carrierPage, 'voucher-2-carrier')
    await carrierPage.getByLabel('문자 인증번호').fill(await owner.codeShown(page))
    await carrierPage.getByLabel('결제 비밀번호').fill('000000')
    await button(carrierPage, '결제하기').click()
    await carrierPage.getByText('결제 비밀번호가 맞지 않습니다.').waitFor()
    await picture(carrierPage, 'voucher-3-wrong')
    // The code that was right is still there.
    await carrierPage.getByLabel('결제 비밀번호').fill(SANDBOX_PASSWORD)
    await button(carrierPage, '결제하기').click()
    await carrierPage.getByRole('heading', { name: '결제를 승인했습니다' }).waitFor()
    await picture(carrierPage, 'voucher-4-done')
    await carrierPage.close()
    await page.locator('.sheet').waitFor({ state: 'detached' })
    await owner.openTab(page, 'home')
    const bought = newest(page)
    await bought.getByText('₩10,000').waitFor()
    expect(await bought.locator('.tag').textContent()).toBe('')
    await picture(page, 'voucher-5-bought')
  })

  test('"this was not me" freezes the payout, blocks the line and opens a case', async () => {
    const page = await stack.visit()
    await owner.linkLine(page, numberOf('33'))
    await owner.buyElsewhere(stack, page, coins.id)
    await newest(page).locator('summary').click()
    await picture(page, 'dispute-1-entry')
    await button(newest(page), /이건 제가 안 했어요/).click()
    await picture(page, 'dispute-2-sheet')
    await button(page, '이의 제기하기').click()
    await status(page, '내가 막아 둠').waitFor()
    await newest(page).locator('.case').getByText('이의 확인 중').waitFor()
    await picture(page, 'dispute-3-open')
    await owner.openTab(page, 'safety')
    await page.getByText('판매자에게 줄 대금이 묶여 있습니다.').waitFor()
    await picture(page, 'dispute-4-safety')
    expect(await owner.buyElsewhere(stack, page, coins.id)).toMatchObject({
      reason: { code: 'blocked_by_payer' },
    })
  })

  test('who reads English reads English everywhere', async () => {
    const page = await stack.visit({ language: 'en', size: { width: 1280, height: 900 } })
    await button(page, 'Make a guest wallet').click()
    await page.getByLabel('Phone number').fill('010-2000-0019')
    await picture(page, 'english-1-link')
    await button(page, 'Link this line').click()
    await page.locator('.connection.live').waitFor()
    await button(page.locator('.trial'), coins.title).click()
    await page.locator('.device li[data-kind="charge"]').waitFor()
    await button(page, 'Block all payments now').click()
    await owner.buyElsewhere(stack, page, coins.id)
    await newest(page).locator('.reason').waitFor()
    await picture(page, 'english-2-desk')
    await owner.openTab(page, 'bills')
    await picture(page, 'english-3-bills')
    await owner.openTab(page, 'safety')
    await picture(page, 'english-4-safety')
    // What is sold there has names in both languages.
    const words = (await page.locator('main').textContent()) ?? ''
    expect(words.replaceAll(/ · [\p{Script=Hangul} ]+/gu, '')).not.toMatch(/\p{Script=Hangul}/u)
  })

  test('miss the bill, be suspended, pay, be restored, and allow payments again', async () => {
    const page = await stack.visit()
    const number = numberOf('31')
    await owner.linkLine(page, number)
    await owner.buyElsewhere(stack, page, coins.id)
    const { bill_on, due_on } = await owner.comingBillOf(stack, page)
    await stack.advanceTo(bill_on)
    await page.locator('.owed').getByText('₩3,000').waitFor()
    await picture(page, 'missed-1-billed')
    await owner.openTab(page, 'phone')
    await page.locator('.device li[data-kind="bill"]').waitFor()
    await picture(page, 'missed-2-inbox')
    await owner.openTab(page, 'bills')
    await picture(page, 'missed-3-bills')

    // Nothing happens on such a day, and the page that was left open counts on all the same.
    await stack.advanceTo(addDays(due_on, -7))
    await owner.openTab(page, 'home')
    await page.locator('.owed').getByText('7일 후').waitFor()
    await stack.advanceTo(addDays(due_on, 10))
    await status(page, '미납으로 막힘').waitFor()
    await owner.buyElsewhere(stack, page, coins.id)
    await newest(page).locator('.reason').waitFor()
    await picture(page, 'missed-4-blocked')

    await stack.advanceTo(addDays(due_on, 30))
    await status(page, '발신 정지').waitFor()
    const { restore, owed } = await owner.standingOf(stack, page)
    expect(restore).toMatchObject({ rule: 'full_balance', pay: owed })
    await page.locator('.owed').getByText('30일 전').waitFor()
    const amount = Number(owed).toLocaleString('ko')
    await page.locator('.owed .restore').getByText(amount).waitFor()
    await picture(page, 'missed-5-suspended')
    await owner.openTab(page, 'phone')
    const texts = await page.locator('.device li[data-kind^="dunning"]').allTextContents()
    const told = texts.map((text) => `${text.includes('예고')} ${/차단|발신/.exec(text)?.[0]}`)
    expect(told.slice(0, 4)).toEqual(['false 발신', 'true 발신', 'false 차단', 'true 차단'])
    await picture(page, 'missed-6-inbox')
    await owner.openTab(page, 'bills')
    await picture(page, 'missed-7-bills')
    await owner.openTab(page, 'home')

    await button(page.locator('.owed'), '납부하기').click()
    expect(await page.locator('.toast').count()).toBe(0)
    await picture(page, 'missed-8-pay')
    await button(page.locator('.sheet'), '납부하기').click()
    await page.locator('.paid').getByText('이제 미납이 없습니다.').waitFor()
    await picture(page, 'missed-9-paid')
    await button(page.locator('.paid'), '닫기').click()
    await status(page, '통신사가 막음').waitFor()
    await picture(page, 'missed-10-restored')
    expect(await owner.buyElsewhere(stack, page, coins.id)).toMatchObject({
      reason: { code: 'blocked_by_operator' },
    })
    await button(page.locator('.status'), '차단 풀기').click()
    await picture(page, 'missed-11-plan')
    await button(page, '시작하기').click()
    await owner.prove(stack, page, number, '차단 풀기')
    await page.locator('.status .lifting').waitFor()
    await picture(page, 'missed-12-proved')
    await stack.advance('24h')
    await status(page, '결제 켜짐').waitFor()
    expect(await owner.buyElsewhere(stack, page, coins.id)).toMatchObject({ status: 'accepted' })
    await picture(page, 'missed-13-bought')
  })
})
