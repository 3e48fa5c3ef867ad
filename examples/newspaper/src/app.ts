import { readFileSync } from 'node:fs'
import type { Jeon } from '@jeon/sdk'
import { guard } from '@jeon/sdk/hono'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { articleOf } from './articles/index.ts'
import type { Language } from './articles/model.ts'
import { seal } from './drawings.ts'
import { articlePage, type Edition, frontPage, missingPage, paidPart } from './pages.ts'

export interface PaperOptions {
  readonly jeon: Jeon
  readonly pageKey: string
  /** (Default: the clock on the wall.) */
  readonly now?: () => number
}

/** The paper's web server. The only line that sells anything is the one with `guard`. */
export function createPaper({ jeon, pageKey, now = Date.now }: PaperOptions): Hono {
  const app = new Hono()
  const edition = (language: Language): Edition => ({
    language,
    server: jeon.server,
    pageKey,
    nowMs: now(),
  })

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", jeon.server],
        connectSrc: ["'self'", jeon.server],
        // The paywall brings its styles along in its shadow.
        styleSrc: ["'self'", "'unsafe-inline'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    }),
  )

  for (const language of ['ko', 'en'] as const) {
    const root = language === 'ko' ? '' : '/en'
    app.get(root || '/', (c) => c.html(frontPage(edition(language))))
    app.get(`${root}/articles/:id`, (c) => {
      const article = articleOf(c.req.param('id'))
      if (article === undefined) return c.html(missingPage(edition(language)), 404)
      return c.html(articlePage(edition(language), article))
    })
    app.get(
      `${root}/articles/:id/content`,
      // Only what is in the paper: the merchant may have other offers, and nobody may pay here for a 404.
      guard(jeon, { offer: (c) => articleOf(c.req.param('id') ?? '')?.id }),
      (c) => {
        const article = articleOf(c.req.param('id'))
        return article === undefined ? c.notFound() : c.html(paidPart(article, language))
      },
    )
  }

  for (const [path, type] of assets) {
    const text = readFileSync(new URL(`.${path}`, import.meta.url), 'utf8')
    app.get(path, (c) => c.body(text, 200, { 'content-type': type }))
  }
  app.get('/icon.svg', (c) => c.body(seal, 200, { 'content-type': 'image/svg+xml' }))
  app.notFound((c) => c.html(missingPage(edition(c.req.path.startsWith('/en') ? 'en' : 'ko')), 404))
  return app
}

const assets = [
  ['/paper.css', 'text/css; charset=utf-8'],
  ['/article.css', 'text/css; charset=utf-8'],
  ['/drawings.css', 'text/css; charset=utf-8'],
  ['/wallet-chip.js', 'text/javascript; charset=utf-8'],
] as const
