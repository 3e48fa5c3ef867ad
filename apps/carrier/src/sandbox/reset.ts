import { addDays, type CalendarDate, dateOf } from '@jeon/billing'
import type { Core } from '../core.ts'
import type { Carrier, Line } from '../model.ts'
import { consentWords } from '../selfcare/words.ts'
import { type MagicFacts, magicOf, SANDBOX_PASSWORD } from './magic.ts'

const HOUR_MS = 3_600_000

/**
 * Makes a line again what the table of numbers says of it, as of now: when it was opened, SIM, device, pause, network,
 * language, password, blocks and consent; an ordinary line has nothing wrong with it. What was bought and is owed, and
 * the owner's limits, stay.
 */
export async function resetLine(
  core: Core,
  carrier: Carrier,
  line: Line,
  nowMs: number,
): Promise<void> {
  const { lines } = core
  const facts: MagicFacts = magicOf(line.phoneNumber)?.facts ?? { name: line.person.name }
  const today = dateOf(nowMs, carrier.profileAt(nowMs).zone)
  const openedOn = openedOnOf(facts, line, today)
  const hoursAgo = (hours: number | undefined) =>
    hours === undefined ? Date.parse(`${openedOn}T00:00:00Z`) : nowMs - hours * HOUR_MS
  await lines.setOpenedOn(line.id, openedOn)
  await lines.setSimChanged(line.id, hoursAgo(facts.simHoursAgo))
  await lines.setDeviceChanged(line.id, hoursAgo(facts.deviceHoursAgo))
  await lines.setPaused(line.id, facts.paused === true)
  await lines.setNetwork(line.id, facts.offNetwork !== true)
  await lines.setLanguage(line.id, facts.language ?? line.language)
  await lines.setPassword(line.id, SANDBOX_PASSWORD)
  await resetConsent(core, line, facts)
  await resetBlocks(core, line, facts)
}

/** What is restricted by how long ago it was opened is so again; for others it stays as it is. */
function openedOnOf(facts: MagicFacts, line: Line, today: CalendarDate): CalendarDate {
  const { openedDaysAgo } = facts
  return openedDaysAgo === undefined ? line.openedOn : addDays(today, -openedDaysAgo)
}

async function resetConsent({ consents }: Core, line: Line, facts: MagicFacts): Promise<void> {
  if (facts.consent !== false) {
    const wording = consentWords.payments[facts.language ?? line.language]
    await consents.give(line.id, { kind: 'payments', factors: [], wording })
    return
  }
  for (const { id, kind } of line.consents) {
    if (kind === 'payments') await consents.revoke(line.id, id)
  }
}

async function resetBlocks({ blocks }: Core, line: Line, facts: MagicFacts): Promise<void> {
  const wanted = facts.block ?? (facts.dormant === true ? 'dormant' : undefined)
  for (const { kind } of line.blocks) {
    if (kind !== wanted) await blocks.release(line.id, kind)
  }
  if (wanted !== undefined) await blocks.set(line.id, wanted, 'sandbox')
}
