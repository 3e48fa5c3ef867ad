import { type Bucket, dateOf, lineLimits, personLimits } from '@jeon/billing'
import type { Random } from '../../crash/random.ts'
import type { Company } from '../company.ts'
import { type Persona, pickPersona } from './personas.ts'
import type { LimitWatch } from './watch.ts'

/** An owner in the simulation: who they are and which lines they have. */
export interface Owner {
  readonly persona: Persona
  readonly lineIds: readonly string[]
  readonly name: string
  readonly birthdate: string
}

/** Opens lines of every kind at every carrier. @returns the owners, in the order of opening */
export async function openOwners(
  company: Company,
  random: Random,
  lines: number,
): Promise<readonly Owner[]> {
  const carriers = [...company.carriers.keys()]
  const owners: Owner[] = []
  let opened = 0
  while (opened < lines) {
    const persona = pickPersona(random)
    const carrier = carriers[opened % carriers.length] ?? 'skt'
    const owner = await openOwner(company, random, { persona, carrier, number: opened })
    owners.push(owner)
    opened += owner.lineIds.length
  }
  return owners
}

async function openOwner(
  { core, clock, zone }: Company,
  random: Random,
  { persona, carrier, number }: { persona: Persona; carrier: string; number: number },
): Promise<Owner> {
  const dayMs = 86_400_000
  const ageDays = random.integer(persona.age[0] * 366, persona.age[1] * 366 + 200)
  const birthdate = dateOf(clock.now() - ageDays * dayMs, zone)
  const openedMs =
    clock.now() - random.integer(persona.openedDaysAgo[0], persona.openedDaysAgo[1]) * dayMs
  const name = `Owner ${number}`
  const person = await core.lines.openPerson({ carrier, name, birthdate })
  const wording = 'I agree to payments on my phone bill.'
  const isMinor = ageDays < 19 * 366
  const lineIds: string[] = []
  for (let each = 0; each < persona.lines; each += 1) {
    const line = await core.lines.open({
      carrier,
      phoneNumber: `+8210${String(70_000_000 + number + each)}`,
      person: person.id,
      kind: persona.kind,
      openedOn: dateOf(openedMs, zone),
      usedAtMs: clock.now() - (persona.name === 'dormant' ? 200 : 10) * dayMs,
      password: '135790',
      consents: [
        ...(persona.consents ? [{ kind: 'payments', wording } as const] : []),
        ...(isMinor ? [{ kind: 'guardian', wording } as const] : []),
      ],
    })
    lineIds.push(line.id)
  }
  return { persona, lineIds, name, birthdate }
}

/**
 * Tells the watch what lines and their owners may spend from now on: computed anew from the market's rules and the
 * owners' choices, not asked of the ledger.
 */
export async function watchOwner(
  company: Company,
  watch: LimitWatch,
  { lineIds }: Owner,
): Promise<void> {
  const today = dateOf(company.clock.now(), company.zone)
  const freedOfPerson: Record<Bucket, bigint> = { general: 0n, content: 0n }
  for (const id of lineIds) {
    const line = await company.line(id)
    const profile = company.profileOf(line)
    const view = await company.core.limits.view(line)
    const subject = { birthdate: line.person.birthdate, openedOn: line.openedOn, today }
    for (const { bucket, personal } of view.buckets) {
      const freed = view.freed[bucket]
      freedOfPerson[bucket] += freed
      watch.limit(line.accounts[bucket], lineLimits(profile, subject, bucket, personal, freed))
      watch.limit(
        line.person.accounts[bucket],
        personLimits(profile, bucket, freedOfPerson[bucket]),
      )
    }
  }
}
