import type { Endpoint } from '../endpoint.ts'
import { type ErrorCode, errorCodes, errors, type Language } from '../errors.ts'
import { codesOf } from './openapi.ts'

/** The documentation as pages that need nothing from anywhere else: machines may be offline. */

const words = {
  en: {
    title: 'Jeon API',
    errors: 'Errors',
    api: 'API',
    intro:
      'Charge 0.3 won or 0.002 dollars. Amounts are decimal strings, times are UTC, and every refusal is a problem ' +
      'with a stable code. Requests that move money carry an Idempotency-Key: one key per intent, the same key for ' +
      'every attempt.',
    errorsIntro:
      'Every refusal of this platform. "Retry" means: send the same request with the same key again, after Retry-After.',
    try: 'Try it',
    needs: 'Needs',
    idempotent: 'Idempotency-Key required',
    body: 'Body',
    answers: 'Answers',
    refusals: 'Refusals',
    retry: 'retry',
    final: 'final',
    other: '한국어',
    open: 'anyone',
  },
  ko: {
    title: '전(Jeon) API',
    errors: '오류',
    api: 'API',
    intro:
      '0.3원이나 0.002달러도 받을 수 있습니다. 금액은 십진수 문자열, 시간은 UTC이고, 모든 거절에는 바뀌지 않는 코드가 있습니다. 돈을 옮기는 ' +
      '요청에는 Idempotency-Key가 필요합니다. 지불마다 새 키, 재시도에는 같은 키를 쓰세요.',
    errorsIntro:
      '이 플랫폼의 모든 거절입니다. "재시도"는 Retry-After 뒤에 같은 키로 같은 요청을 다시 보내라는 뜻입니다.',
    try: '해 보기',
    needs: '필요',
    idempotent: 'Idempotency-Key 필요',
    body: '본문',
    answers: '응답',
    refusals: '거절',
    retry: '재시도',
    final: '확정',
    other: 'English',
    open: '누구나',
  },
} as const

/** The page /docs. */
export function docsPage(
  endpoints: readonly Endpoint[],
  schemas: Readonly<Record<string, unknown>>,
  publicUrl: string,
  language: Language,
): string {
  const text = words[language]
  const tags = [...new Set(endpoints.map(({ tag }) => tag))]
  const curl = [
    `curl ${publicUrl}/v1/payments \\`,
    `  -H 'Authorization: Bearer sk_test_…' \\`,
    `  -H "Idempotency-Key: $(date +%s)" -H 'Content-Type: application/json' \\`,
    `  -d '{"wallet":"wal_…","offer":"article-1"}'`,
  ].join('\n')
  const navigation = tags.map((tag) => `<a href="#${tag}">${escaped(tag)}</a>`).join(' ')
  const sections = tags.map((tag) => {
    const inTag = endpoints.filter((endpoint) => endpoint.tag === tag)
    return `<h2 id="${tag}">${escaped(tag)}</h2>${inTag.map((each) => endpointPart(each, schemas, language)).join('')}`
  })
  return page(
    language,
    text.title,
    `<p>${escaped(text.intro)}</p><nav>${navigation}</nav>
     <h3>${text.try}</h3><pre>${escaped(curl)}</pre>${sections.join('')}`,
  )
}

/** The page /docs/errors. */
export function errorsPage(language: Language): string {
  const text = words[language]
  const rows = errorCodes.map((code) => {
    const entry = errors[code]
    const { title, detail, hint } = entry[language]
    return `<section id="${code}" class="card"><h3><code>${code}</code> <small>${entry.status} · ${
      entry.retryable ? text.retry : text.final
    }</small></h3><p><strong>${escaped(title)}.</strong> ${escaped(detail)}</p><p>→ ${escaped(hint)}</p></section>`
  })
  return page(
    language,
    `${text.title} · ${text.errors}`,
    `<p>${escaped(text.errorsIntro)}</p>${rows.join('')}`,
  )
}

function endpointPart(
  endpoint: Endpoint,
  schemas: Readonly<Record<string, unknown>>,
  language: Language,
): string {
  const text = words[language]
  const needs = endpoint.ways
    .map((way) => {
      if (way.by === 'anyone') return text.open
      return way.by === 'wallet' ? 'wallet' : `${way.by}: ${way.scope}`
    })
    .join(' | ')
  const link = (code: ErrorCode) => `<a href="/docs/errors#${code}"><code>${code}</code></a>`
  const answers = Object.entries(endpoint.replies).map(
    ([status, { description }]) => `<li><code>${status}</code> ${escaped(description)}</li>`,
  )
  const operation = schemas[`${endpoint.method} ${endpoint.path}`]
  const body =
    operation === undefined
      ? ''
      : `<details><summary>${text.body}</summary><pre>${escaped(JSON.stringify(operation, null, 2))}</pre></details>`
  return `<section class="card"><h3><code class="${endpoint.method}">${endpoint.method}</code> <code>${escaped(endpoint.path)}</code></h3>
    <p><strong>${escaped(endpoint.summary)}.</strong> ${escaped(endpoint.description ?? '')}</p>
    <p><small>${text.needs}: ${escaped(needs)}${
      endpoint.idempotency === 'required' ? ` · ${text.idempotent}` : ''
    }</small></p><ul>${answers.join('')}</ul>${body}
    <details><summary>${text.refusals}</summary><p>${[...codesOf(endpoint)].map(link).join(' ')}</p></details></section>`
}

/** What pages of the documentation may do: show themselves. */
export const docsSecurity = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
} as const

function page(language: Language, title: string, content: string): string {
  const text = words[language]
  const other = language === 'en' ? 'ko' : 'en'
  return `<!doctype html><html lang="${language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>
<style>${style}</style><header><h1>${escaped(title)}</h1><nav><a href="/docs?lang=${language}">${text.api}</a>
<a href="/docs/errors?lang=${language}">${text.errors}</a> <a href="/openapi.json">openapi.json</a>
<a href="?lang=${other}" lang="${other}" hreflang="${other}">${text.other}</a></nav></header><main>${content}</main></html>`
}

const style = `:root{color-scheme:light dark;font:16px/1.55 system-ui,sans-serif}body{margin:0 auto;max-width:56rem;padding:1rem}
nav a{margin-right:1rem}h1{font-size:1.6rem}h2{margin-top:2.5rem}h3{margin:.2rem 0}small{opacity:.75}
code,pre{font-family:ui-monospace,monospace;font-size:.92em}pre{overflow:auto;padding:.8rem;border-radius:.5rem;background:color-mix(in srgb,currentColor 8%,transparent)}
.card{border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:.6rem;padding:.8rem 1rem;margin:.8rem 0}
p{margin:.4rem 0;overflow-wrap:anywhere}ul{margin:.3rem 0;padding-left:1.2rem}:target{outline:2px solid}`

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
