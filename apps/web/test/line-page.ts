import type { Locator, Page } from 'playwright-core'
import type { LineStage, PageOptions } from './browser.ts'
import { scenes } from './line-scenes.ts'

/** Opens the page of a line as it looks in a scene, once it has something to show. */
export async function openLineScene(
  stage: LineStage,
  scene: string,
  options?: PageOptions,
): Promise<Page> {
  stage.fake.carrier.language = options?.language ?? 'ko'
  scenes[scene]?.(stage.fake)
  const page = await stage.open(options)
  const isLinked = stage.fake.hasWallet && stage.fake.isLinked
  await page.locator(isLinked ? '.connection.live' : 'main > :not(.loading)').waitFor()
  return page
}

/** The bodies that the page sent there. */
export function sentTo(stage: LineStage, path: string): readonly unknown[] {
  return stage.fake.bodies.filter((each) => each.path.endsWith(path)).map(({ json }) => json)
}

export function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('button', { name })
}

/** Gives identity where it is asked for, code and password, as the sandbox's hints say. */
export async function prove(page: Page, last: string): Promise<void> {
  const sheet = page.locator('.sheet')
  await sheet.locator('.steps').waitFor()
  if (await page.getByLabel('이름').isVisible()) {
    await page.getByLabel('이름').fill('김지언')
    await page.getByLabel('생년월일').fill('1992-03-04')
    await button(page, '다음').click()
  }
  await button(page, '채우기').click()
  if ((await page.getByLabel('문자 인증번호').inputValue()) !== '482915') {
    throw new Error('the code was not filled in')
  }
  await button(page, '다음').click()
  await page.getByLabel('결제 비밀번호').fill('135790')
  await sheet.getByRole('button', { name: last }).click()
  await sheet.waitFor({ state: 'detached' })
}
