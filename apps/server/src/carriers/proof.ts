import { z } from 'zod'
import type { Carrier } from './carriers.ts'
import { isLinkReason, type LinkReason } from './reasons.ts'

/** What the owner of a line typed. Passed on to the carrier and kept nowhere. */
export interface Typed {
  readonly smsCode: string
  readonly password: string
}

/**
 * What a carrier said to a proof. `final`: this attempt cannot succeed any more.
 */
export type ProofAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: LinkReason; readonly final: boolean }
  | { readonly ok: false; readonly reason: undefined }

type Fetch = typeof globalThis.fetch

/** Passes code and password on to the carrier's own approval of a request that it holds open. */
export async function approve(
  fetch: Fetch,
  carrier: Carrier,
  requestId: string,
  { smsCode, password }: Typed,
): Promise<ProofAnswer> {
  const url = `${carrier.issuer}/openid/approvals/${encodeURIComponent(requestId)}`
  const answer = await send(fetch, carrier, url, undefined, { sms_code: smsCode, password })
  return answer === undefined ? { ok: false, reason: undefined } : proofAnswerOf(answer)
}

/** Begins a proof in the line's self-care, for what the market asks of linking. @returns its id, and what it needs */
export async function beginProof(
  fetch: Fetch,
  carrier: Carrier,
  accessToken: string,
): Promise<
  | { readonly ok: true; readonly id: string; readonly needs: readonly string[] }
  | Exclude<ProofAnswer, { ok: true }>
> {
  const url = `${carrier.apiRoot}/selfcare/v1/proofs`
  const answer = await send(fetch, carrier, url, accessToken, { purpose: 'consent' })
  const begun = answer?.status === 201 ? proofBegun.safeParse(answer.json) : undefined
  if (begun?.success === true) return { ok: true, ...begun.data }
  const refused = answer === undefined ? undefined : proofAnswerOf(answer)
  return refused?.ok === false ? refused : { ok: false, reason: undefined }
}

/** Gives code and password to a proof in self-care. */
export async function giveProof(
  fetch: Fetch,
  carrier: Carrier,
  { proofId, accessToken }: { readonly proofId: string; readonly accessToken: string },
  { smsCode, password }: Typed,
): Promise<ProofAnswer> {
  const url = `${carrier.apiRoot}/selfcare/v1/proofs/${encodeURIComponent(proofId)}`
  const answer = await send(fetch, carrier, url, accessToken, { sms_code: smsCode, password })
  if (answer === undefined) return { ok: false, reason: undefined }
  const given = answer.status === 200 ? proofGiven.safeParse(answer.json) : undefined
  if (given?.success === true) {
    return given.data.complete ? { ok: true } : { ok: false, reason: 'code_wrong', final: false }
  }
  return proofAnswerOf(answer)
}

const proofBegun = z.object({ id: z.string(), needs: z.array(z.string()) })
const proofGiven = z.object({ complete: z.boolean() })
const coded = z.object({ code: z.string() })

/** After these nothing that is typed helps. */
const finalReasons: readonly LinkReason[] = [
  'code_expired',
  'code_used_up',
  'password_locked',
  'password_unset',
  'proof_expired',
]

/** Carriers' other words for what is called otherwise here. */
const synonyms: Readonly<Record<string, LinkReason>> = {
  not_found: 'proof_expired',
  proof_not_found: 'proof_expired',
  too_many_codes: 'codes_too_many',
}

interface JsonAnswer {
  readonly status: number
  readonly json: unknown
}

function proofAnswerOf({ status, json }: JsonAnswer): ProofAnswer {
  if (status >= 200 && status < 300) return { ok: true }
  const problem = coded.safeParse(json)
  if (!problem.success) return { ok: false, reason: undefined }
  const { code } = problem.data
  const reason = isLinkReason(code) ? code : synonyms[code]
  if (reason === undefined) return { ok: false, reason: undefined }
  return { ok: false, reason, final: finalReasons.includes(reason) }
}

/** @returns undefined: no answer */
async function send(
  fetch: Fetch,
  carrier: Carrier,
  url: string,
  accessToken: string | undefined,
  body: object,
): Promise<JsonAnswer | undefined> {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' })
  if (accessToken !== undefined) headers.set('authorization', `Bearer ${accessToken}`)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(carrier.timeoutMs),
    })
    const json: unknown = await response.json().catch(() => undefined)
    return { status: response.status, json }
  } catch {
    return undefined
  }
}
