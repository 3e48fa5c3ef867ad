import {
  addCycles,
  assetOfProfile,
  type Cycle,
  cycleOf,
  dateOf,
  dueDateOf,
  startOfCycleMs,
} from '@jeon/billing'
import type { TestClock } from '@jeon/clock'
import { amountFrom } from '@jeon/money'
import type pg from 'pg'
import type { Carrier, Line, PaymentOrder } from '../model.ts'
import { magicNumbers, magicPhoneNumber } from './magic.ts'
import { openMissing, type SeedParts } from './seed.ts'
import type { SandboxTime } from './time.ts'

export interface HistoryParts extends SeedParts {
  readonly clock: TestClock
  readonly time: SandboxTime
  readonly machineMs: () => number
}

const late = magicNumbers.filter(({ facts }) => facts.inArrears === true)

/**
 * Gives the lines in arrears a real past: what they bought was billed, came due and was not paid, each at its time. The
 * clock of a sandbox that is empty goes back for that and comes forward again through everything that falls due.
 */
export async function seedHistory(parts: HistoryParts): Promise<void> {
  const { clock, carriers, pool, time } = parts
  const nowMs = parts.machineMs()
  const fromMs = Math.min(...[...carriers.values()].map((carrier) => pastOf(carrier, nowMs)))
  if (await isEmpty(pool)) await clock.move({ offsetMs: fromMs - nowMs, frozenAtMs: fromMs })
  // Also true when a start was cut off on its way back to the present.
  if (clock.now() < nowMs - DAY_MS) {
    for (const carrier of carriers.values()) await buySomething(parts, carrier)
    await time.moveTo({ offsetMs: 0, frozenAtMs: null })
  }
  for (const carrier of carriers.values()) {
    await openMissing(parts, carrier, late)
    await markLate(parts, carrier)
  }
}

const DAY_MS = 86_400_000

async function isEmpty(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query('select from carrier.line limit 1')
  return rowCount === 0
}

/** The middle of the last month whose bill has come due by now. */
function pastOf(carrier: Carrier, nowMs: number): number {
  const profile = carrier.profileAt(nowMs)
  const today = dateOf(nowMs, profile.zone)
  let cycle: Cycle = cycleOf(nowMs, profile.zone)
  while (dueDateOf(profile, cycle) > today) cycle = addCycles(cycle, -1)
  return startOfCycleMs(cycle, profile.zone) + 14.5 * DAY_MS
}

async function buySomething(parts: HistoryParts, carrier: Carrier): Promise<void> {
  const { core } = parts
  await openMissing(parts, carrier, late)
  for (const line of await linesOf(parts, carrier)) {
    if ((await core.payments.ofLine(line.id, { limit: 1 })).length > 0) continue
    for (const bought of basket) await core.payments.create(orderOf(carrier, line, bought, parts))
  }
}

/** Dunning blocks some days after the due date: until then the line is in arrears by the carrier's word alone. */
async function markLate(parts: HistoryParts, carrier: Carrier): Promise<void> {
  for (const line of await linesOf(parts, carrier)) {
    if (line.stage !== 'active' && line.stage !== 'notice') continue
    const isOwing = await owes(parts.pool, line)
    const isFresh = (await parts.core.payments.ofLine(line.id, { limit: 1 })).length === 0
    if (!line.inArrears && (isOwing || isFresh)) await parts.core.lines.setArrears(line.id, true)
  }
}

async function owes(pool: pg.Pool, line: Line): Promise<boolean> {
  const { rowCount } = await pool.query(
    'select from carrier.bill where line_id = $1 and settled < total limit 1',
    [line.id],
  )
  return rowCount !== 0
}

async function linesOf({ core }: SeedParts, carrier: Carrier): Promise<Line[]> {
  const lines: Line[] = []
  for (const { digits } of late) {
    const number = magicPhoneNumber(carrier.id, digits)
    const line = number === undefined ? undefined : await core.lines.byNumber(carrier.id, number)
    if (line !== undefined) lines.push(line)
  }
  return lines
}

const basket = [
  { reference: 'seed-1', description: '웹소설 30회 이용권', amount: '9900' },
  { reference: 'seed-2', description: '게임 아이템', amount: '4500' },
] as const

function orderOf(
  carrier: Carrier,
  line: Line,
  { reference, description, amount }: (typeof basket)[number],
  { nowMs }: SeedParts,
): PaymentOrder {
  const profile = carrier.profileAt(nowMs())
  return {
    carrier: carrier.id,
    clientId: 'jeon-platform',
    lineId: line.id,
    steps: 1,
    clientCorrelator: `${line.id}-${reference}`,
    referenceCode: `${line.id}-${reference}`,
    amount: amountFrom(amount, assetOfProfile(profile)),
    currency: profile.currency,
    description,
    isTaxIncluded: true,
    taxAmount: null,
    merchant: { id: 'sandbox-shop', name: '샌드박스 상점', contact: '02-000-0000' },
    category: 'digital',
    product: '',
    metaData: null,
    items: [],
    boundToPhone: false,
    shown: ['password'],
    sink: null,
    sinkToken: null,
    validation: 'none',
  }
}
