import {
  type CalendarDate,
  dateOf,
  isSeverer,
  ladderWithPauses,
  type MarketProfile,
  restorationOf,
} from '@jeon/billing'
import type pg from 'pg'
import type { Bill } from '../bills/model.ts'
import type { Carrier, Line } from '../model.ts'
import { readFacts } from './facts.ts'
import { type DunningFacts, positionOf, type Standing } from './model.ts'
import { isPaused } from './plan.ts'

/** The standing of a line now. */
export async function readStanding(
  pool: pg.Pool,
  carrier: Carrier,
  line: Line,
  nowMs: number,
): Promise<Standing> {
  const { zone } = carrier.profileAt(nowMs)
  const today = dateOf(nowMs, zone)
  const [facts] = await readFacts(pool, [line.id], zone)
  if (facts === undefined) throw new Error(`line ${line.id} has no row`)
  const { rows } = await pool.query<{
    owed: string
    lost: string
    credit: string
    cause: string | null
  }>(
    `select (select coalesce(sum(total - settled), 0)::bigint from carrier.bill where line_id = $1) as owed,
            (select coalesce(sum(written_off), 0)::bigint from carrier.bill where line_id = $1) as lost,
            (select coalesce(sum(amount - used), 0)::bigint from carrier.credit where line_id = $1) as credit,
            (select cause from carrier.pause where line_id = $1 and from_on <= $2::date
              and (until_on is null or until_on > $2::date) order by cause desc limit 1) as cause`,
    [line.id, today],
  )
  const [sums] = rows
  const owed = BigInt(sums?.owed ?? 0)
  const chargedOff = BigInt(sums?.lost ?? 0)
  const overdueBills = facts.bills.filter(({ dueOn }) => dueOn < today)
  const [leading] = overdueBills
  const profile = leading ? carrier.profileOf(leading.profileVersion) : carrier.profileAt(nowMs)
  const cause = sums?.cause
  return {
    lineId: line.id,
    owed,
    overdue: overdueBills.reduce((sum, bill) => sum + bill.owed, 0n),
    stage: stageOf(line),
    ladder: leading === undefined ? [] : ladderOf(facts, leading, profile),
    paused: isPaused(facts, today) && (cause === 'dispute' || cause === 'relief') ? cause : null,
    restore: restoreOf(line, { leading, owed, chargedOff }, carrier.profileAt(nowMs)),
    consequences: profile.dunning.ladder,
    credit: BigInt(sums?.credit ?? 0),
    chargedOff,
  }
}

function stageOf(line: Line): Standing['stage'] {
  const position = positionOf(line)
  return position === 'due' ? 'current' : position
}

/** The steps with the days that were announced, and for the others those that the calendar gives. */
function ladderOf(facts: DunningFacts, bill: Bill, profile: MarketProfile): Standing['ladder'] {
  return ladderWithPauses(profile, bill.dueOn, facts.pauses).map(({ stage, noticeOn, on }) => {
    const step = facts.steps.find((each) => each.billId === bill.id && each.stage === stage)
    return {
      stage,
      noticeOn: step?.noticedOn ?? noticeOn,
      on: latest(step?.dueOn ?? on, step?.isDone ? undefined : on),
      isDone: step?.isDone ?? !isSeverer(stage, positionOf(facts)),
    }
  })
}

function latest(one: CalendarDate, other: CalendarDate | undefined): CalendarDate {
  return other !== undefined && other > one ? other : one
}

function restoreOf(
  line: Line,
  debt: {
    readonly leading: Bill | undefined
    readonly owed: bigint
    readonly chargedOff: bigint
  },
  profile: MarketProfile,
): Standing['restore'] {
  const stage = positionOf(line)
  if (stage === 'due') return null
  const wasSuspended = isSeverer(stage, 'blocked')
  const { toPay, rule, enablesPayments } = restorationOf(profile, {
    stage,
    oldestMonthOwed: debt.leading?.owed ?? 0n,
    totalOwed: debt.owed,
  })
  // Where something was written off nothing less than everything helps.
  const isLost = debt.chargedOff > 0n
  return {
    toPay: isLost ? debt.owed + debt.chargedOff : toPay,
    rule: isLost ? 'full_balance' : rule,
    enablesPayments: enablesPayments || !wasSuspended,
  }
}
