/**
 * The carrier's own pages, where the owner of a line shows who is asking. Server-rendered, phone first, nothing from
 * outside and no script: a page that asks for a payment password must not run anybody's code.
 */
import { html, raw } from 'hono/html'
import type { Language } from '../language.ts'

export type Markup = ReturnType<typeof html>

/** Sent with every page: no script, no frame, nothing from outside, no referrer with the token in the path. */
export const pageHeaders = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

export interface PageFrame {
  readonly language: Language
  readonly carrierName: string
  readonly title: string
  readonly body: Markup | readonly Markup[]
}

export function page({ language, carrierName, title, body }: PageFrame): Markup {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${carrierName}</title>
<style>${raw(css)}</style>
</head>
<body>
<main>
<p class="brand">${carrierName}</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>`
}

/** A field with its label; `error` is tied to it, so that it is read out with it. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'password' | 'text' | 'tel'
  readonly autocomplete: 'off' | 'one-time-code' | 'tel' | 'current-password'
  readonly value?: string
  readonly error?: string | undefined
  readonly numeric?: true
}

export function field({ name, label, type, autocomplete, value, error, numeric }: Field): Markup {
  const mode = numeric ? html` inputmode="numeric"` : ''
  const invalid =
    error === undefined ? '' : html` aria-invalid="true" aria-describedby="${name}-error"`
  const note =
    error === undefined ? '' : html`<p class="error" id="${name}-error" role="alert">${error}</p>`
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value ?? ''}" required${mode}${invalid}>
${note}`
}

/** The first language of the request that the carrier speaks. (Default: the given one.) */
export function languageOf(acceptLanguage: string | undefined, otherwise: Language): Language {
  for (const part of (acceptLanguage ?? '').split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase()
    if (tag === 'ko' || tag === 'en') return tag
  }
  return otherwise
}

const css = `
:root{--ink:#16181d;--soft:#5b6270;--line:#d5d9e0;--paper:#fff;--ground:#f3f4f7;--accent:#2447c5;--on-accent:#fff;--bad:#b3261e;--focus:#0b57d0}
@media (prefers-color-scheme:dark){:root{--ink:#eceef2;--soft:#a4abb8;--line:#3a404b;--paper:#1a1d23;--ground:#101216;--accent:#9db2ff;--on-accent:#0b1640;--bad:#ffb4ab;--focus:#a8c7fa}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Apple SD Gothic Neo","Noto Sans KR",sans-serif;word-break:keep-all;overflow-wrap:anywhere}
main{max-width:27rem;min-height:100dvh;margin:0 auto;padding:1.5rem 1.25rem 2.5rem;background:var(--paper)}
@media (min-width:30rem){main{min-height:0;margin:3rem auto;border-radius:1rem;padding:2rem;box-shadow:0 1px 3px rgb(0 0 0/.12)}}
.brand{margin:0;color:var(--soft);font-weight:600;font-size:.9rem}
h1{margin:.25rem 0 1rem;font-size:1.4rem;line-height:1.3}
dl{margin:1rem 0;border-top:1px solid var(--line)}
dl div{display:flex;justify-content:space-between;gap:1rem;padding:.6rem 0;border-bottom:1px solid var(--line)}
dt{color:var(--soft);flex:none}
dd{margin:0;text-align:right}
.amount{font-size:2rem;font-weight:700;margin:.25rem 0;font-variant-numeric:tabular-nums}
label{display:block;margin:1rem 0 .3rem;font-weight:600}
input{width:100%;padding:.75rem .9rem;min-height:3rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--soft);border-radius:.6rem}
input[aria-invalid]{border-color:var(--bad)}
button{width:100%;min-height:3.1rem;margin-top:1.1rem;font:inherit;font-weight:700;border-radius:.6rem;border:1px solid var(--accent);background:var(--accent);color:var(--on-accent);cursor:pointer}
button.plain{margin-top:.6rem;background:none;color:var(--ink);border-color:var(--soft)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.note{color:var(--soft);font-size:.92rem}
.error{color:var(--bad);margin:.35rem 0 0}
`
