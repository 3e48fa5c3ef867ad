import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { type FakePlatform, startFakePlatform } from '@jeon/sdk/testing'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { buildWeb } from '../build.ts'

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The system's Chromium; undefined when there is none, and then browser tests are skipped. */
export const chromiumPath = places.find((place) => place !== undefined && existsSync(place))

/** The built pages on a stand-in for the platform, and a browser to look at them. */
export interface Stage {
  readonly platform: FakePlatform
  readonly context: BrowserContext
  open(options?: PageOptions): Promise<Page>
  stop(): Promise<void>
}

export interface PageOptions {
  readonly language?: 'ko' | 'en'
  readonly isDark?: boolean
  readonly width?: number
  readonly height?: number
}

export async function openStage(): Promise<Stage> {
  const { folder } = await buildWeb()
  const files = new Map<string, string>()
  const pageOf = (path: string) => {
    const name = path === '/wallet' || path === '/wallet/' ? 'index.html' : path.slice(8)
    const text = path.startsWith('/wallet') ? files.get(name) : undefined
    if (text === undefined) return undefined
    const type = types[extname(name)] ?? 'text/html; charset=utf-8'
    return { status: 200, text, headers: { 'content-type': type } }
  }
  const html = await readFile(join(folder, 'index.html'), 'utf8')
  files.set('index.html', html)
  for (const [, name = ''] of html.matchAll(/"\/wallet\/(assets\/[^"]+)"/g)) {
    files.set(name, await readFile(join(folder, name), 'utf8'))
  }
  const platform = await startFakePlatform({ fallback: pageOf })
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
    platform,
    context,
    async open(options) {
      const page = await context.newPage()
      await page.setViewportSize({ width: options?.width ?? 390, height: options?.height ?? 844 })
      await page.emulateMedia({ colorScheme: options?.isDark === true ? 'dark' : 'light' })
      await page.goto(`${platform.url}/wallet?lang=${options?.language ?? 'ko'}`)
      return page
    },
    async stop() {
      await context.close()
      await platform.stop()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
