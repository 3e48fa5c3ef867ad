import type { Bucket } from '@jeon/billing'
import type { CareUsage, CareWindow } from '@jeon/camara'
import type { AccountId, Ledger, WindowUsage } from '@jeon/ledger'
import type pg from 'pg'
import type { Bills } from '../bills/service.ts'
import type { Core } from '../core.ts'
import { type Caller, type CareEndpoint, careEndpoint } from './endpoint.ts'
import { type Reserved, reservedBy, reservedIn } from './reserved.ts'
import { amountText, timeText } from './view.ts'

export interface UsageParts {
  readonly core: Core
  readonly bills: Pick<Bills, 'coming'>
  readonly ledger: Ledger
  readonly pool: pg.Pool
}

/** How much of every limit is used, by bucket. */
export function createUsageEndpoints(parts: UsageParts): CareEndpoint[] {
  return [
    careEndpoint({
      method: 'GET',
      path: '/usage',
      summary: 'How much of each limit is used, held and left, and what the coming bill will be',
      reply: 'usage',
      handle: (call) => usageView(parts, call),
    }),
  ]
}

async function usageView(parts: UsageParts, caller: Caller): Promise<CareUsage> {
  const { line, profile, nowMs } = caller
  const { core, bills, pool } = parts
  const [limits, coming, reserved] = await Promise.all([
    core.limits.view(line),
    bills.coming(line),
    reservedBy(pool, line.person.id),
  ])
  const views = limits.buckets.map(async ({ bucket }) => ({
    bucket,
    windows: await windowsOf(parts, caller, line.accounts[bucket], {
      bucket,
      reserved: reserved.filter(({ lineId }) => lineId === line.id),
    }),
    person:
      profile.limits.person === null
        ? []
        : await windowsOf(parts, caller, line.person.accounts[bucket], { bucket, reserved }),
  }))
  return {
    at: timeText(nowMs),
    currency: profile.currency,
    cycle: coming.cycle,
    buckets: await Promise.all(views),
    coming_bill: {
      amount: amountText(profile, coming.amount),
      items: coming.items,
      bill_on: coming.billOn,
      due_on: coming.dueOn,
      paid_early: amountText(profile, coming.paidEarly),
    },
    early_payment_frees: amountText(profile, freeable(limits.freeableLeft, coming)),
  }
}

/** Paying early frees no more than there is to pay. */
function freeable(left: bigint, coming: { amount: bigint; paidEarly: bigint }): bigint {
  const open = coming.amount - coming.paidEarly
  return open < left ? open : left
}

interface Counted {
  readonly bucket: Bucket
  readonly reserved: readonly Reserved[]
}

async function windowsOf(
  { core, ledger }: UsageParts,
  { line, profile, nowMs }: Caller,
  account: AccountId,
  { bucket, reserved }: Counted,
): Promise<CareWindow[]> {
  // A new month's limits are in the ledger only once somebody asked for them.
  await core.limits.ready(line, bucket, nowMs)
  const view = await ledger.account(account)
  const inBucket = reserved.filter((each) => each.bucket === bucket)
  return (view?.usage ?? []).map((usage) => {
    const { window, amountUsed, resetsAtMs } = usage
    const limit = window.amountMax ?? null
    const left = limit === null ? null : limit - amountUsed
    return {
      per: window.per,
      scope: window.scope.of === 'offer' ? 'product' : window.scope.of,
      of: nameOf(usage),
      limit: limit === null ? null : amountText(profile, limit),
      used: amountText(profile, amountUsed),
      held: amountText(profile, reservedIn(inBucket, window, profile.zone, nowMs)),
      available: left === null ? null : amountText(profile, left < 0n ? 0n : left),
      resets_at: resetsAtMs === null ? null : timeText(resetsAtMs),
    }
  })
}

function nameOf({ window: { scope } }: WindowUsage): string | null {
  if (scope.of === 'category') return scope.category
  return scope.of === 'offer' ? scope.offer : null
}
