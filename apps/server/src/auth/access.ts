import { type Refusal, refuse } from '../errors.ts'
import type { RequestHead } from '../request.ts'
import type { Caller, Way } from './model.ts'

/** What is known about the page that sent a request. */
export interface OriginFacts {
  /** One of the platform's own pages. */
  readonly own: boolean
  /** The merchants that registered this origin. */
  readonly merchants: ReadonlySet<string>
}

/** Whether a caller may use an endpoint at all; undefined means yes. Pure: every fact is passed in. */
export function accessProblem(
  ways: readonly Way[],
  caller: Caller,
  head: RequestHead,
  origin: OriginFacts,
): Refusal | undefined {
  const page = caller.as === 'wallet' || caller.as === 'page' ? caller.page : undefined
  if (page !== undefined && !mayComeFrom(head, origin, page.merchantId)) return notFromHere
  let refusal: Refusal | undefined
  for (const way of ways) {
    const problem = problemOfWay(way, caller, head, origin)
    if (problem === undefined) return undefined
    refusal = nearer(refusal, problem)
  }
  if (refusal === undefined || refusal.refused === 'key_missing') {
    return refuse('key_missing', { param: 'Authorization', values: { ways: describe(ways) } })
  }
  return refusal
}

/** A page key works on its merchant's pages, on the platform's own, and outside of browsers. */
function mayComeFrom(head: RequestHead, origin: OriginFacts, merchantId: string): boolean {
  return head.origin === undefined || origin.own || origin.merchants.has(merchantId)
}

function problemOfWay(
  way: Way,
  caller: Caller,
  head: RequestHead,
  origin: OriginFacts,
): Refusal | undefined {
  switch (way.by) {
    case 'anyone': {
      // What anyone may do still sets cookies: a foreign page must not replace a payer's wallet.
      const known = head.origin === undefined || origin.own || origin.merchants.size > 0
      return known || onlyReads(head) ? undefined : notFromHere
    }
    case 'operator':
    case 'merchant':
      if (caller.as !== way.by) return keyMissing
      return caller.key.scopes.has(way.scope) ? undefined : scopeMissing(way.scope)
    case 'page': {
      const page = caller.as === 'page' || caller.as === 'wallet' ? caller.page : undefined
      if (page === undefined) return keyMissing
      return page.key.scopes.has(way.scope) ? undefined : scopeMissing(way.scope)
    }
    case 'wallet':
      if (caller.as === 'wallet') return walletOriginProblem(way.from, caller, head, origin)
      if (caller.as === 'page' || caller.as === 'anyone') return refuse(caller.sessionProblem)
      return keyMissing
  }
}

/**
 * A cookie comes along whether or not the payer meant it. So what it may do depends on the page: a merchant's page may
 * pay that merchant, the platform's own pages may do everything, any other page nothing; and a request that changes
 * something has to say which page it is from.
 */
function walletOriginProblem(
  from: 'own' | 'merchant',
  caller: Extract<Caller, { as: 'wallet' }>,
  head: RequestHead,
  origin: OriginFacts,
): Refusal | undefined {
  if (caller.session.kind === 'token') return undefined
  if (head.origin === undefined) {
    if (head.fetchSite === 'same-origin') return undefined
    // Browsers leave Origin away on same-origin reads; those that send Sec-Fetch-Site say so there.
    return onlyReads(head) && (head.fetchSite === undefined || head.fetchSite === 'none')
      ? undefined
      : notFromHere
  }
  if (origin.own) return undefined
  if (from === 'own' || origin.merchants.size === 0) return notFromHere
  return undefined
}

function onlyReads(head: RequestHead): boolean {
  return head.method === 'GET' || head.method === 'HEAD'
}

const keyMissing = refuse('key_missing')
const notFromHere = refuse('origin_not_allowed', { param: 'Origin' })

function scopeMissing(scope: string): Refusal {
  return refuse('scope_missing', { param: 'Authorization', values: { ways: scope } })
}

/** Of several problems, the one that tells most about the caller's case. */
function nearer(one: Refusal | undefined, other: Refusal): Refusal {
  if (one === undefined || one.refused === 'key_missing') return other
  if (other.refused === 'key_missing') return one
  if (other.refused === 'scope_missing' || other.refused === 'origin_not_allowed') return other
  return one
}

function describe(ways: readonly Way[]): string {
  return ways
    .map((way) => {
      if (way.by === 'wallet') return 'ws_test_… (a wallet)'
      if (way.by === 'anyone') return 'none'
      const prefix = { merchant: 'sk_test_…', page: 'pk_test_…', operator: 'op_test_…' }[way.by]
      return `${prefix} with ${way.scope}`
    })
    .join(', ')
}
