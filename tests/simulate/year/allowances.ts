import {
  type Bucket,
  type Ceiling,
  ceilingOf,
  cycleOfDate,
  dateOf,
  lineLimits,
  type MarketProfile,
  minorOf,
  personalDefault,
  personLimits,
} from '@jeon/billing'
import type { Company } from '../company.ts'
import type { LimitWatch } from './watch.ts'

const BUCKETS: readonly Bucket[] = ['general', 'content']

/** A line as the tables have it, with what was paid early of this month's use. */
interface AllowanceRow {
  readonly person_id: string
  readonly carrier: string
  readonly opened_on: string
  readonly birthdate: string
  readonly personal: Readonly<Partial<Record<Bucket, Ceiling>>>
  readonly general_account: string
  readonly content_account: string
  readonly person_general: string
  readonly person_content: string
  readonly early_general: string
  readonly early_content: string
}

const ALLOWANCES = `
  select l.person_id, l.carrier, l.opened_on, p.birthdate, l.personal, l.general_account, l.content_account,
         g.account_id as person_general, c.account_id as person_content,
         coalesce(e.general, 0)::text as early_general, coalesce(e.content, 0)::text as early_content
    from carrier.line l
    join carrier.person p on p.id = l.person_id
    join carrier.person_account g on g.person_id = p.id and g.bucket = 'general'
    join carrier.person_account c on c.person_id = p.id and c.bucket = 'content'
    left join lateral (
      select sum(paid_early) filter (where bucket = 'general') as general,
             sum(paid_early) filter (where bucket = 'content') as content
        from carrier.payment where line_id = l.id and cycle = $2 and paid_early > 0
    ) e on true
   where l.id = any($1::text[]) order by l.person_id, l.id`

/**
 * Tells the watch what lines and their owners may spend from now on: read from the tables and computed anew from the
 * market's rules, not asked of the ledger nor of the carrier's own limits. `lineIds`: all lines of each of the owners.
 */
export async function watchAllowances(
  { pool, clock, zone, carriers }: Company,
  watch: LimitWatch,
  lineIds: readonly string[],
): Promise<void> {
  if (lineIds.length === 0) return
  const today = dateOf(clock.now(), zone)
  const { rows } = await pool.query<AllowanceRow>(ALLOWANCES, [lineIds, cycleOfDate(today)])
  const profiles = new Map(
    Array.from(carriers.values(), (carrier) => [carrier.id, carrier.profileAt(clock.now())]),
  )
  for (const ofPerson of Map.groupBy(rows, ({ person_id }) => person_id).values()) {
    const freedOfPerson: Record<Bucket, bigint> = { general: 0n, content: 0n }
    for (const row of ofPerson) {
      const profile = profiles.get(row.carrier)
      if (profile === undefined) throw new Error(`there is no carrier ${row.carrier}`)
      const freed = freedOf(profile, row)
      const subject = { birthdate: row.birthdate, openedOn: row.opened_on, today }
      for (const bucket of BUCKETS) {
        if (bucket === 'content' && profile.limits.content === null) continue
        const own = row.personal[bucket]
        const personal =
          own === undefined ? personalDefault(profile, subject, bucket) : ceilingOf(profile, own)
        freedOfPerson[bucket] += freed[bucket]
        watch.limit(
          Number(row[`${bucket}_account`]),
          lineLimits(profile, subject, bucket, personal, freed[bucket]),
        )
        watch.limit(
          Number(row[`person_${bucket}`]),
          personLimits(profile, bucket, freedOfPerson[bucket]),
        )
      }
    }
  }
}

/** What early payment frees: over both buckets never more than the market allows in a month. */
function freedOf(profile: MarketProfile, row: AllowanceRow): Record<Bucket, bigint> {
  const { earlyPaymentFrees } = profile.limits
  const most = earlyPaymentFrees === null ? 0n : minorOf(profile, earlyPaymentFrees)
  const general = least(BigInt(row.early_general), most)
  return { general, content: least(BigInt(row.early_content), most - general) }
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
