/** Pictures of the line's page in every state: `node apps/web/test/line-pictures.ts FOLDER [scene…]`. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openLineStage } from './browser.ts'
import { scenes } from './line-scenes.ts'

const [folder = 'pictures', ...wanted] = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const stage = await openLineStage()
const looks = [
  { name: 'phone-ko', language: 'ko', isDark: false, width: 390, height: 844 },
  { name: 'phone-en-dark', language: 'en', isDark: true, width: 390, height: 844 },
  { name: 'desk-en', language: 'en', isDark: false, width: 1280, height: 800 },
  { name: 'desk-ko-dark', language: 'ko', isDark: true, width: 1280, height: 800 },
] as const

/** What can be opened in a scene, and how. */
const opened: Readonly<Record<string, Readonly<Record<string, (page: Page) => Promise<void>>>>> = {
  unlinked: {
    proof: async (page) => {
      stage.fake.linking = 'proof'
      await page.locator('.practice button').nth(1).click()
      await page.locator('.link .primary').click()
      await page.locator('#link-code').waitFor()
    },
    refused: async (page) => {
      stage.fake.linking = 'refused'
      await page.locator('.practice button').nth(5).click()
      await page.locator('.link .primary').click()
      await page.locator('.refused').waitFor()
    },
  },
  enabled: {
    entry: async (page) => {
      await page.locator('.entry summary').first().click()
      await page.locator('.rules summary').click()
    },
    dispute: async (page) => {
      await page.locator('.entry summary').first().click()
      await page.locator('.detail .danger').first().click()
    },
    limits: async (page) => {
      await page.locator('.tabs [data-to="safety"]').click()
      await page.locator('.ceilings').first().locator('xpath=../..').locator('button').click()
      await page.locator('#ceiling-month').fill('500000')
    },
    early: async (page) => {
      await page.locator('.tabs [data-to="bills"]').click()
      await page.locator('.coming button:visible').click()
    },
    statement: async (page) => {
      await page.locator('.tabs [data-to="bills"]').click()
      await page.locator('.statements > button').click()
    },
    statements: async (page) => {
      await askStatement(page)
      stage.fake.carrier.writeStatements()
      await page.locator('.statements .pill.good').first().waitFor()
      await askStatement(page)
      await page.locator('.statements').scrollIntoViewIfNeeded()
    },
    written: async (page) => {
      await askStatement(page)
      stage.fake.carrier.writeStatements()
      await page.locator('.statements .settings button').first().click()
    },
    held: async (page) => {
      await page.locator('.entry.pending summary').first().click()
      await page.locator('.pending-label').scrollIntoViewIfNeeded()
    },
    bill: async (page) => {
      await page.locator('.tabs [data-to="bills"]').click()
      await page.locator('.bill-row').first().click()
      await page.locator('.sheet').waitFor()
    },
    unlink: async (page) => {
      await page.locator('.tabs [data-to="safety"]').click()
      await page.locator('.settings button').last().click()
    },
  },
  'blocked-twice': {
    plan: async (page) => {
      await page.locator('.tabs [data-to="safety"]').click()
      await page.locator('.settings .is-set button').first().click()
      await page.locator('.sheet').waitFor()
    },
  },
  blocked: {
    plan: async (page) => {
      await page.locator('.status button').click()
    },
    identity: async (page) => {
      await page.locator('.status button').click()
      await page.locator('.sheet .primary').click()
      await page.locator('#proof-name').waitFor()
    },
    code: async (page) => {
      await page.locator('.status button').click()
      await page.locator('.sheet .primary').click()
      await page.locator('#proof-name').fill('김지언')
      await page.locator('#proof-birthdate').fill('1992-03-04')
      await page.locator('.sheet .primary').click()
      await page.locator('.sandbox-hint button').waitFor()
    },
  },
  overdue: {
    pay: async (page) => {
      await page.locator('.status button').click()
    },
    paid: async (page) => {
      await page.locator('.status button').click()
      await page.locator('.sheet .primary').click()
      await page.locator('.paid').waitFor()
    },
  },
}

async function askStatement(page: Page): Promise<void> {
  await page.locator('.tabs [data-to="bills"]').click()
  await page.locator('.statements > button').click()
  await page.locator('.sheet .primary').click()
  await page.locator('.sheet').waitFor({ state: 'detached' })
}

async function openScene(scene: string, look: (typeof looks)[number]): Promise<Page> {
  stage.fake.reset()
  stage.fake.carrier.language = look.language
  scenes[scene]?.(stage.fake)
  const page = await stage.open(look)
  await page.locator('main > :not(.loading)').waitFor()
  await page.waitForLoadState('load')
  return page
}

for (const scene of Object.keys(scenes)) {
  if (wanted.length > 0 && !wanted.includes(scene)) continue
  for (const look of looks) {
    const page = await openScene(scene, look)
    for (const tab of ['home', 'bills', 'safety', 'phone']) {
      const button = page.locator(`.tabs [data-to="${tab}"]`)
      if (tab !== 'home' && !(await button.isVisible())) continue
      if (tab !== 'home') await button.click()
      await page.screenshot({
        path: join(folder, `${scene}-${tab}-${look.name}.png`),
        fullPage: true,
      })
    }
    await page.close()
    for (const [name, open] of Object.entries(opened[scene] ?? {})) {
      const page = await openScene(scene, look)
      await open(page)
      await page.screenshot({ path: join(folder, `${scene}-${name}-${look.name}.png`) })
      await page.close()
    }
  }
}
await stage.stop()
