/** What an owner stumbles over: several blocks, codes for different things, what is pending, written statements. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chromiumPath, type LineStage, openLineStage } from './browser.ts'
import { button, openLineScene, prove, sentTo } from './line-page.ts'

describe.skipIf(chromiumPath === undefined)('the owner of a line', { timeout: 20_000 }, () => {
  let stage: LineStage

  beforeAll(async () => {
    stage = await openLineStage()
    stage.context.setDefaultTimeout(4_000)
  }, 30_000)
  afterAll(() => stage.stop())
  beforeEach(async () => {
    stage.fake.reset()
    for (const page of stage.context.pages().slice(1)) await page.close()
  })

  test('a code is shown with what it is for, and one that came for something else is not', async () => {
    stage.fake.asking = 'url'
    const page = await openLineScene(stage, 'enabled', { width: 1280, height: 900 })
    stage.fake.carrier.send('code', '[SKT] 회선 연결 인증번호는 111111입니다.')
    await page.locator('.device li').getByText('111111').waitFor()
    await page
      .locator('.trial')
      .getByRole('button', { name: /상품권/ })
      .click()
    await page.getByRole('link', { name: '통신사 화면 열기' }).waitFor()
    stage.fake.carrier.send('code', '[SKT] 결제 확인 인증번호는 222222입니다.')
    const hint = page.locator('.sheet .sandbox-hint').first()
    await hint.getByText('222222').waitFor()
    expect(await hint.textContent()).toContain('결제 확인')
    expect(await page.locator('.sheet').textContent()).not.toContain('111111')
  })

  test('an unfinished payment does not follow the wallet to another line', async () => {
    stage.fake.asking = 'url'
    const page = await openLineScene(stage, 'enabled', { width: 1280, height: 900 })
    await page
      .locator('.trial')
      .getByRole('button', { name: /상품권/ })
      .click()
    await page.locator('.sheet').waitFor()
    stage.fake.carrier.phoneNumber = '+821020000002'
    stage.fake.carrier.entries = []
    stage.fake.dropConnections()
    await page.locator('.status').getByText('010-2000-0002').waitFor()
    await page.locator('.sheet').waitFor({ state: 'detached' })
    expect(await page.locator('.entry').count()).toBe(0)
  })

  test('one proof lifts every block of the owner’s, and what stays says why', async () => {
    const page = await openLineScene(stage, 'blocked-twice')
    const ends = await page.locator('.status .blocks').textContent()
    expect(ends).toContain('직접 풀 수 있음')
    expect(ends).toContain('통신사만 풀 수 있음')
    await button(page, '안전').click()
    await page.locator('.settings .is-set').getByRole('button').first().click()
    const plan = await page.locator('.sheet .lifted').textContent()
    for (const words of ['한 번 확인하면 모두', '모든 결제', '상품권만', '통신사만', '부정 사용'])
      expect(plan).toContain(words)
    await button(page, '시작하기').click()
    await prove(page, '차단 풀기')
    await page.locator('.toast').getByText('남은 차단: 부정 사용 의심. 고객센터 114').waitFor()
    expect(await page.locator('.status .granted').count()).toBe(2)
    expect(sentTo(stage, '/lift')).toHaveLength(1)
  })

  test('a written statement is asked for, is waited for, and read', async () => {
    const page = await openLineScene(stage, 'enabled')
    await button(page, '청구서').click()
    await button(page, '서면 내역 신청하기').click()
    await page.getByLabel('첫날').fill('2026-11-30')
    await page.locator('.sheet form').getByRole('button').click()
    await page.getByText('두 날짜를 고르세요').waitFor()
    await page.getByLabel('첫날').fill('2026-11-01')
    await page.locator('.sheet form').getByRole('button').click()
    await page.locator('.statements').getByText('12월 6일').waitFor()
    expect(sentTo(stage, '/statements')).toEqual([{ from: '2026-11-01', to: '2026-11-22' }])
    // It is still known after the page was left, and on this line alone.
    await page.reload()
    await button(page, '청구서').click()
    await page.locator('.statements').getByText('쓰는 중').waitFor()
    stage.fake.carrier.writeStatements()
    await button(page, /^보기: 11월 1일/).click()
    await page.locator('.statement').getByText('합계 8,650원').waitFor()
  })

  test('what is not decided yet is marked, and the wallet’s own money comes first', async () => {
    const page = await openLineScene(stage, 'own-money')
    const row = page.locator('.entry.pending')
    expect(await row.count()).toBe(1)
    expect(await row.locator('.tag').textContent()).toBe('예약됨')
    await row.locator('summary').click()
    await row.getByText('아직 확정되지 않았습니다').waitFor()
    const gathered = page.locator('.gathered')
    expect(await gathered.textContent()).toContain('연습용 돈 ₩8,500을 먼저 씁니다')
    stage.fake.ownMoney = 0
    await page.reload()
    await gathered.getByText('연습용 돈을 다 써서').waitFor()
  })

  test('a question that was closed is opened again from its row, and from the top of the page', async () => {
    const page = await openLineScene(stage, 'waiting')
    const row = page.locator('.entry.pending').first()
    await row.getByRole('button', { name: '확인하거나 거절하기: 공연 중계, ₩10,000' }).click()
    const link = page.getByRole('link', { name: '통신사 화면 열기' })
    expect(await link.getAttribute('href')).toBe(`${stage.fake.url}/carrier-page`)
    expect(await page.locator('.sheet').textContent()).toContain('거절하면 결제되지 않습니다')
    await page.keyboard.press('Escape')
    await page.locator('.awaiting').getByRole('button').click()
    await link.waitFor()
    stage.fake.asking = null
    await page.locator('.sheet').waitFor({ state: 'detached' })
    await page.locator('.awaiting').waitFor({ state: 'detached' })
    expect(await row.getByRole('button', { name: /거절하기/ }).count()).toBe(0)
  })

  test('before paying it is said that one’s own block stays', async () => {
    const page = await openLineScene(stage, 'overdue-blocked')
    for (const place of ['.status', '.owed .restore']) {
      await page.locator(place).getByText('납부해도 그 차단은 풀리지 않으니').waitFor()
    }
    expect(await page.locator('.usage .of').first().textContent()).toBe('남은 한도')
    expect(await page.locator('.usage .off').textContent()).toContain('지금은 결제할 수 없습니다')
  })

  test('who has bought nothing yet is shown where to buy', async () => {
    const page = await openLineScene(stage, 'empty')
    await page.locator('.history').getByRole('button', { name: '무엇이든 사 보기' }).click()
    await page.waitForFunction(() => document.activeElement?.id === 'trial-title')
    await page.locator('.trial').getByRole('button', { name: /보석/ }).click()
    await page.locator('.tabs [data-to="home"]').click()
    await page.locator('.figures').getByRole('button', { name: '무엇이든 사 보기' }).waitFor()
  })

  test('a number that cannot be linked has no phone beside it', async () => {
    stage.fake.linking = 'refused'
    const page = await openLineScene(stage, 'unlinked')
    await page.locator('#link-number').fill('010-2000')
    await button(page, '이 회선 연결하기').click()
    await page.locator('.fault').getByText('010-2000-0001처럼').waitFor()
    await page.locator('#link-number').fill('010-2000-0009')
    await button(page, '이 회선 연결하기').click()
    await page.locator('.refused').waitFor()
    expect(await page.locator('.device').count()).toBe(0)
  })

  test('what was written off is still owed, and paying everything pays it', async () => {
    const page = await openLineScene(stage, 'charged-off')
    expect(await page.locator('.owed .big').textContent()).toBe('₩15,300')
    await page.locator('.owed').getByRole('button', { name: '납부하기' }).click()
    expect(await page.locator('.choice').first().textContent()).toContain('₩15,300')
  })
})
