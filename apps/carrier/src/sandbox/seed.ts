import { addDays, addMonths, dateOf } from '@jeon/billing'
import type pg from 'pg'
import type { Core } from '../core.ts'
import type { NewLine } from '../lines/model.ts'
import type { Carrier, CarrierId, Line } from '../model.ts'
import { consentWords } from '../selfcare/words.ts'
import {
  type MagicFacts,
  type MagicNumber,
  magicNumbers,
  magicPhoneNumber,
  SANDBOX_PASSWORD,
} from './magic.ts'

export interface SeedParts {
  readonly pool: pg.Pool
  readonly core: Core
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly nowMs: () => number
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Opens the lines of the table that are not there yet. Begun anew after it was cut off, it goes on. */
export async function seedLines(parts: SeedParts): Promise<void> {
  for (const carrier of parts.carriers.values()) {
    // Owners of a second line have to be there before it.
    const first = magicNumbers.filter(({ facts }) => facts.sameOwnerAs === undefined)
    await openMissing(parts, carrier, first)
    const second = magicNumbers.filter(({ facts }) => facts.sameOwnerAs !== undefined)
    await openMissing(parts, carrier, second)
    await setBlocks(parts, carrier)
  }
}

/** Opens some lines of the table; those that are there already stay as they are. */
export async function openMissing(
  { core, nowMs }: SeedParts,
  carrier: Carrier,
  numbers: readonly MagicNumber[],
): Promise<void> {
  const missing: NewLine[] = []
  for (const { digits, facts } of numbers) {
    const phoneNumber = magicPhoneNumber(carrier.id, digits)
    if (phoneNumber === undefined) continue
    if ((await core.lines.byNumber(carrier.id, phoneNumber)) !== undefined) continue
    const owner = await ownerOf(core, carrier, facts)
    missing.push(lineOf(carrier, phoneNumber, facts, owner, nowMs()))
  }
  if (missing.length > 0) await core.lines.openMany(missing)
}

async function ownerOf(core: Core, carrier: Carrier, facts: MagicFacts): Promise<Line | undefined> {
  if (facts.sameOwnerAs === undefined) return undefined
  const number = magicPhoneNumber(carrier.id, facts.sameOwnerAs)
  return number === undefined ? undefined : core.lines.byNumber(carrier.id, number)
}

function lineOf(
  carrier: Carrier,
  phoneNumber: string,
  facts: MagicFacts,
  owner: Line | undefined,
  nowMs: number,
): NewLine {
  const { zone } = carrier.profileAt(nowMs)
  const today = dateOf(nowMs, zone)
  // Some months after the birthday, so that nobody comes of age while somebody tries something.
  const birthdate = addDays(addMonths(today, -12 * (facts.age ?? 34)), -100)
  const { limit, simHoursAgo, deviceHoursAgo } = facts
  return {
    carrier: carrier.id,
    phoneNumber,
    person: owner?.person ?? { name: facts.name, birthdate },
    kind: facts.kind ?? 'postpaid',
    openedOn: addDays(today, -(facts.openedDaysAgo ?? 1_500)),
    language: facts.language ?? 'ko',
    onNetwork: facts.offNetwork !== true,
    paused: facts.paused === true,
    usedAtMs: facts.dormant === true ? nowMs - 500 * DAY_MS : nowMs - 20 * DAY_MS,
    password: SANDBOX_PASSWORD,
    consents: consentsOf(facts),
    ...(limit === undefined ? {} : { personal: { general: limit } }),
    ...(simHoursAgo === undefined ? {} : { simChangedAtMs: nowMs - simHoursAgo * HOUR_MS }),
    ...(deviceHoursAgo === undefined
      ? {}
      : { deviceChangedAtMs: nowMs - deviceHoursAgo * HOUR_MS }),
  }
}

function consentsOf(facts: MagicFacts): NonNullable<NewLine['consents']> {
  const { consent, guardianConsent, language = 'ko' } = facts
  const { payments, guardian } = consentWords
  return [
    ...(consent === false ? [] : [{ kind: 'payments' as const, wording: payments[language] }]),
    ...(guardianConsent === true
      ? [{ kind: 'guardian' as const, wording: guardian[language] }]
      : []),
  ]
}

async function setBlocks({ core, pool }: SeedParts, carrier: Carrier): Promise<void> {
  for (const { digits, facts } of magicNumbers) {
    const kind = facts.block ?? (facts.dormant === true ? 'dormant' : undefined)
    const number = magicPhoneNumber(carrier.id, digits)
    if (kind === undefined || number === undefined) continue
    const line = await core.lines.byNumber(carrier.id, number)
    if (line === undefined || (await wasBlocked(pool, line))) continue
    await core.blocks.set(line.id, kind, 'sandbox')
  }
}

/** Also of a block that was lifted since: who lifts it in the sandbox finds it lifted after the next start. */
async function wasBlocked(pool: pg.Pool, line: Line): Promise<boolean> {
  const { rowCount } = await pool.query('select from carrier.block where line_id = $1 limit 1', [
    line.id,
  ])
  return rowCount !== 0
}
