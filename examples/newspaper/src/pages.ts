import { html, raw } from 'hono/html'
import { articles } from './articles/index.ts'
import type { Article, Language } from './articles/model.ts'
import { drawingOf, seal } from './drawings.ts'
import { dateLine, pathIn, priceText, words } from './words.ts'

/** What every page needs to know. */
export interface Edition {
  readonly language: Language
  /** The Jeon server, as the reader's browser reaches it. */
  readonly server: string
  readonly pageKey: string
  readonly nowMs: number
}

type Html = ReturnType<typeof html>

export function frontPage(edition: Edition): Html {
  const { language } = edition
  const [lead, ...others] = articles
  if (lead === undefined) throw new Error('a paper without articles')
  return page(edition, words[language].paper, '/', front(edition, lead, others))
}

export function articlePage(edition: Edition, article: Article): Html {
  const { language, server, pageKey } = edition
  const text = article.text[language]
  const t = words[language]
  const more = articles.filter(({ id }) => id !== article.id).slice(0, 3)
  const path = `/articles/${article.id}`
  const main = html`
    <article class="story">
      <header>
        <p class="kicker">${t.sections[article.section]}</p>
        <h1 class="story-title">${text.title}</h1>
        <p class="deck">${text.deck}</p>
        <p class="byline">${text.byline}<span>${t.minutes(article.minutes)}</span></p>
      </header>
      <figure>
        ${raw(drawingOf(article.id))}
        <figcaption>${text.caption}</figcaption>
      </figure>
      <jeon-paywall server="${server}" key="${pageKey}" offer="${article.id}"
        price="${article.price.amount}" currency="${article.price.currency}"
        content="${pathIn(language, path)}/content">
        <p class="first">${text.teaser}</p>
        <p class="rest">${t.rest(text.body.length, article.minutes)}</p>
        <noscript><p class="note">${t.noscript_hint}</p></noscript>
      </jeon-paywall>
    </article>
    <aside class="more" aria-labelledby="more">
      <h2 class="more-title" id="more">${t.more_title}</h2>
      <div class="grid three">${more.map((other) => card(other, language))}</div>
    </aside>`
  return page(edition, `${text.title} · ${t.paper}`, path, main)
}

/** The paid part alone: what the guard lets through. */
export function paidPart(article: Article, language: Language): Html {
  const { heading, body } = article.text[language]
  return html`<h2>${heading}</h2>${body.map((paragraph) => html`<p>${paragraph}</p>`)}<p
    class="end" aria-hidden="true">■</p>`
}

export function missingPage(edition: Edition): Html {
  const t = words[edition.language]
  const main = html`<div class="missing">
    <h1 class="missing-title">${t.missing_title}</h1>
    <p>${t.missing_text}</p>
    <p><a class="missing-link" href="${pathIn(edition.language, '/')}">${t.front_action}</a></p>
  </div>`
  return page(edition, t.missing_title, '/', main)
}

function front(edition: Edition, lead: Article, others: readonly Article[]): Html {
  const { language } = edition
  const text = lead.text[language]
  return html`
    <article class="lead">
      <a class="picture" href="${linkTo(lead, language)}" tabindex="-1" aria-hidden="true">
        ${raw(drawingOf(lead.id))}
      </a>
      <div>
        <p class="kicker">${words[language].sections[lead.section]}</p>
        <h2 class="lead-title"><a href="${linkTo(lead, language)}">${text.title}</a></h2>
        <p class="deck">${text.deck}</p>
        <p class="teaser">${text.teaser}</p>
        ${foot(lead, language)}
      </div>
    </article>
    <div class="grid three">${others.map((article) => card(article, language))}</div>`
}

function card(article: Article, language: Language): Html {
  const text = article.text[language]
  return html`<article class="card">
    <a class="picture" href="${linkTo(article, language)}" tabindex="-1" aria-hidden="true">
      ${raw(drawingOf(article.id))}
    </a>
    <p class="kicker">${words[language].sections[article.section]}</p>
    <h3 class="card-title"><a href="${linkTo(article, language)}">${text.title}</a></h3>
    <p class="deck">${text.deck}</p>
    ${foot(article, language)}
  </article>`
}

function foot(article: Article, language: Language): Html {
  const t = words[language]
  return html`<p class="foot"><span class="coin">${priceText(article.price)}</span>
    <span>${t.minutes(article.minutes)}</span></p>`
}

function page(edition: Edition, title: string, path: string, main: Html): Html {
  const { language, server, pageKey, nowMs } = edition
  const t = words[language]
  const other: Language = language === 'ko' ? 'en' : 'ko'
  const isFront = path === '/'
  const name = html`<a href="${pathIn(language, '/')}">${t.paper}</a>`
  return html`<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <title>${title}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
  <meta name="color-scheme" content="light dark">
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/paper.css">
  <link rel="stylesheet" href="/article.css">
  <link rel="stylesheet" href="/drawings.css">
  <script type="module" src="${server}/elements.js"></script>
  <script type="module" src="/wallet-chip.js"></script>
</head>
<body class="${isFront ? 'front' : 'inside'}">
  <a class="skip" href="#main">${t.skip_action}</a>
  <header class="masthead">
    <nav class="nav">
      <a class="nav-link" lang="${other}" hreflang="${other}" href="${pathIn(other, path)}">${t.language_action}</a>
      <a class="nav-link chip" href="${server}/wallet" data-server="${server}" data-key="${pageKey}"
        data-credit="${t.credit_label}"><span>${t.wallet_action}</span><b hidden></b><small hidden></small></a>
    </nav>
    <div class="name">
      ${raw(seal)}
      ${isFront ? html`<h1 class="title">${name}</h1>` : html`<p class="title">${name}</p>`}
      <p class="other" lang="${other}">${t.other_paper}</p>
    </div>
    <p class="dateline"><span>${dateLine(nowMs, language)}</span><span>${t.motto}</span></p>
  </header>
  <main id="main">${main}</main>
  <footer><p>${t.footer}</p></footer>
</body>
</html>`
}

function linkTo(article: Article, language: Language): string {
  return pathIn(language, `/articles/${article.id}`)
}
