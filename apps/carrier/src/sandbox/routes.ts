import { randomBytes } from 'node:crypto'
import { dateOf } from '@jeon/billing'
import { advanceMaxMs, type TestClock } from '@jeon/clock'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Clients } from '../clients/service.ts'
import type { Core } from '../core.ts'
import { isKeepable } from '../keepable.ts'
import { NumberTaken } from '../lines/model.ts'
import { languageOfMarket } from '../markets/language.ts'
import type { Message } from '../messages/model.ts'
import type { Carrier, Line } from '../model.ts'
import { date } from '../selfcare/inputs.ts'
import { languageOf } from '../selfcare/problems.ts'
import { consentWords } from '../selfcare/words.ts'
import { clientRoutes } from './clients.ts'
import { type DeskParts, deskRoutes } from './desk.ts'
import { magicNumbers, magicPhoneNumber, SANDBOX_PASSWORD } from './magic.ts'
import { pageSecurity, sandboxPage } from './page.ts'
import { type Present, presentOf } from './present.ts'
import { refuse } from './refuse.ts'
import { resetLine } from './reset.ts'
import { ClockBackwards, type SandboxTime } from './time.ts'

export interface SandboxParts extends DeskParts {
  readonly core: Core
  readonly clock: TestClock
  readonly time: SandboxTime
  readonly clients: Pick<Clients, 'find' | 'change' | 'save'>
  readonly publicUrl: string
  inbox(phoneNumber: string, limit: number): Promise<readonly Message[]>
  /** Undefined: all is well; else what is not. */
  failing(): Promise<string | undefined>
}

/** What a real carrier has not: its page, its clock, its numbers, and the messages of every phone. */
export function createSandbox(parts: SandboxParts): Hono {
  const hono = new Hono()
  hono.get('/', (context) => page(parts, context))
  hono.get('/healthz', async (context) => {
    const failing = await parts.failing()
    return context.json(
      { ok: failing === undefined, failing: failing ?? null },
      failing ? 503 : 200,
    )
  })
  hono.get('/sandbox/inbox', async (context) => {
    const number = phoneNumber.safeParse(context.req.query('phone_number'))
    if (!number.success) return refuse(context, 400, 'phone_number', 'as in +821020000001')
    const messages = await parts.inbox(number.data, 100)
    context.header('Cache-Control', 'no-store')
    return context.json({ messages: messages.map(messageView) })
  })
  hono.get('/sandbox/numbers', async (context) => context.json(await numbersView(parts)))
  hono.get('/sandbox/clock', (context) => context.json(clockView(parts.clock)))
  hono.put('/sandbox/clock', (context) => moveClock(parts, context))
  hono.get('/sandbox/lines/:number', async (context) => {
    const line = await lineByNumber(parts, context.req.param('number'))
    return line === undefined
      ? refuse(context, 404, 'line', noSuchNumber)
      : context.json(lineView(parts, line))
  })
  hono.route('/sandbox/clients', clientRoutes(parts))
  hono.route('/sandbox', deskRoutes(parts))
  hono.post('/sandbox/lines', (context) => openLine(parts, context))
  hono.post('/sandbox/lines/:number/:act', (context) => changeLine(parts, context))
  return hono
}

const noSuchNumber = 'no carrier here has this number'
const phoneNumber = z.string().regex(/^\+[1-9]\d{4,14}$/)

const clockBody = z.strictObject({
  offset_ms: z.int(),
  frozen_at_ms: z.int().nonnegative().nullable(),
})

async function moveClock({ clock, time }: SandboxParts, context: Context): Promise<Response> {
  const body = clockBody.safeParse(await context.req.json().catch(() => undefined))
  if (!body.success) return refuse(context, 400, 'body', 'needs offset_ms and frozen_at_ms')
  const { offset_ms: offsetMs, frozen_at_ms: frozenAtMs } = body.data
  const targetMs = frozenAtMs ?? clock.machineNow() + offsetMs
  if (targetMs - clock.now() > advanceMaxMs) {
    return refuse(context, 422, 'clock_too_far', 'at most ten years at a time')
  }
  try {
    await time.moveTo({ offsetMs, frozenAtMs })
  } catch (error) {
    if (error instanceof ClockBackwards) return refuse(context, 422, 'clock_back', error.message)
    throw error
  }
  return context.json(clockView(clock))
}

const lineBody = z.strictObject({
  carrier: z.string(),
  phone_number: phoneNumber,
  name: z.string().min(1).max(80).refine(isKeepable, 'not a text').default('테스트'),
  birthdate: date.default('1990-05-05'),
  kind: z.enum(['postpaid', 'prepaid', 'corporate']).default('postpaid'),
  opened_on: date.default('2022-03-02'),
  consent: z.boolean().default(true),
  on_network: z.boolean().default(true),
  language: z.enum(['ko', 'en']).optional(),
  /** The owner's limit per payment, day and month, in currency units. */
  limit: z
    .string()
    .regex(/^\d{1,12}$/)
    .optional(),
  /** A line whose owner this one gets too, instead of a new person. */
  same_owner_as: phoneNumber.optional(),
})

async function openLine(parts: SandboxParts, context: Context): Promise<Response> {
  const { core, carriers, clock } = parts
  const body = lineBody.safeParse(await context.req.json().catch(() => undefined))
  if (!body.success) return refuse(context, 400, 'body', z.prettifyError(body.error))
  const { limit, consent, same_owner_as: known, ...given } = body.data
  const carrier = carriers.get(given.carrier)
  if (carrier === undefined) return refuse(context, 404, 'carrier', 'no such carrier')
  const language = given.language ?? languageOfMarket(carrier.profileAt(clock.now()))
  const other = known === undefined ? undefined : await core.lines.byNumber(given.carrier, known)
  if (known !== undefined && other === undefined) {
    return refuse(context, 404, 'same_owner_as', 'no line of this carrier has this number')
  }
  try {
    const line = await core.lines.open({
      carrier: given.carrier,
      phoneNumber: given.phone_number,
      person: other?.person ?? { name: given.name, birthdate: given.birthdate },
      kind: given.kind,
      openedOn: given.opened_on,
      language,
      onNetwork: given.on_network,
      // Or the next day it would be blocked as unused for years.
      usedAtMs: clock.now(),
      password: SANDBOX_PASSWORD,
      consents: consent ? [{ kind: 'payments', wording: consentWords.payments[language] }] : [],
      ...(limit === undefined
        ? {}
        : { personal: { general: { transaction: limit, day: limit, month: limit } } }),
    })
    return context.json(lineView(parts, line), 201)
  } catch (error) {
    if (error instanceof NumberTaken) return refuse(context, 409, 'number_taken', error.message)
    throw error
  }
}

type Act = (core: Core, line: Line, nowMs: number, parts: SandboxParts) => Promise<unknown>

/** What can happen to a line in the sandbox, by the last part of the address. */
const acts: Readonly<Record<string, Act>> = {
  'sim-swap': (core, { id }, nowMs) => core.lines.setSimChanged(id, nowMs),
  'device-swap': (core, { id }, nowMs) => core.lines.setDeviceChanged(id, nowMs),
  pause: (core, { id }) => core.lines.setPaused(id, true),
  resume: (core, { id }) => core.lines.setPaused(id, false),
  'network-on': (core, { id }) => core.lines.setNetwork(id, true),
  'network-off': (core, { id }) => core.lines.setNetwork(id, false),
  'fraud-hold': (core, { id }) => core.blocks.set(id, 'fraud', 'sandbox'),
  'fraud-release': (core, { id }) => core.blocks.release(id, 'fraud'),
  reset: (core, line, nowMs, parts) => resetLine(core, carrierOf(parts, line), line, nowMs),
}

async function changeLine(parts: SandboxParts, context: Context): Promise<Response> {
  const { core, clock } = parts
  const line = await lineByNumber(parts, context.req.param('number') ?? '')
  if (line === undefined) return refuse(context, 404, 'line', noSuchNumber)
  const act = acts[context.req.param('act') ?? '']
  if (act === undefined) return refuse(context, 404, 'act', Object.keys(acts).join(', '))
  await act(core, line, clock.now(), parts)
  return context.json(lineView(parts, (await core.lines.byId(line.id)) ?? line))
}

async function lineByNumber(
  { core, carriers }: SandboxParts,
  number: string,
): Promise<Line | undefined> {
  for (const carrier of carriers.keys()) {
    const line = await core.lines.byNumber(carrier, number)
    if (line !== undefined) return line
  }
  return undefined
}

async function page(parts: SandboxParts, context: Context): Promise<Response> {
  const { core, carriers, clock, publicUrl } = parts
  const { carrier: wanted = '', number: asked, lang } = context.req.query()
  const carrier = carriers.get(wanted) ?? [...carriers.values()][0]
  if (carrier === undefined) return refuse(context, 404, 'carrier', 'no carrier is hosted here')
  const language =
    lang === 'ko' || lang === 'en' ? lang : languageOf(context.req.header('accept-language'))
  const nonce = randomBytes(16).toString('base64')
  const known = phoneNumber.safeParse(asked)
  const number = known.success ? known.data : (magicPhoneNumber(carrier.id, '01') ?? '')
  context.header('Content-Security-Policy', pageSecurity(nonce))
  context.header('Content-Language', language)
  context.header('Referrer-Policy', 'no-referrer')
  const owner = (await core.lines.byNumber(carrier.id, number))?.person
  const nowMs = clock.now()
  const present = await presentsOf(parts, carrier)
  return context.html(
    sandboxPage({ carriers, publicUrl, nowMs, language, carrier, number, owner, nonce, present }),
  )
}

/** What is true now of each of a carrier's numbers that the table has. */
async function presentsOf({ core, clock }: SandboxParts, carrier: Carrier) {
  const nowMs = clock.now()
  const profile = carrier.profileAt(nowMs)
  const presents = new Map<string, Present>()
  for (const { digits } of magicNumbers) {
    const number = magicPhoneNumber(carrier.id, digits)
    const line = number === undefined ? undefined : await core.lines.byNumber(carrier.id, number)
    if (line !== undefined) presents.set(line.phoneNumber, presentOf(line, profile, nowMs))
  }
  return presents
}

async function numbersView(parts: SandboxParts) {
  const { carriers } = parts
  const presents = new Map<string, ReadonlyMap<string, Present>>()
  for (const [id, carrier] of carriers) presents.set(id, await presentsOf(parts, carrier))
  return {
    payment_password: SANDBOX_PASSWORD,
    numbers: magicNumbers.map(({ digits, means, facts, fault }) => {
      const phoneNumbers = [...carriers.keys()].flatMap((carrier) => {
        const number = magicPhoneNumber(carrier, digits)
        return number === undefined ? [] : [[carrier, number] as const]
      })
      return {
        digits,
        /** How it was opened. */
        means,
        name: facts.name,
        fault,
        phone_numbers: Object.fromEntries(phoneNumbers),
        /** What is true of each now; `null`: there is no such line. */
        now: Object.fromEntries(
          phoneNumbers.map(([carrier, number]) => [
            carrier,
            presents.get(carrier)?.get(number) ?? null,
          ]),
        ),
      }
    }),
  }
}

function clockView(clock: TestClock) {
  const { offsetMs, frozenAtMs } = clock.position
  return {
    now: new Date(clock.now()).toISOString(),
    offset_ms: offsetMs,
    frozen_at_ms: frozenAtMs,
  }
}

function messageView({ id, phoneNumber: number, carrier, kind, text, sentAtMs }: Message) {
  return {
    ...{ id, phone_number: number, carrier, kind, text },
    at: new Date(sentAtMs).toISOString(),
  }
}

function carrierOf({ carriers }: SandboxParts, line: Line): Carrier {
  const carrier = carriers.get(line.carrier)
  if (carrier === undefined) throw new Error(`no carrier ${line.carrier} is hosted here`)
  return carrier
}

function lineView(parts: SandboxParts, line: Line) {
  const nowMs = parts.clock.now()
  return {
    /** What is true of it now, in words. */
    now: presentOf(line, carrierOf(parts, line).profileAt(nowMs), nowMs),
    id: line.id,
    carrier: line.carrier,
    phone_number: line.phoneNumber,
    name: line.person.name,
    birthdate: line.person.birthdate,
    kind: line.kind,
    opened_on: line.openedOn,
    stage: line.stage,
    paused: line.paused,
    on_network: line.onNetwork,
    sim_changed_on: dateOf(line.simChangedAtMs, 'UTC'),
    device_changed_on: dateOf(line.deviceChangedAtMs, 'UTC'),
  }
}
