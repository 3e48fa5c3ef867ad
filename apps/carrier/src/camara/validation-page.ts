import type { Clock } from '@jeon/clock'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import type { Codes } from '../codes/service.ts'
import type { Core } from '../core.ts'
import type { Language } from '../language.ts'
import { languageOfMarket } from '../markets/language.ts'
import type { Carrier, Line, Payment } from '../model.ts'
import { field, languageOf, type Markup, page, pageHeaders } from '../proofs/page.ts'
import { amountText, sendPaymentCode } from './validation-code.ts'
import { type ValidationText, validationTexts } from './validation-texts.ts'

export interface ValidationParts {
  readonly carrier: Carrier
  readonly core: Pick<Core, 'payments' | 'lines'>
  readonly codes: Codes
  readonly clock: Clock
}

/** What stands in the page's address: the payment, and the secret that only its answer told. */
export function validationToken(payment: Payment): string {
  return `${payment.id}.${payment.authorizationId ?? ''}`
}

const answerForm = z.object({ password: z.string().max(100), code: z.string().max(20).optional() })

/**
 * The carrier's page on which a payer approves one payment: what, to whom, how much, then the payment password, and a
 * code when the client's token did not prove the line itself.
 */
export function validationRoutes(parts: ValidationParts): Hono {
  const routes = new Hono()
  const languageFor = (c: Context, asked: Asked | undefined) => {
    const { carrier, clock } = parts
    const own = asked?.line.language ?? languageOfMarket(carrier.profileAt(clock.now()))
    return languageOf(c.req.header('accept-language'), own)
  }

  routes.get('/:token', async (c) => {
    const asked = await find(parts, c.req.param('token'))
    const language = languageFor(c, asked)
    if (asked === undefined || !isOpen(asked.payment))
      return c.html(over(parts, language, asked), 404, pageHeaders)
    if (
      needsCode(asked.payment) &&
      (await parts.codes.lineOf(asked.payment.id, 'payment')) === undefined
    ) {
      await sendPaymentCode(parts, asked.payment, asked.line)
    }
    return c.html(ask(parts, language, asked), 200, pageHeaders)
  })

  routes.post('/:token', async (c) => {
    const asked = await find(parts, c.req.param('token'))
    const language = languageFor(c, asked)
    const form = answerForm.safeParse(await c.req.parseBody())
    if (asked === undefined || !isOpen(asked.payment))
      return c.html(over(parts, language, asked), 404, pageHeaders)
    const error = form.success ? await proofError(parts, asked, form.data) : 'password_wrong'
    if (error !== undefined) {
      const typed = form.success ? form.data.code : undefined
      return c.html(ask(parts, language, asked, error, typed), 422, pageHeaders)
    }
    const outcome = await parts.core.payments.validateByUrl(asked.payment.id, true)
    const payment = outcome.ok || !('payment' in outcome) ? asked.payment : outcome.payment
    const view = outcome.ok
      ? done(parts, language, asked)
      : over(parts, language, { ...asked, payment })
    return c.html(view, outcome.ok ? 200 : 409, pageHeaders)
  })

  routes.post('/:token/deny', async (c) => {
    const asked = await find(parts, c.req.param('token'))
    const language = languageFor(c, asked)
    if (asked === undefined || !isOpen(asked.payment))
      return c.html(over(parts, language, asked), 404, pageHeaders)
    await parts.core.payments.validateByUrl(asked.payment.id, false)
    const text = validationTexts[language]
    return c.html(
      frame(parts, language, text.denied, html`<p role="status">${text.deniedWhy}</p>`),
      200,
      pageHeaders,
    )
  })
  return routes
}

interface Asked {
  readonly payment: Payment
  readonly line: Line
  readonly token: string
}

type ProofError = keyof ValidationText['errors']

async function find({ core, carrier }: ValidationParts, token: string): Promise<Asked | undefined> {
  const [paymentId = '', authorizationId = ''] = token.split('.')
  const payment = await core.payments.find(paymentId)
  if (payment === undefined || payment.carrier !== carrier.id || authorizationId === '')
    return undefined
  if (payment.authorizationId !== authorizationId || payment.validation !== 'url') return undefined
  const line = await core.lines.byId(payment.lineId)
  return line === undefined ? undefined : { payment, line, token }
}

function isOpen(payment: Payment): boolean {
  return payment.status === 'pending_validation'
}

/** Who was recognised neither by the network nor by a code could be anybody who knows the password. */
function needsCode({ shown }: Payment): boolean {
  return !shown.includes('network') && !shown.includes('sms_code')
}

/** The code first: who does not read the line's messages must not be able to lock its password. */
async function proofError(
  { core, codes }: ValidationParts,
  { payment, line }: Asked,
  given: z.infer<typeof answerForm>,
): Promise<ProofError | undefined> {
  if (needsCode(payment)) {
    const code = await codes.prove(payment.id, (given.code ?? '').trim())
    if (code !== 'ok') return code === 'wrong' ? 'code_wrong' : 'code_over'
  }
  const password = await core.lines.checkPassword(line.id, given.password)
  return password === 'ok' ? undefined : `password_${password}`
}

function frame(
  { carrier }: ValidationParts,
  language: Language,
  title: string,
  body: Markup,
): Markup {
  return page({ language, carrierName: carrier.name, title, body })
}

/** A code that was right is asked for again with the password that was not: it stays as it was typed. */
function ask(
  parts: ValidationParts,
  language: Language,
  asked: Asked,
  error?: ProofError,
  typed = '',
): Markup {
  const { payment, token } = asked
  const text = validationTexts[language]
  const message = error === undefined ? undefined : text.errors[error]
  const code = needsCode(payment)
    ? field({
        ...{ name: 'code', label: text.code, type: 'text', autocomplete: 'one-time-code' },
        numeric: true,
        value: error?.startsWith('code') ? '' : typed,
        error: error?.startsWith('code') ? message : undefined,
      })
    : ''
  const body = html`${summary(parts, language, payment)}
<form method="post" action="./${token}">
${code}
${field({ name: 'password', label: text.password, type: 'password', autocomplete: 'current-password', numeric: true, error: error?.startsWith('password') ? message : undefined })}
<button>${text.approve}</button>
</form>
<form method="post" action="./${token}/deny"><button class="plain">${text.deny}</button></form>
<p class="note">${text.note}</p>`
  return frame(parts, language, text.title, body)
}

function summary({ carrier }: ValidationParts, language: Language, payment: Payment): Markup {
  const text = validationTexts[language]
  const { merchant, description } = payment
  return html`<p class="amount">${amountText(payment, carrier, language)}</p>
<dl>
<div><dt>${text.merchant}</dt><dd>${merchant.name}</dd></div>
<div><dt>${text.contact}</dt><dd>${merchant.contact}</dd></div>
<div><dt>${text.what}</dt><dd>${description}</dd></div>
</dl>`
}

function done(parts: ValidationParts, language: Language, { payment }: Asked): Markup {
  const text = validationTexts[language]
  const body = html`${summary(parts, language, payment)}<p role="status">${text.doneWhy}</p>`
  return frame(parts, language, text.done, body)
}

function over(parts: ValidationParts, language: Language, asked: Asked | undefined): Markup {
  const text = validationTexts[language]
  const isApproved = asked?.payment.status === 'reserved' || asked?.payment.status === 'succeeded'
  return isApproved
    ? frame(parts, language, text.done, html`<p>${text.doneWhy}</p>`)
    : frame(parts, language, text.over, html`<p>${text.overWhy}</p>`)
}
