import { internationalNumber, type MarketProfile } from '@jeon/billing'
import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { Interaction, Provider } from 'oidc-provider'
import { z } from 'zod'
import type { Clients } from '../clients/service.ts'
import type { Codes } from '../codes/service.ts'
import type { Links } from '../consents/link.ts'
import { isKeepable } from '../keepable.ts'
import type { Language } from '../language.ts'
import { languageOfMarket } from '../markets/language.ts'
import type { Line } from '../model.ts'
import { field, languageOf, type Markup, page, pageHeaders } from '../proofs/page.ts'
import { grantScopes } from './grants.ts'
import { lineOfHint } from './hints.ts'
import { type LoginText, loginTexts } from './login-texts.ts'
import { AMR_CODE, AMR_PASSWORD, type IssuingCarrier, type LinePort } from './model.ts'

export interface LoginParts {
  readonly issuing: IssuingCarrier
  readonly provider: Provider
  readonly clients: Clients
  readonly lines: LinePort
  readonly codes: Codes
  readonly links: Links
  machineNow(): number
}

const phoneForm = z.object({ phone_number: z.string().max(40).refine(isKeepable) })
const proofForm = phoneForm.extend({ code: z.string().max(20), password: z.string().max(100) })

/**
 * The page where an owner proves a line that the network could not vouch for: its number, a code by SMS and the payment
 * password. Below `/openid/login`. A number that is no line here gets the same page, so that it tells nobody who is a
 * customer.
 */
export function loginRoutes(parts: LoginParts): Hono {
  const routes = new Hono()
  const show = (view: View) => loginPage(parts, view)
  const ownLanguage = () => languageOfMarket(profileNow(parts))

  routes.get('/:uid', async (c) => {
    const asked = await interactionOf(parts, c.req.param('uid'), getCookie(c, COOKIE))
    const language = languageOf(c.req.header('accept-language'), ownLanguage())
    if (asked === undefined) return c.html(show({ step: 'gone', language }), 404, pageHeaders)
    const hint = asked.params.login_hint
    const hinted = await lineOfHint(
      parts.issuing,
      parts.lines,
      typeof hint === 'string' ? hint : undefined,
      parts.machineNow(),
    )
    const phoneNumber = hinted?.line.phoneNumber ?? ''
    return c.html(show({ step: 'number', language, uid: asked.uid, phoneNumber }), 200, pageHeaders)
  })

  routes.post('/:uid/code', async (c) => {
    const asked = await interactionOf(parts, c.req.param('uid'), getCookie(c, COOKIE))
    const language = languageOf(c.req.header('accept-language'), ownLanguage())
    const form = phoneForm.safeParse(await c.req.parseBody())
    if (asked === undefined || !form.success) {
      return c.html(show({ step: 'gone', language }), 404, pageHeaders)
    }
    const phoneNumber = form.data.phone_number
    const line = await lineOf(parts, phoneNumber)
    if (line !== undefined) {
      const holder = holderOf(asked.uid, line)
      const clientId = String(asked.params.client_id)
      const sent = await parts.codes.send(line, 'login', { holder, clientId })
      if (!sent.ok) {
        const error = 'too_many_codes'
        return c.html(
          show({ step: 'number', language, uid: asked.uid, phoneNumber, error }),
          429,
          pageHeaders,
        )
      }
    }
    return c.html(show({ step: 'proof', language, uid: asked.uid, phoneNumber }), 200, pageHeaders)
  })

  routes.post('/:uid', async (c) => {
    const asked = await interactionOf(parts, c.req.param('uid'), getCookie(c, COOKIE))
    const language = languageOf(c.req.header('accept-language'), ownLanguage())
    const form = proofForm.safeParse(await c.req.parseBody())
    if (asked === undefined || !form.success) {
      return c.html(show({ step: 'gone', language }), 404, pageHeaders)
    }
    const line = await lineOf(parts, form.data.phone_number)
    const error =
      line === undefined ? 'code_wrong' : await proofError(parts, asked.uid, line, form.data)
    if (line === undefined || error !== undefined) {
      const phoneNumber = form.data.phone_number
      return c.html(
        show({ step: 'proof', language, uid: asked.uid, phoneNumber, error }),
        422,
        pageHeaders,
      )
    }
    return c.redirect(await finish(parts, asked, line), 303)
  })

  routes.post('/:uid/cancel', async (c) => {
    const asked = await interactionOf(parts, c.req.param('uid'), getCookie(c, COOKIE))
    const language = languageOf(c.req.header('accept-language'), ownLanguage())
    if (asked === undefined) return c.html(show({ step: 'gone', language }), 404, pageHeaders)
    asked.result = { error: 'access_denied', error_description: 'the owner cancelled' }
    await asked.persist()
    return c.redirect(asked.returnTo, 303)
  })
  return routes
}

const COOKIE = '_interaction'

/** Only in the browser where it began: a link to somebody else's request must not be completed by the owner. */
async function interactionOf(
  { provider }: LoginParts,
  uid: string,
  cookie: string | undefined,
): Promise<Interaction | undefined> {
  return cookie === uid ? provider.Interaction.find(uid) : undefined
}

/** Also accepts how people of the market write it. */
async function lineOf(parts: LoginParts, written: string): Promise<Line | undefined> {
  const { issuing, lines } = parts
  const number = internationalNumber(profileNow(parts), written)
  const line = await lines.byNumber(issuing.carrier.id, number)
  return line?.stage === 'terminated' ? undefined : line
}

function profileNow(parts: LoginParts): MarketProfile {
  return parts.issuing.carrier.profileAt(parts.machineNow())
}

function holderOf(uid: string, line: Line): string {
  return `${uid}:${line.id}`
}

/** The code first: who does not read the line's messages must not be able to lock its password. */
async function proofError(
  { lines, codes }: LoginParts,
  uid: string,
  line: Line,
  given: { code: string; password: string },
): Promise<LoginError | undefined> {
  const code = await codes.prove(holderOf(uid, line), given.code.trim())
  if (code !== 'ok') return code === 'wrong' ? 'code_wrong' : 'code_over'
  const password = await lines.checkPassword(line.id, given.password)
  return password === 'ok' ? undefined : `password_${password}`
}

/** @returns where the browser goes on */
async function finish(parts: LoginParts, asked: Interaction, line: Line): Promise<string> {
  const { issuing, clients } = parts
  const client = await clients.find(issuing.carrier.id, String(asked.params.client_id))
  if (client === undefined) return asked.returnTo
  const scopes = String(asked.params.scope ?? '').split(' ')
  const amr = [AMR_CODE, AMR_PASSWORD]
  const { issuer } = issuing
  const grant = await grantScopes({ ...parts, issuer }, { client, line, scopes, amr })
  asked.result = {
    login: { accountId: line.id, amr, remember: false },
    consent: { grantId: grant.jti },
  }
  await asked.persist()
  return asked.returnTo
}

type LoginError = keyof LoginText['errors']

type View =
  | { readonly step: 'gone'; readonly language: Language }
  | {
      readonly step: 'number' | 'proof'
      readonly language: Language
      readonly uid: string
      readonly phoneNumber: string
      readonly error?: LoginError | undefined
    }

function loginPage({ issuing }: LoginParts, view: View): Markup {
  const { language } = view
  const text = loginTexts[language]
  const carrierName = issuing.carrier.name
  if (view.step === 'gone') {
    return page({ language, carrierName, title: text.gone, body: html`<p>${text.goneWhy}</p>` })
  }
  const action = `${new URL(issuing.issuer.url).pathname}/openid/login/${view.uid}`
  const error = view.error === undefined ? undefined : text.errors[view.error]
  const cancel = html`<form method="post" action="${action}/cancel">
<button class="plain">${text.cancel}</button></form>`
  const phone = field({
    ...{ name: 'phone_number', label: text.phoneNumber, type: 'tel', autocomplete: 'tel' },
    value: view.phoneNumber,
    error: view.step === 'number' ? error : undefined,
  })
  if (view.step === 'number') {
    const body = html`<p class="note">${text.why}</p>
<form method="post" action="${action}/code">${phone}<button>${text.send}</button></form>${cancel}`
    return page({ language, carrierName, title: text.title, body })
  }
  const body = html`<p class="note" role="status">${text.sent}</p>
<form method="post" action="${action}">
<input type="hidden" name="phone_number" value="${view.phoneNumber}">
${field({ name: 'code', label: text.code, type: 'text', autocomplete: 'one-time-code', numeric: true, error: view.error?.startsWith('code') ? error : undefined })}
${field({ name: 'password', label: text.password, type: 'password', autocomplete: 'current-password', numeric: true, error: view.error?.startsWith('password') ? error : undefined })}
<button>${text.confirm}</button></form>${cancel}`
  return page({ language, carrierName, title: text.title, body })
}
