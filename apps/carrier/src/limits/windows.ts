import {
  type Bucket,
  type Cycle,
  ceilingOf,
  type LimitSubject,
  lineLimits,
  type MarketProfile,
  type MinorCeiling,
  minorOf,
  personalDefault,
} from '@jeon/billing'
import type { SpendingLimits } from '@jeon/ledger'
import type { Line } from '../model.ts'

/** What limits depend on, of a line that need not exist yet. */
export type LimitedLine = Pick<Line, 'openedOn' | 'personal' | 'freedBy' | 'freedCycle'> & {
  readonly person: Pick<Line['person'], 'birthdate'>
}

export function subjectOf(line: LimitedLine, today: string): LimitSubject {
  return { birthdate: line.person.birthdate, openedOn: line.openedOn, today }
}

/** What the owner chose, or the market's default. */
export function personalOf(
  profile: MarketProfile,
  line: LimitedLine,
  bucket: Bucket,
  today: string,
): MinorCeiling {
  const own = line.personal[bucket]
  return own === undefined
    ? personalDefault(profile, subjectOf(line, today), bucket)
    : ceilingOf(profile, own)
}

/** What early payment freed of a bucket in this cycle: over both buckets never more than the market allows. */
export function freedOf(
  profile: MarketProfile,
  line: LimitedLine,
  bucket: Bucket,
  cycle: Cycle,
): bigint {
  const { earlyPaymentFrees } = profile.limits
  if (line.freedCycle !== cycle || earlyPaymentFrees === null) return 0n
  const most = minorOf(profile, earlyPaymentFrees)
  const general = least(line.freedBy.general, most)
  return bucket === 'general' ? general : least(line.freedBy.content, most - general)
}

/** The ledger's windows of a line's account on a day. */
export function windowsOf(
  profile: MarketProfile,
  line: LimitedLine,
  bucket: Bucket,
  today: string,
  freed: bigint,
): SpendingLimits {
  const personal = personalOf(profile, line, bucket, today)
  return lineLimits(profile, subjectOf(line, today), bucket, personal, freed)
}

export function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
