import type { Language } from '../language.ts'
import type { Carrier, CarrierId } from '../model.ts'
import { type MagicNumber, magicNumbers, magicPhoneNumber, SANDBOX_PASSWORD } from './magic.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'
import { pageWords } from './page-words.ts'
import type { Present } from './present.ts'

export interface PageParts {
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly publicUrl: string
  readonly nowMs: number
  readonly language: Language
  /** Which carrier's numbers, and which of them has its messages open. */
  readonly carrier: Carrier
  readonly number: string
  /** Of that number: what an identity check asks for. Undefined: it is nobody's. */
  readonly owner: { readonly name: string; readonly birthdate: string } | undefined
  /** What is true of each number now; one without a line is missing. */
  readonly present: ReadonlyMap<string, Present>
  /** Of the page's own script and style. */
  readonly nonce: string
}

/** The sandbox's page: the carriers, their magic numbers, and the messages of one phone. */
export function sandboxPage(parts: PageParts): string {
  const { language, nonce } = parts
  const words = pageWords[language]
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${words.title}</title><link rel="icon" href="data:,"><style nonce="${nonce}">${pageStyle}</style></head>
<body><div class="page">
<header><div class="title"><h1>${words.title}</h1><p class="lead">${words.lead}</p></div>
<a class="language" href="${linkTo(parts, { language: language === 'ko' ? 'en' : 'ko' })}" lang="${language === 'ko' ? 'en' : 'ko'}">${words.otherLanguage}</a>${factsOf(parts)}</header>
${carriersOf(parts)}
<div class="columns"><main><h2>${words.numbers}</h2><p class="hint">${words.hint}</p>
${groupsOf(parts)}
${addressesOf(parts)}
</main>
${phoneOf(parts)}
</div></div><script type="module" nonce="${nonce}">${pageScript}</script></body></html>`
}

/** What the page may load: its own two pieces, and the inbox. */
export function pageSecurity(nonce: string): string {
  return [
    "default-src 'none'",
    "connect-src 'self'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function factsOf({ language, carrier, nowMs }: PageParts): string {
  const words = pageWords[language]
  const time = new Intl.DateTimeFormat(localeOf(language), {
    timeZone: carrier.profileAt(nowMs).zone,
    dateStyle: 'long',
    timeStyle: 'short',
  }).format(nowMs)
  return `<dl class="facts"><div><dt>${words.time}</dt><dd>${escaped(time)}</dd></div>
<div><dt>${words.password}</dt><dd>${SANDBOX_PASSWORD}</dd></div></dl>`
}

function carriersOf(parts: PageParts): string {
  const links = [...parts.carriers.values()].flatMap((carrier) => {
    const digits = parts.number.slice(-2)
    const number = magicPhoneNumber(carrier.id, digits)
    if (number === undefined) return []
    const current = carrier.id === parts.carrier.id ? ' aria-current="page"' : ''
    const link = linkTo(parts, { carrier: carrier.id, number })
    return [`<a href="${link}"${current}>${escaped(carrier.name)}</a>`]
  })
  return `<nav class="carriers" aria-label="${pageWords[parts.language].carriers}">${links.join('')}</nav>`
}

type Group = keyof (typeof pageWords)['ko']['groups']

function groupOf({ digits, fault }: MagicNumber): Group {
  if (fault !== null) return fault.startsWith('error:') ? 'errors' : 'faults'
  return Number(digits) < 20 ? 'lines' : 'ordinary'
}

function groupsOf(parts: PageParts): string {
  const names = pageWords[parts.language].groups
  return (['lines', 'ordinary', 'faults', 'errors'] as const)
    .map((group) => {
      const members = magicNumbers.filter((each) => groupOf(each) === group)
      const isOpen =
        group === 'lines' || members.some(({ digits }) => digits === parts.number.slice(-2))
      const rows = members.map((each) => rowOf(parts, each)).join('')
      return `<details${isOpen ? ' open' : ''}><summary>${names[group]}<small>${members.length}</small></summary><ul>${rows}</ul></details>`
    })
    .join('\n')
}

function rowOf(parts: PageParts, { digits, means, facts }: MagicNumber): string {
  const number = magicPhoneNumber(parts.carrier.id, digits)
  if (number === undefined) return ''
  const current = number === parts.number ? ' aria-current="true"' : ''
  const present = parts.present.get(number)?.[parts.language]
  const words = pageWords[parts.language]
  const now =
    present === undefined
      ? ''
      : `<span class="present">${words.now.replace('{present}', () => escaped(present))}</span>`
  return `<li class="row"><a href="${linkTo(parts, { number })}"${current}><span class="means">${escaped(means[parts.language])}</span>
${now}<span class="number">${readable(number)}</span><span class="who">${escaped(facts.name)}</span></a></li>`
}

function phoneOf(parts: PageParts): string {
  const { language, carrier, number, nowMs } = parts
  const words = pageWords[language]
  const data = {
    number,
    locale: localeOf(language),
    zone: carrier.profileAt(nowMs).zone,
    empty: words.empty,
    'empty-hint': words.emptyHint,
    lost: words.lost,
  }
  const attributes = Object.entries(data).map(([name, text]) => `data-${name}="${escaped(text)}"`)
  return `<section class="phone" id="phone" aria-label="${words.inbox}"><div class="phone-head"><h2>${words.inbox}</h2>
<p>${escaped(carrier.name)} ${readable(number)}${ownerOf(parts)}</p>${resetOf(parts)}</div>
<div class="messages" aria-live="polite" tabindex="0" ${attributes.join(' ')}><div class="nothing">${words.reading}</div></div>
<p class="state" role="status"></p></section>`
}

function ownerOf({ owner, language }: PageParts): string {
  if (owner === undefined) return ''
  const { name, birthdate } = owner
  return `<br>${escaped(name)}, ${pageWords[language].born.replace('{birthdate}', escaped(birthdate))}`
}

/** Only a line that is there can be reset. */
function resetOf({ present, number, language }: PageParts): string {
  const words = pageWords[language]
  if (!present.has(number)) return ''
  return `<button type="button" class="reset">${words.reset}</button>
<p class="reset-hint">${words.resetHint}</p>`
}

function addressesOf({ language, carrier, publicUrl }: PageParts): string {
  const root = `${publicUrl}/${carrier.id}`
  const addresses = [
    `${root}/.well-known/openid-configuration`,
    `${root}/carrier-billing/v0.5`,
    `${root}/selfcare/v1/openapi.json`,
    `${publicUrl}/sandbox/numbers`,
  ]
  const items = addresses.map((each) => `<li><code>${escaped(each)}</code></li>`).join('')
  return `<section class="addresses"><h2>${pageWords[language].interfaces}</h2><ul>${items}</ul></section>`
}

interface Place {
  readonly carrier?: CarrierId
  readonly number?: string
  readonly language?: string
}

function linkTo(parts: PageParts, place: Place): string {
  const query = new URLSearchParams({
    carrier: place.carrier ?? parts.carrier.id,
    number: place.number ?? parts.number,
    lang: place.language ?? parts.language,
  })
  return escaped(`/?${query.toString()}`)
}

function localeOf(language: Language): string {
  return language === 'ko' ? 'ko-KR' : 'en-GB'
}

/** `+82 10-2000-0001`, as people write it. */
function readable(number: string): string {
  return number.replace(/^\+82(\d{2})(\d{4})(\d{4})$/, '+82 $1-$2-$3')
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
