import { type CalendarDate, dateOf } from '@jeon/billing'
import type { NewLine } from '../../../apps/carrier/src/lines/model.ts'
import type { Line } from '../../../apps/carrier/src/model.ts'
import type { Random } from '../../crash/random.ts'
import type { Company } from '../company.ts'
import { type Persona, pickPersona } from './personas.ts'

/** An owner in the simulation: who they are and which lines they have. */
export interface Owner {
  readonly persona: Persona
  readonly lineIds: readonly string[]
  readonly name: string
  readonly birthdate: string
}

/** An owner whose lines are not open yet. */
interface Applicant {
  readonly persona: Persona
  readonly carrier: string
  /** Lines opened before. */
  readonly number: number
  readonly name: string
  readonly birthdate: CalendarDate
  readonly openedOn: CalendarDate
  readonly isMinor: boolean
}

const DAY_MS = 86_400_000
const OPENED_AT_ONCE = 1_000

/** Opens lines of every kind at every carrier. @returns the owners, in the order of opening */
export async function openOwners(
  company: Company,
  random: Random,
  lines: number,
): Promise<readonly Owner[]> {
  const carriers = [...company.carriers.keys()]
  const applicants: Applicant[] = []
  for (let number = 0; number < lines; ) {
    const persona = pickPersona(random)
    const carrier = carriers[number % carriers.length] ?? 'skt'
    applicants.push(applicantOf(company, random, { persona, carrier, number }))
    number += persona.lines
  }
  const owners: Owner[] = []
  for (let from = 0; from < applicants.length; from += OPENED_AT_ONCE) {
    owners.push(...(await openMany(company, applicants.slice(from, from + OPENED_AT_ONCE))))
  }
  return owners
}

function applicantOf(
  { clock, zone }: Company,
  random: Random,
  { persona, carrier, number }: Pick<Applicant, 'persona' | 'carrier' | 'number'>,
): Applicant {
  const ageDays = random.integer(persona.age[0] * 366, persona.age[1] * 366 + 200)
  const openedDaysAgo = random.integer(persona.openedDaysAgo[0], persona.openedDaysAgo[1])
  return {
    ...{ persona, carrier, number },
    name: `Owner ${number}`,
    birthdate: dateOf(clock.now() - ageDays * DAY_MS, zone),
    openedOn: dateOf(clock.now() - openedDaysAgo * DAY_MS, zone),
    isMinor: ageDays < 19 * 366,
  }
}

/** First lines with their owners, then second lines. */
async function openMany(company: Company, applicants: readonly Applicant[]): Promise<Owner[]> {
  const { lines } = company.core
  const firsts = await lines.openMany(
    applicants.map((one) => {
      const { name, birthdate } = one
      return lineOf(company, one, 0, { name, birthdate })
    }),
  )
  const lineIds = firsts.map(({ id }) => [id])
  const seconds = applicants.flatMap((one, index) => {
    const first = firsts[index]
    if (one.persona.lines === 1 || first === undefined) return []
    return [{ index, line: lineOf(company, one, 1, first.person) }]
  })
  if (seconds.length > 0) {
    const opened = await lines.openMany(seconds.map(({ line }) => line))
    for (const [at, { id }] of opened.entries()) lineIds[seconds[at]?.index ?? -1]?.push(id)
  }
  return applicants.map(({ persona, name, birthdate }, index) => {
    return { persona, name, birthdate, lineIds: lineIds[index] ?? [] }
  })
}

function lineOf(
  { clock }: Company,
  { persona, carrier, number, openedOn, isMinor }: Applicant,
  which: 0 | 1,
  person: Line['person'] | { readonly name: string; readonly birthdate: CalendarDate },
): NewLine {
  const wording = 'I agree to payments on my phone bill.'
  return {
    carrier,
    phoneNumber: `+8210${String(70_000_000 + number + which)}`,
    person,
    kind: persona.kind,
    openedOn,
    usedAtMs: clock.now() - (persona.name === 'dormant' ? 200 : 10) * DAY_MS,
    password: '135790',
    consents: [
      ...(persona.consents ? [{ kind: 'payments', wording } as const] : []),
      ...(isMinor ? [{ kind: 'guardian', wording } as const] : []),
    ],
  }
}
