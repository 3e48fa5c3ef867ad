/** What the owner of a line does on the page, in Korean: the words are part of what is tested. */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SANDBOX_PASSWORD } from '@jeon/carrier'
import type { Locator, Page } from 'playwright-core'
import { z } from 'zod'
import type { Stack } from './stack.ts'

export const coins = { id: 'line-coins-3000', title: /코인/ } as const
export const voucher = { id: 'line-voucher-10000', title: /상품권.*₩10,000/ } as const

export function button(page: Page | Locator, name: string | RegExp): Locator {
  return page.getByRole('button', { name })
}

/** The heading that says whether payments work. */
export function status(page: Page, title: string): Locator {
  return page.locator('#status-title').getByText(title, { exact: true })
}

export async function openTab(page: Page, tab: 'home' | 'bills' | 'safety' | 'phone') {
  await page.locator(`.tabs [data-to="${tab}"]`).click()
}

/** From the first visit to a line behind the wallet. */
export async function linkLine(page: Page, phoneNumber: string): Promise<void> {
  await button(page, '손님 지갑 만들기').click()
  await page.getByLabel('휴대폰 번호').fill(phoneNumber.replace('+82', '0'))
  await button(page, '이 회선 연결하기').click()
  await page.locator('.connection.live').waitFor()
}

/** Buys on the page, as the sandbox offers it there, and comes back to the overview. */
export async function buyOnPage(page: Page, title: RegExp): Promise<void> {
  await openTab(page, 'phone')
  await button(page.locator('.trial'), title).click()
}

/** The code of the newest message, which the sandbox shows beside the question. */
export async function codeShown(page: Page): Promise<string> {
  const hint = await page.locator('.sandbox-hint').getByText('인증번호').textContent()
  return /\d{4,8}/.exec(hint ?? '')?.[0] ?? ''
}

/** The newest line of the history. */
export function newest(page: Page): Locator {
  return page.locator('.history .entry').first()
}

const standing = z.object({
  owed: z.string(),
  overdue: z.string(),
  stage: z.string(),
  restore: z.object({ pay: z.string(), rule: z.string(), text: z.string() }).nullable(),
})

/** What the carrier says is owed, asked as the page does. */
export async function standingOf({ url }: Stack, page: Page): Promise<z.infer<typeof standing>> {
  const response = await page.request.get(`${url}/v1/line/care/standing`)
  return standing.parse(await response.json())
}

const usage = z.object({ coming_bill: z.object({ bill_on: z.string(), due_on: z.string() }) })

/** When this month's purchases will be billed, and when they have to be paid. */
export async function comingBillOf({ url }: Stack, page: Page) {
  const response = await page.request.get(`${url}/v1/line/care/usage`)
  return usage.parse(await response.json()).coming_bill
}

const answer = z.object({
  id: z.string().optional(),
  status: z.union([z.string(), z.number()]),
  code: z.string().optional(),
  reason: z.object({ code: z.string(), text: z.string() }).nullish(),
})

/** Buys with the same wallet elsewhere than on the page: at the merchant's, say. */
export async function buyElsewhere(
  { url, keys }: Stack,
  page: Page,
  offer: string,
): Promise<z.infer<typeof answer>> {
  const response = await page.request.post(`${url}/v1/payments`, {
    headers: { Origin: url, 'Idempotency-Key': randomUUID() },
    data: { merchant: keys.merchant.id, offer },
  })
  return answer.parse(await response.json())
}

/** Shows who is asking, step by step as the page asks for it, until the sheet is gone. */
export async function prove(stack: Stack, page: Page, phoneNumber: string, last: string) {
  const sheet = page.locator('.sheet')
  const { name, birthdate } = await personOf(stack, phoneNumber)
  await page.getByLabel('이름').fill(name)
  await page.getByLabel('생년월일').fill(birthdate)
  await button(sheet, '다음').click()
  await page.getByLabel('결제 비밀번호').fill(SANDBOX_PASSWORD)
  await button(sheet, last).click()
  await sheet.waitFor({ state: 'detached' })
}

async function personOf({ carriers }: Stack, phoneNumber: string) {
  const line = await carriers.core.lines.byNumber('skt', phoneNumber)
  if (line === undefined) throw new Error(`there is no line ${phoneNumber}`)
  return line.person
}

/** Keeps a picture where `JEON_PICTURES` says; without it, does nothing. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.JEON_PICTURES
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
