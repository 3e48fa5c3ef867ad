import { randomUUID } from 'node:crypto'
import type { Outcome } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import { type Refusal, refuse } from '../errors.ts'
import { Turns } from '../rails/turns.ts'
import type { Carrier, Carriers } from './carriers.ts'
import { type Lines, lineScopes } from './lines.ts'
import {
  type HeldProof,
  heldProof,
  type LineTokens,
  type Link,
  type LinkAttempt,
  type Shown,
} from './model.ts'
import { approve, beginProof, giveProof, type ProofAnswer, type Typed } from './proof.ts'
import { type LinkReason, linkReasonText } from './reasons.ts'
import type { Seal } from './seal.ts'
import type { LineStore } from './store.ts'

export interface LinkParts {
  readonly carriers: Carriers
  readonly lines: Lines
  readonly store: LineStore
  readonly seal: Seal
  readonly clock: Clock
  readonly fetch: typeof globalThis.fetch
  /** Collects what a wallet owes before its line goes elsewhere, as far as that can be done now. */
  closeTab(link: Link): Promise<void>
}

/** How long an attempt waits for its proof, in milliseconds. */
const attemptMs = 10 * 60_000

/** Who wants to link which line. */
interface Wish {
  readonly walletId: string
  readonly carrier: Carrier
  readonly phoneNumber: string
}

/** What the carrier says of a SIM or a phone: changed too lately, lately, or not. */
type Swap = 'none' | 'recent' | LinkReason | 'unavailable'

/**
 * Linking a line. Silently where the network vouches for the phone; else, or when the SIM changed lately, or when another
 * wallet has the line, with a code by SMS and the payment password. A code alone is never enough: codes by SMS have been
 * caught on their way (the femtocell thefts of 2025).
 */
export class Links {
  readonly #parts: LinkParts
  readonly #turns = new Turns()

  constructor(parts: LinkParts) {
    this.#parts = parts
  }

  async begin(
    walletId: string,
    carrierId: string,
    phoneNumber: string,
  ): Promise<LinkAttempt | Refusal> {
    const carrier = this.#parts.carriers.get(carrierId)
    if (carrier === undefined) return refuse('carrier_not_found', { param: 'carrier' })
    const wish = { walletId, carrier, phoneNumber }
    if (this.#isTaken(wish)) return refuse('line_already_linked')
    await this.#audit(wish, 'link_begun', '')
    const swap = await this.#swapOf(wish)
    if (swap === 'unavailable') return carrierUnavailable
    if (swap !== 'none' && swap !== 'recent') return this.#refused(wish, swap)
    const begun = await carrier.tokens.startBackchannel(`tel:${phoneNumber}`, lineScopes)
    if (!begun.ok) {
      if (begun.code === 'unreachable' || begun.code === 'malformed') return carrierUnavailable
      const unknown = begun.detail.startsWith('unknown_user_id')
      return this.#refused(wish, unknown ? 'line_not_found' : 'carrier_refused')
    }
    const { authReqId } = begun.backchannel
    const granted = await carrier.tokens.pollBackchannel(authReqId)
    if (granted.ok) return this.#vouched(wish, this.#parts.lines.tokensOf(granted.token), swap)
    if (granted.code === 'pending' || granted.code === 'slow_down') {
      const held: HeldProof = { way: 'approval', requestId: authReqId }
      return this.#waiting(wish, held, ['sms_code', 'password'], 'network_cannot_vouch')
    }
    return granted.code === 'unreachable' || granted.code === 'malformed'
      ? carrierUnavailable
      : this.#refused(wish, 'carrier_refused')
  }

  /** Gives what an attempt waits for. What was mistyped can be typed again until the carrier has had enough. */
  async prove(walletId: string, id: string, typed: Typed): Promise<LinkAttempt | Refusal> {
    const { store, seal, clock, carriers } = this.#parts
    const kept = await store.attempt(id, walletId)
    if (kept === undefined) return refuse('link_not_found', { param: 'id' })
    const { attempt, held } = kept
    const carrier = carriers.get(attempt.carrier)
    const isOver = attempt.state !== 'proof_needed' || attempt.expiresAtMs <= clock.now()
    if (held === null || isOver || carrier === undefined) return refuse('link_over')
    const wish = { walletId, carrier, phoneNumber: attempt.phoneNumber }
    if (this.#isTaken(wish)) return refuse('line_already_linked')
    const proof = heldProof.parse(JSON.parse(seal.unseal(attempt.id, held)))
    const answer = await this.#give(carrier, proof, typed)
    if (!answer.ok) {
      if (answer.reason === undefined) return carrierUnavailable
      if (answer.final) return this.#refused(wish, answer.reason, attempt.id)
      return { ...attempt, reason: reasonOf(answer.reason) }
    }
    const tokens = await this.#tokensAfter(carrier, proof)
    if (tokens === undefined) return carrierUnavailable
    return this.#link(wish, tokens, ['sms_code', 'password'], attempt.id)
  }

  /** A wallet has one line. Linking the same one again makes a link anew that is no more. */
  #isTaken({ walletId, carrier, phoneNumber }: Wish): boolean {
    const own = this.#parts.lines.of(walletId)
    if (own === undefined) return false
    const isSame = own.carrier === carrier.id && own.phoneNumber === phoneNumber
    return !isSame || own.brokenAtMs === null
  }

  #give(carrier: Carrier, proof: HeldProof, typed: Typed): Promise<ProofAnswer> {
    const { fetch } = this.#parts
    if (proof.way === 'approval') return approve(fetch, carrier, proof.requestId, typed)
    const { proofId, tokens } = proof
    return giveProof(fetch, carrier, { proofId, accessToken: tokens.accessToken }, typed)
  }

  async #tokensAfter(carrier: Carrier, proof: HeldProof): Promise<LineTokens | undefined> {
    if (proof.way === 'proof') return proof.tokens
    const granted = await carrier.tokens.pollBackchannel(proof.requestId)
    return granted.ok ? this.#parts.lines.tokensOf(granted.token) : undefined
  }

  /** The carrier gave a token without asking the owner: is it the network that knows the phone, and is that enough? */
  async #vouched(wish: Wish, tokens: LineTokens, swap: Swap): Promise<LinkAttempt | Refusal> {
    const { carrier, phoneNumber } = wish
    const { accessToken } = tokens
    const verified = await carrier.camara.numberVerification.verify(
      { phoneNumber },
      { accessToken },
    )
    if (verified.outcome === 'unknown' || verified.outcome === 'not_sent') return carrierUnavailable
    if (verified.outcome === 'settled' && !verified.body.devicePhoneNumberVerified) {
      return this.#refused(wish, 'other_number')
    }
    if (verified.outcome === 'declined') return this.#ask(wish, tokens, 'network_cannot_vouch')
    if (swap === 'recent') return this.#ask(wish, tokens, 'swap_recent')
    return this.#link(wish, tokens, ['network'], randomUUID())
  }

  /** The network is not enough here: code and password, shown in the line's own self-care. */
  async #ask(wish: Wish, tokens: LineTokens, why: LinkReason): Promise<LinkAttempt | Refusal> {
    const begun = await beginProof(this.#parts.fetch, wish.carrier, tokens.accessToken)
    if (!begun.ok) {
      return begun.reason === undefined ? carrierUnavailable : this.#refused(wish, begun.reason)
    }
    const needs = begun.needs.filter((need) => need === 'sms_code' || need === 'password')
    return this.#waiting(wish, { way: 'proof', proofId: begun.id, tokens }, needs, why)
  }

  async #waiting(
    { walletId, carrier, phoneNumber }: Wish,
    held: HeldProof,
    needs: readonly Shown[],
    why: LinkReason,
  ): Promise<LinkAttempt> {
    const { store, seal, clock } = this.#parts
    const nowMs = clock.now()
    const id = randomUUID()
    const attempt: LinkAttempt = {
      ...{ id, walletId, carrier: carrier.id, phoneNumber, state: 'proof_needed', needs },
      reason: reasonOf(why),
      expiresAtMs: nowMs + attemptMs,
    }
    await store.saveAttempt(attempt, seal.seal(id, JSON.stringify(held)), nowMs)
    return attempt
  }

  async #refused(wish: Wish, reason: LinkReason, id: string = randomUUID()): Promise<LinkAttempt> {
    const { store, clock } = this.#parts
    const { walletId, carrier, phoneNumber } = wish
    const nowMs = clock.now()
    const attempt: LinkAttempt = {
      ...{ id, walletId, carrier: carrier.id, phoneNumber, state: 'refused', needs: [] },
      reason: reasonOf(reason),
      expiresAtMs: nowMs,
    }
    await store.saveAttempt(attempt, null, nowMs)
    await this.#audit(wish, 'link_refused', reason)
    return attempt
  }

  /**
   * One linking of a wallet, and of a line, at a time: what another one did meanwhile is seen. Always the wallet's turn
   * first, so that nobody waits in a circle.
   */
  #link(
    wish: Wish,
    tokens: LineTokens,
    shown: readonly Shown[],
    id: string,
  ): Promise<LinkAttempt | Refusal> {
    const { walletId, carrier, phoneNumber } = wish
    return this.#turns.take(`wallet ${walletId}`, () =>
      this.#turns.take(`line ${carrier.id} ${phoneNumber}`, async () => {
        const other = await this.#parts.store.otherWalletOf(carrier.id, phoneNumber, walletId)
        if (this.#isTaken(wish)) {
          await this.#giveBack(wish, tokens, other)
          return refuse('line_already_linked')
        }
        const isVouched = shown.every((each) => each === 'network')
        if (isVouched && other !== undefined) return this.#ask(wish, tokens, 'line_of_other_wallet')
        return this.#linkFrom(other, wish, tokens, shown, id)
      }),
    )
  }

  /** A line that some wallet has keeps its link with the platform: giving one token back would end it. */
  async #giveBack(
    { walletId, carrier, phoneNumber }: Wish,
    { refreshToken }: LineTokens,
    other: string | undefined,
  ): Promise<void> {
    const own = this.#parts.lines.of(walletId)
    const isOwn = own?.carrier === carrier.id && own.phoneNumber === phoneNumber
    if (isOwn || other !== undefined || refreshToken === null) return
    await carrier.tokens.revoke(refreshToken)
  }

  async #linkFrom(
    other: string | undefined,
    wish: Wish,
    tokens: LineTokens,
    shown: readonly Shown[],
    id: string,
  ): Promise<LinkAttempt> {
    const { lines, clock } = this.#parts
    const { walletId, carrier, phoneNumber } = wish
    const before = other === undefined ? undefined : lines.of(other)
    if (before !== undefined) {
      // No more credit meanwhile, so that what is collected is all there will be.
      await lines.stopCredit(before)
      await this.#parts.closeTab(before)
      await lines.stopCredit(before)
      // What the other wallet owes through this line stays owed through it: nobody takes the line away from a debt.
      if ((await lines.owedOf(before)) > 0n) {
        await lines.resumeCredit(before)
        return this.#refused(wish, 'carrier_refused', id)
      }
    }
    const about = { walletId, carrier: carrier.id, phoneNumber }
    const hindrance = await lines.hindranceOf(about, tokens.accessToken)
    const own = lines.of(walletId)
    const blocked = hindrance ?? own?.blocked ?? null
    const nowMs = clock.now()
    const reason = hindrance === null ? null : { code: hindrance.code, text: hindrance.text }
    const attempt: LinkAttempt = {
      ...{ id, ...about, state: 'linked', needs: [], reason, expiresAtMs: nowMs },
    }
    const link = { ...about, shown, linkedAtMs: nowMs, blocked, brokenAtMs: null }
    await lines.link(link, tokens, attempt)
    if (own !== undefined) {
      // What was owed when the link ended is collected through the new one; then there is credit again.
      await this.#parts.closeTab(link)
      await lines.recheck(walletId)
    }
    return attempt
  }

  /** SIM first: it is what a thief changes. A carrier that does not know of phones has nothing to say about them. */
  async #swapOf({ carrier, phoneNumber }: Wish): Promise<Swap> {
    const { refuseHours, stepUpHours } = carrier.profileAt(this.#parts.clock.now()).identity.swap
    const ask = [
      { maxAge: refuseHours, found: { sim: 'sim_swapped', device: 'device_swapped' } },
      { maxAge: stepUpHours, found: { sim: 'recent', device: 'recent' } },
    ] as const
    for (const { maxAge, found } of ask) {
      if (maxAge < 1) continue
      const body = { phoneNumber, maxAge }
      const sim = swapIn(await carrier.camara.simSwap.check(body))
      if (sim !== 'same') return sim === 'swapped' ? found.sim : sim
      const device = swapIn(await carrier.camara.deviceSwap.check(body))
      if (device === 'swapped') return found.device
      if (device === 'unavailable') return device
    }
    return 'none'
  }

  async #audit(
    { walletId, carrier, phoneNumber }: Wish,
    action: 'link_begun' | 'link_refused',
    detail: string,
  ): Promise<void> {
    const atMs = this.#parts.clock.now()
    const about = { walletId, carrier: carrier.id, phoneNumber }
    await this.#parts.store.audit({ ...about, action, detail, atMs })
  }
}

const carrierUnavailable = refuse('carrier_unavailable', { retryAfterS: 2 })

function swapIn(
  outcome: Outcome<{ readonly swapped: boolean }>,
): 'swapped' | 'same' | 'unavailable' | LinkReason {
  switch (outcome.outcome) {
    case 'settled':
      return outcome.body.swapped ? 'swapped' : 'same'
    case 'declined':
      if (outcome.retryable) return 'unavailable'
      return outcome.status === 404 ? 'line_not_found' : 'carrier_refused'
    case 'unknown':
    case 'not_sent':
      return 'unavailable'
  }
}

/** In English, for the record; whoever reads it gets it in his language. */
function reasonOf(code: LinkReason): { readonly code: string; readonly text: string } {
  return { code, text: linkReasonText(code, 'en') }
}
