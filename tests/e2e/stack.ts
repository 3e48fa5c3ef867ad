/** The whole sandbox as a person has it: platform, pages and carriers over real sockets, and a browser before it. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays, dateOf } from '@jeon/billing'
import { type Carriers, magicPhoneNumber, openCarriers } from '@jeon/carrier'
import { findFreePort, freshDatabase } from '@jeon/postgres'
import { createLog, openPlatform, type Platform } from '@jeon/server'
import { buildWeb } from '@jeon/web'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { chromiumPath } from '../../apps/web/test/browser.ts'

export interface Look {
  /** (Default: ko) */
  readonly language?: 'ko' | 'en'
  /** (Default: a phone's) */
  readonly size?: { readonly width: number; readonly height: number }
  readonly isDark?: boolean
}

export interface Stack {
  readonly url: string
  readonly carriers: Carriers
  readonly keys: Platform['keys']
  /** The page of a phone line, as somebody sees it who was never here. */
  visit(look?: Look): Promise<Page>
  /** An offer of the sandbox's merchant that goes onto the bill by itself. @returns its id */
  offer(won: string): Promise<string>
  /** The calendar date in Korea so many days after today. */
  dayAfter(days: number): string
  /** What is open in the browser, and what went wrong in it since the last leave. */
  readonly open: readonly Page[]
  readonly failures: readonly string[]
  /** Closes every window. */
  leave(): Promise<void>
  /** Lets the time pass until ten in the morning of that day in Korea, as `jeon clock advance` does. */
  advanceTo(date: string): Promise<void>
  /** The same, by a duration such as `12h`. */
  advance(duration: string): Promise<void>
  close(): Promise<void>
}

/** A magic number of the first carrier. */
export function numberOf(digits: string): string {
  return magicPhoneNumber('skt', digits) ?? ''
}

/** Nothing here takes longer, on a busy machine either. In milliseconds. */
const patienceMs = 10_000
const zone = 'Asia/Seoul'
const phone = { width: 390, height: 844 }

export async function openStack(): Promise<Stack> {
  const closing: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const each of closing.splice(0).reverse()) await each()
  }
  try {
    const { folder } = await buildWeb()
    const carriers = await openPhoneCompanies(closing)
    const { platform, url } = await openShop(closing, carriers, folder)
    const browser = await openBrowser(closing)
    const failures: string[] = []
    const advance = (duration: string) =>
      post(`${url}/v1/sandbox/clock`, platform.keys.operator, { advance: duration })
    return {
      url,
      carriers: carriers.running,
      keys: platform.keys,
      visit: (look) => visit(browser, url, failures, look),
      failures,
      get open() {
        return browser.contexts().flatMap((context) => context.pages())
      },
      async leave() {
        for (const context of browser.contexts()) await context.close()
        failures.length = 0
      },
      offer: (won) => makeOffer(url, platform.keys.merchant.secret, won),
      dayAfter: (days) => addDays(dateOf(carriers.running.clock.now(), zone), days),
      advance,
      async advanceTo(date) {
        const leftMs = Date.parse(`${date}T10:00:00+09:00`) - carriers.running.clock.now()
        await advance(`${Math.ceil(leftMs / 1_000)}s`)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface PhoneCompanies {
  readonly running: Carriers
  readonly url: string
}

async function openPhoneCompanies(closing: (() => Promise<unknown>)[]): Promise<PhoneCompanies> {
  const database = await freshDatabase()
  closing.push(() => database.drop())
  const port = await findFreePort()
  const url = `http://localhost:${port}`
  const running = await openCarriers({ databaseUrl: database.url, publicUrl: url, seed: 'lines' })
  closing.push(() => running.close())
  await running.listen(port)
  return { running, url }
}

async function openShop(
  closing: (() => Promise<unknown>)[],
  { running, url: carriersUrl }: PhoneCompanies,
  webDirectory: string,
): Promise<{ readonly platform: Platform; readonly url: string }> {
  const database = await freshDatabase()
  closing.push(() => database.drop())
  const directory = await mkdtemp(join(tmpdir(), 'jeon-e2e-'))
  closing.push(() => rm(directory, { recursive: true, force: true }))
  const port = await findFreePort()
  const url = `http://localhost:${port}`
  const { clientId, clientSecret } = running
  const platform = await openPlatform({
    databaseUrl: database.url,
    directory,
    publicUrl: url,
    pages: { elements: undefined, webDirectory },
    log: createLog({ level: 'silent' }),
    carriers: Array.from(running.carriers.values(), ({ id, name }) => {
      const base = `${carriersUrl}/${id}`
      return { id, name, apiRoot: base, issuer: base, clientId, clientSecret }
    }),
  })
  closing.push(() => platform.close())
  await platform.listen(port)
  return { platform, url }
}

async function openBrowser(closing: (() => Promise<unknown>)[]): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  closing.push(() => browser.close())
  return browser
}

/** Each visit is another person's: nothing is known of the ones before. */
async function visit(
  browser: Browser,
  url: string,
  failures: string[],
  { language = 'ko', size = phone, isDark = false }: Look = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: isDark ? 'dark' : 'light',
    locale: language === 'ko' ? 'ko-KR' : 'en-GB',
    timezoneId: 'Asia/Seoul',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(patienceMs)
  context.on('weberror', (error) => failures.push(error.error().message))
  const page = await context.newPage()
  await page.goto(`${url}/line`)
  return page
}

async function makeOffer(url: string, key: string, won: string): Promise<string> {
  const id = `own-${won}`
  const price = { amount: won, currency: 'KRW' }
  await post(`${url}/v1/offers`, key, {
    id,
    title: `Extra ${won}`,
    price,
    category: 'digital',
    charge: 'each',
  })
  return id
}

async function post(url: string, key: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(),
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
}
