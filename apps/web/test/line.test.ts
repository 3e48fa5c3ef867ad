import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chromiumPath, type LineStage, openLineStage, type PageOptions } from './browser.ts'
import { button, openLineScene, prove, sentTo } from './line-page.ts'

if (chromiumPath === undefined) {
  console.warn('The line page is not tested in a browser: no Chromium found ($CHROMIUM_PATH).')
}

describe.skipIf(chromiumPath === undefined)('the page of a phone line', { timeout: 20_000 }, () => {
  let stage: LineStage
  let axe: string

  beforeAll(async () => {
    stage = await openLineStage()
    stage.context.setDefaultTimeout(4_000)
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  }, 30_000)
  afterAll(() => stage.stop())
  beforeEach(async () => {
    stage.fake.reset()
    for (const page of stage.context.pages().slice(1)) await page.close()
  })

  const openScene = (scene: string, options?: PageOptions) => openLineScene(stage, scene, options)
  const sent = (path: string) => sentTo(stage, path)

  test('a new visitor makes a wallet and links a line silently, and no script fails', async () => {
    stage.fake.isLinked = false
    const page = await openScene('no-wallet')
    const failures: Error[] = []
    page.on('pageerror', (error) => failures.push(error))
    await button(page, '손님 지갑 만들기').click()
    await page.getByRole('radio', { name: 'KT', exact: true }).check()
    await page.getByLabel('휴대폰 번호').fill('02 1234')
    await button(page, '이 회선 연결하기').click()
    await page.getByText('010-2000-0001처럼').first().waitFor()
    await page.getByLabel('휴대폰 번호').fill('010-3000-0001')
    await button(page, '이 회선 연결하기').click()
    await page.getByRole('heading', { name: '결제 켜짐' }).waitFor()
    expect(sent('/links')).toEqual([{ carrier: 'kt', phone_number: '+821030000001' }])
    expect(failures).toEqual([])
  })

  test('where the network cannot vouch, a code and the password link it', async () => {
    stage.fake.linking = 'proof'
    const page = await openScene('unlinked')
    await button(page, /0017/).click()
    await button(page, '이 회선 연결하기').click()
    await button(page, '채우기').click()
    await page.getByLabel('결제 비밀번호').fill('000000')
    await button(page, '이 회선 연결하기').click()
    await page.getByText('맞지 않습니다').waitFor()
    await page.getByLabel('결제 비밀번호').fill('135790')
    await button(page, '이 회선 연결하기').click()
    await page.getByRole('heading', { name: '결제 켜짐' }).waitFor()
  })

  test('a refusal is plain, and another number may be tried', async () => {
    stage.fake.linking = 'refused'
    const page = await openScene('unlinked')
    await page.getByLabel('휴대폰 번호').fill('01020000014')
    await button(page, '이 회선 연결하기').click()
    expect(await page.locator('.refused').textContent()).toContain('유심이 바뀌어')
    await button(page, '다른 번호로 해 보기').click()
    expect(await page.getByLabel('휴대폰 번호').inputValue()).toBe('01020000014')
  })

  test('a purchase made elsewhere is there within a second, and a declined one says why', async () => {
    const page = await openScene('enabled')
    const startedMs = performance.now()
    const { id } = stage.fake.carrier.buy({ merchant: '전일보', description: '사설', amount: 700 })
    await page.locator(`.entry.new[data-id="${id}"]`).waitFor()
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    await page.locator('.toasts').getByText('새 내역: 사설, ₩700').waitFor()
    await page.locator('.gauge').first().getByText('₩262,650').waitFor()

    stage.fake.carrier.block('payer')
    const declined = stage.fake.carrier.buy({
      merchant: '모두의상품권',
      description: '상품권',
      amount: 50_000,
    })
    const row = page.locator(`.entry[data-id="${declined.id}"]`)
    await row.waitFor()
    expect(await row.textContent()).toContain('직접 소액결제를 막아 두었습니다.')
    await button(page, '거절').click()
    expect(await page.locator('.entry').count()).toBe(1)
    await row.locator('summary').click()
    await row.getByRole('link', { name: '02-1234-5678' }).waitFor()
    expect(await row.getByRole('button').count()).toBe(0)
  })

  test('one tap blocks, and what it does stood there before', async () => {
    const page = await openScene('enabled')
    expect(await page.locator('.status .does').textContent()).toContain('모든 소액결제를 막습니다')
    await button(page, '지금 모든 결제 막기').click()
    await page.getByRole('heading', { name: '내가 막아 둠' }).waitFor()
    expect(sent('/blocks')).toEqual([{ kind: 'payer' }])
  })

  test('a block is lifted in steps, and says when it works again', async () => {
    const page = await openScene('blocked')
    await button(page, '차단 풀기').first().click()
    const plan = await page.locator('.plan').textContent()
    for (const words of ['본인 정보', '문자 인증번호', '결제 비밀번호', '12시간 뒤'])
      expect(plan).toContain(words)
    await button(page, '시작하기').click()
    await button(page, '다음').click()
    await page.getByText('빈칸을 채워 주세요.').waitFor()
    await prove(page, '차단 풀기')
    await page.locator('.status .lifting').getByText('11월 23일에 차단이 풀립니다.').waitFor()
    expect(sent('/lift')).toEqual([{ proof: expect.any(String) }])
  })

  test('a wrong code is said, and the step stays', async () => {
    const page = await openScene('no-consent')
    await button(page, '결제 켜기').click()
    await button(page, '동의합니다').click()
    await page.getByLabel('문자 인증번호').fill('1')
    await button(page, '다음').click()
    await page.getByText('맞지 않습니다').waitFor()
    await prove(page, '결제 켜기')
    await page.getByRole('heading', { name: '결제 켜짐' }).waitFor()
  })

  test('what is hard to take back is asked about once more', async () => {
    const page = await openScene('enabled')
    await button(page, '안전').click()
    await button(page, '모든 결제, 영구히 막기').click()
    expect(sent('/blocks')).toEqual([])
    await button(page, '네, 영구히').click()
    await button(page, '모든 결제, 영구히 차단 풀기').waitFor()
    expect(sent('/blocks')).toEqual([{ kind: 'permanent' }])
  })

  test('limits go down at once, and up only with consent and a proof', async () => {
    const page = await openScene('enabled')
    await button(page, '안전').click()
    await button(page, '소액결제 한도 바꾸기').click()
    const month = page.getByLabel('한 달', { exact: true })
    await month.fill('155,555')
    await button(page, '한도 저장').click()
    await page.getByText('₩10,000 단위로').waitFor()
    await month.fill('150,000')
    await button(page, '한도 저장').click()
    await page.locator('.toast.good').waitFor()
    expect(await page.locator('.ceilings').first().textContent()).toContain('₩150,000')

    await button(page, '소액결제 한도 바꾸기').click()
    await page.getByLabel('한 달', { exact: true }).fill('400000')
    await button(page, '본인 확인으로 가기').click()
    await page.getByText('동의가 필요합니다').waitFor()
    await page.getByLabel('소액결제 한도를 올리는 데 동의합니다.').check()
    await button(page, '본인 확인으로 가기').click()
    await prove(page, '한도 올리기')
    await page.getByText('11월 23일부터 한 달 ₩400,000').waitFor()
    expect(sent('/limits')).toEqual([
      { bucket: 'general', month: '150000' },
      { bucket: 'general', month: '400000', consent: true, proof: expect.any(String) },
    ])
  })

  test('an overdue bill: the ladder with its dates, and the oldest month restores', async () => {
    const page = await openScene('overdue')
    expect(await page.locator('.owed .ladder .next').textContent()).toContain('11월 24일')
    await page.locator('.owed').getByRole('button', { name: '납부하기' }).click()
    expect(await page.locator('.choice').first().textContent()).toContain('바로 풀립니다')
    let lost = 0
    stage.fake.fault = (method, path) => {
      if (method !== 'POST' || !path.endsWith('/bill-payments') || lost > 0) return undefined
      lost += 1
      return 'error_after'
    }
    await page.locator('.sheet').getByRole('button', { name: '납부하기' }).click()
    await page.getByText('두 번 납부되지 않습니다').waitFor()
    await button(page, '다시 확인하기').click()
    await page.locator('.paid').getByText('이제 미납이 없습니다.').waitFor()
    expect(stage.fake.carrier.payments.size).toBe(1)
    await page.locator('.paid').getByRole('button').click()
    await page.getByRole('heading', { name: '결제 켜짐' }).waitFor()
    expect(sent('/bill-payments')).toEqual([{ amount: 'oldest' }, { amount: 'oldest' }])
  })

  test('a bill shows what others charged, and paying early says what it frees', async () => {
    const page = await openScene('enabled', { language: 'en' })
    await button(page, 'Bills').click()
    await button(page, /September 2026/).click()
    expect(await page.locator('.sheet').textContent()).toContain('Charged for others')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.className === 'bill-row')
    await button(page, 'Pay early').locator('visible=true').click()
    expect(await page.locator('.sheet').textContent()).toContain('can no longer be cancelled')
    await page.getByText('Another amount').click()
    await page.getByRole('textbox', { name: 'Amount' }).fill('5,000')
    await page.locator('.sheet').getByRole('button', { name: 'Pay', exact: true }).click()
    await page.locator('.paid').waitFor()
    expect(sent('/bill-payments')).toEqual([{ amount: '5000', early: true }])
  })

  test('"this was not me" says what it freezes, opens a case and blocks', async () => {
    const page = await openScene('enabled')
    const row = page.locator('.entry').first()
    await row.locator('summary').press('Enter')
    await row.getByRole('button', { name: /이건 제가 안 했어요/ }).click()
    expect(await page.locator('.effects').textContent()).toContain('전일보에 대금을 주지 않습니다')
    await button(page, '이의 제기하기').click()
    await page.getByRole('heading', { name: '내가 막아 둠' }).waitFor()
    await row.getByText('12월 6일').waitFor()
    const [dispute] = stage.fake.carrier.disputes
    expect(sent('/disputes')).toEqual([
      { payment_id: dispute?.payment_id, reason: '제가 하지 않은 결제입니다.', block: true },
    ])
    await button(page, '안전').click()
    await button(page, '거두기').first().click()
    await page.getByText('거둠').waitFor()
  })

  test('a stopped collection says why; the line can be unlinked', async () => {
    const page = await openScene('collection-blocked')
    expect(await page.locator('.gathered').textContent()).toContain('통신사가 받지 않았습니다')
    await button(page, '다시 청구하기').click()
    await page.locator('.toast.bad').waitFor()
    await button(page, '안전').click()
    await button(page, '연결 끊기').click()
    expect(await page.locator('.effects').textContent()).toContain('₩5,150을 먼저 청구합니다')
    await page.locator('.sheet').getByRole('button', { name: '연결 끊기' }).click()
    await page.getByRole('heading', { name: '휴대폰 요금으로 결제하기' }).waitFor()
  })

  test('the sandbox: messages beside the page, and things to buy; none of it elsewhere', async () => {
    const page = await openScene('enabled', { width: 1280, height: 900 })
    await page.locator('.trial').getByRole('button', { name: /보석/ }).click()
    await page.locator('.device li').getByText('3,000원').waitFor()
    expect(sent('/payments')).toEqual([{ offer: 'gems', merchant: 'mer_1' }])
    stage.fake.isSandbox = false
    await page.reload()
    await page.locator('.connection.live').waitFor()
    expect(await page.locator('.device, .trial, .sandbox').count()).toBe(0)
  })

  test('a purchase that the carrier asks about: by a code, or on its own page', async () => {
    stage.fake.asking = 'code'
    const page = await openScene('enabled', { width: 1280, height: 900 })
    const offer = page.locator('.trial').getByRole('button', { name: /상품권/ })
    await offer.click()
    await button(page, '채우기').click()
    await page.locator('.sheet').getByRole('button', { name: '확인' }).click()
    await page.locator('.sheet').waitFor({ state: 'detached' })
    stage.fake.asking = 'url'
    await offer.click()
    const link = page.getByRole('link', { name: '통신사 화면 열기' })
    expect(await link.getAttribute('href')).toBe(`${stage.fake.url}/carrier-page`)
    stage.fake.asking = null
    await page.locator('.sheet').waitFor({ state: 'detached' })
    await page.locator('.toast.good').waitFor()
  })

  test('a forgotten payment password is set anew after a proof', async () => {
    const page = await openScene('enabled')
    await button(page, '안전').click()
    await button(page, '새 비밀번호 정하기').click()
    await button(page, '채우기').click()
    await button(page, '다음').click()
    await page.getByLabel('새 결제 비밀번호').fill('12345')
    await page.locator('.sheet form').getByRole('button').click()
    await page.getByText('숫자 여섯 자리를 쓰세요.').waitFor()
    await page.getByLabel('새 결제 비밀번호').fill('123456')
    await page.locator('.sheet form').getByRole('button').click()
    await page.locator('.toast.good').waitFor()
    expect(sent('/password')).toEqual([{ proof: expect.any(String), password: '123456' }])
  })

  test('a lost connection is said, and what was missed is there afterwards', async () => {
    const page = await openScene('enabled')
    stage.fake.dropConnections()
    await page.locator('.connection.reconnecting').waitFor()
    const { id } = stage.fake.carrier.buy({ merchant: '전일보', description: '사설', amount: 700 })
    await page.locator('.connection.live').waitFor()
    await page.locator(`.entry[data-id="${id}"]`).waitFor()
  })

  test('a platform that does not answer, and one without carriers, say so', async () => {
    stage.fake.fault = (_method, path) => (path.startsWith('/v1/') ? 'drop_before' : undefined)
    const page = await stage.open()
    await page.getByRole('alert').waitFor()
    stage.fake.fault = () => undefined
    await button(page, '다시 시도').click()
    await page.locator('.connection.live').waitFor()
  })

  test.each([
    { language: 'ko', isDark: false, width: 390, scenes: ['unlinked', 'blocked'] },
    { language: 'en', isDark: true, width: 320, scenes: ['suspended'] },
    { language: 'en', isDark: false, width: 1280, scenes: ['enabled'] },
    { language: 'ko', isDark: true, width: 1280, scenes: ['exhausted', 'no-consent'] },
    { language: 'en', isDark: false, width: 320, scenes: ['lifting', 'own-money'] },
    { language: 'ko', isDark: true, width: 390, scenes: ['blocked-twice'] },
  ] as const)('axe finds nothing: %o', async ({ scenes: shown, ...options }) => {
    for (const scene of shown) {
      stage.fake.reset()
      const page = await openScene(scene, options)
      for (const summary of await page.locator('summary').all()) await summary.click()
      expect(await violations(page, axe), scene).toEqual([])
      expect(await overflowOf(page), scene).toBe(0)
      for (const tab of scene === 'suspended' || scene === 'enabled' ? ['bills', 'safety'] : []) {
        await page.locator(`.tabs [data-to="${tab}"]`).click()
        expect(await violations(page, axe), `${scene} ${tab}`).toEqual([])
        expect(await overflowOf(page), `${scene} ${tab}`).toBe(0)
      }
      const isOpen = await openSheet(page, scene)
      if (isOpen) expect(await violations(page, axe), `${scene} sheet`).toEqual([])
      await page.close()
    }
  })
})

/** One of the sheets of a scene; false when it has none. */
async function openSheet(page: Page, scene: string): Promise<boolean> {
  if (scene === 'enabled') await page.locator('.settings .secondary').nth(4).click()
  else if (scene === 'blocked-twice') {
    await page.locator('.tabs [data-to="safety"]').click()
    await page.locator('.settings .is-set button').first().click()
  } else if (scene === 'own-money') {
    await page.locator('.tabs [data-to="bills"]').click()
    await page.locator('.statements > button').click()
  } else if (scene === 'blocked') {
    await page.locator('.status button').click()
    await page.locator('.sheet .primary').click()
    await page.locator('#proof-name').waitFor()
  } else if (scene === 'suspended') {
    await page.locator('.tabs [data-to="bills"]').click()
    await page.locator('.bill-row').nth(1).click()
  } else return false
  await page.locator('.sheet').waitFor()
  return true
}

async function violations(page: Page, axe: string): Promise<readonly string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    // @ts-expect-error: the page has it since the line above
    const found = await globalThis.axe.run({ resultTypes: ['violations'] })
    return found.violations.map(
      (one: { id: string; nodes: { html: string }[] }) =>
        `${one.id}: ${one.nodes.map(({ html }) => html).join(' ')}`,
    )
  })
}

function overflowOf(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
}
