import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { type FakePlatform, startFakePlatform } from '@jeon/sdk/testing'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { buildWeb } from '../build.ts'
import { type FakeLine, startFakeLine } from './fake-line.ts'

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The system's Chromium; undefined when there is none, and then browser tests are skipped. */
export const chromiumPath = places.find((place) => place !== undefined && existsSync(place))

export interface PageOptions {
  readonly language?: 'ko' | 'en'
  readonly isDark?: boolean
  readonly width?: number
  readonly height?: number
}

/** The built pages on a stand-in for the platform, and a browser to look at them. */
export interface Stage {
  readonly platform: FakePlatform
  readonly context: BrowserContext
  open(options?: PageOptions): Promise<Page>
  stop(): Promise<void>
}

/** The wallet. */
export async function openStage(): Promise<Stage> {
  const files = await builtFiles()
  const platform = await startFakePlatform({
    fallback: (path) => {
      const file = files(path)
      if (file === undefined) return undefined
      return { status: 200, text: file.text, headers: { 'content-type': file.type } }
    },
  })
  const browser = await openBrowser()
  return {
    platform,
    context: browser.context,
    open: (options) => browser.open(`${platform.url}/wallet`, options),
    async stop() {
      await browser.stop()
      await platform.stop()
    },
  }
}

/** The same for the page of a phone line. */
export interface LineStage {
  readonly fake: FakeLine
  readonly context: BrowserContext
  open(options?: PageOptions): Promise<Page>
  stop(): Promise<void>
}

export async function openLineStage(): Promise<LineStage> {
  const fake = await startFakeLine(await builtFiles())
  const browser = await openBrowser()
  return {
    fake,
    context: browser.context,
    open: (options) => browser.open(`${fake.url}/line`, options),
    async stop() {
      await browser.stop()
      await fake.stop()
    },
  }
}

/** The pages as the server serves them. */
export async function builtFiles(): Promise<
  (path: string) => { readonly type: string; readonly text: string } | undefined
> {
  const { folder } = await buildWeb()
  const files = new Map<string, string>()
  for (const name of await readdir(join(folder, 'assets'))) {
    files.set(`/wallet/assets/${name}`, await readFile(join(folder, 'assets', name), 'utf8'))
  }
  files.set('/wallet', await readFile(join(folder, 'index.html'), 'utf8'))
  files.set('/line', await readFile(join(folder, 'line.html'), 'utf8'))
  return (path) => {
    const text = files.get(path)
    if (text === undefined) return undefined
    return { type: types[extname(path)] ?? 'text/html; charset=utf-8', text }
  }
}

async function openBrowser() {
  const profile = await mkdtemp(join(tmpdir(), 'jeon-web-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width: 390, height: 844 },
    timezoneId: 'Asia/Seoul',
    locale: 'ko-KR',
    reducedMotion: 'reduce',
  })
  return {
    context,
    async open(url: string, options?: PageOptions) {
      const page = await context.newPage()
      await page.setViewportSize({ width: options?.width ?? 390, height: options?.height ?? 844 })
      await page.emulateMedia({ colorScheme: options?.isDark === true ? 'dark' : 'light' })
      await page.goto(`${url}?lang=${options?.language ?? 'ko'}`)
      return page
    },
    async stop() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
