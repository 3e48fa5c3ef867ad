import { assetOfProfile } from '@jeon/billing'
import { formatAmount } from '@jeon/money'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Core } from '../core.ts'
import type { Dispute } from '../disputes/model.ts'
import type { Disputes } from '../disputes/service.ts'
import { isKeepable } from '../keepable.ts'
import type { Carrier, CarrierId } from '../model.ts'
import type { Relief, ReliefRefusal } from '../relief/model.ts'
import type { Reliefs } from '../relief/service.ts'
import { refuse } from './refuse.ts'

export interface DeskParts {
  readonly core: Pick<Core, 'lines' | 'payments'>
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly disputes: Pick<Disputes, 'waiting' | 'answer'>
  readonly relief: Pick<Reliefs, 'apply' | 'grant' | 'refuse' | 'list'>
}

const answerBody = z.strictObject({
  verdict: z.enum(['justified', 'rejected']),
  /** For the owner, who gets it by SMS. */
  text: z.string().min(1).max(200).refine(isKeepable, 'not a text').optional(),
})

const reliefBody = z.strictObject({
  cut_percent: z.string().regex(/^\d{1,3}(\.\d{1,4})?$/),
  months: z.int().min(1).max(120),
})

/**
 * What a carrier's staff decides: objections to charges, which first those that nothing else can end, and debt relief,
 * which a court or a credit counsellor sends.
 */
export function deskRoutes(parts: DeskParts): Hono {
  const { carriers, core, disputes, relief } = parts
  const hono = new Hono()
  hono.get('/disputes', async (context) => {
    const waiting = await Promise.all(Array.from(carriers.keys(), (id) => disputes.waiting(id)))
    const views = waiting.flat().map((dispute) => disputeView(parts, dispute))
    return context.json({ disputes: await Promise.all(views) })
  })
  hono.post('/disputes/:id/answer', async (context) => {
    const body = answerBody.safeParse(await context.req.json().catch(() => undefined))
    if (!body.success) return refuse(context, 400, 'body', z.prettifyError(body.error))
    const { verdict, text = null } = body.data
    const answered = await disputes.answer(context.req.param('id'), verdict, text)
    if (answered.ok) return context.json(await disputeView(parts, answered.dispute))
    const status = answered.code === 'dispute_not_found' ? 404 : 409
    return refuse(context, status, answered.code, 'only an open dispute can be answered')
  })
  hono.get('/reliefs/:number', async (context) => {
    const line = await lineOf(parts, context.req.param('number'))
    if (line === undefined) return noLine(context)
    const list = await relief.list(line.id)
    return context.json({ reliefs: list.map((each) => reliefView(parts, each, line.carrier)) })
  })
  hono.post('/reliefs/:number', async (context) => {
    const body = reliefBody.safeParse(await context.req.json().catch(() => undefined))
    if (!body.success) return refuse(context, 400, 'body', z.prettifyError(body.error))
    const line = await lineOf(parts, context.req.param('number'))
    if (line === undefined) return noLine(context)
    const terms = { cutPercent: body.data.cut_percent, months: body.data.months }
    const applied = await relief.apply(line.id, terms)
    if (!applied.ok) return refuseRelief(context, applied.code)
    return context.json(reliefView(parts, applied.relief, line.carrier), 201)
  })
  hono.post('/reliefs/:id/:verdict{grant|refuse}', async (context) => {
    const { id, verdict } = context.req.param()
    const decided = await (verdict === 'grant' ? relief.grant(id) : relief.refuse(id))
    if (!decided.ok) return refuseRelief(context, decided.code)
    const line = await core.lines.byId(decided.relief.lineId)
    return context.json(reliefView(parts, decided.relief, line?.carrier ?? ''))
  })
  return hono
}

function noLine(context: Context): Response {
  return refuse(context, 404, 'line', 'no carrier here has this number')
}

function refuseRelief(context: Context, code: ReliefRefusal): Response {
  if (code === 'line_not_found' || code === 'relief_not_found') {
    return refuse(context, 404, code, 'there is no such relief')
  }
  return refuse(context, 409, code, 'relief is for what is owed on bills, one at a time')
}

async function lineOf({ core, carriers }: DeskParts, number: string) {
  for (const carrier of carriers.keys()) {
    const line = await core.lines.byNumber(carrier, number)
    if (line !== undefined) return line
  }
  return undefined
}

async function disputeView({ core }: DeskParts, dispute: Dispute) {
  const payment = await core.payments.find(dispute.paymentId)
  const line = await core.lines.byId(dispute.lineId)
  return {
    id: dispute.id,
    carrier: dispute.carrier,
    phone_number: line?.phoneNumber ?? null,
    payment: dispute.paymentId,
    merchant: payment?.merchant.name ?? null,
    reason: dispute.reason,
    state: dispute.state,
    payout_held: dispute.payoutHeld,
    answer_by: new Date(dispute.answerByMs).toISOString(),
    answer: dispute.answer,
    /** Why it could not be ended by itself. */
    remark: dispute.remark,
  }
}

function reliefView({ carriers }: DeskParts, relief: Relief, carrier: CarrierId) {
  const profile = carriers.get(carrier)?.profileAt(relief.appliedAtMs)
  return {
    id: relief.id,
    state: relief.state,
    cut_percent: relief.cutPercent,
    months: relief.months,
    paid_months: relief.paidMonths,
    /** After the cut; until it is granted nothing was cut. */
    owed: profile === undefined ? null : formatAmount(relief.owed, assetOfProfile(profile)),
    granted_on: relief.grantedOn,
  }
}
