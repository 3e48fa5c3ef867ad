import type { Factor, MarketProfile } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { z } from 'zod'
import type { CodeCheck } from '../codes/model.ts'
import type { Codes } from '../codes/service.ts'
import { inTransaction } from '../database.ts'
import { createId } from '../ids.ts'
import type { Lines } from '../lines/model.ts'
import type { Carrier, CarrierId, Line } from '../model.ts'
import type {
  Proof,
  ProofBegun,
  ProofConsumed,
  ProofGiven,
  ProofOutcome,
  ProofPurpose,
  ProofRefusal,
} from './model.ts'

export interface ProofParts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly codes: Codes
  readonly lines: Pick<Lines, 'checkPassword'>
}

const TTL_MS = 10 * 60_000
const DAY_MS = 86_400_000

/** Factors that the owner gives here; the network and biometrics are shown elsewhere and so are asked as a code. */
const GIVEN_HERE: readonly Factor[] = ['sms_code', 'password', 'identity']

/** Proofs of the owner: begun for one purpose, given piece by piece, consumed once. */
export class Proofs {
  readonly #parts: ProofParts

  constructor(parts: ProofParts) {
    this.#parts = parts
  }

  /** Begins a proof; sends the code when one is needed. */
  async begin(line: Line, purpose: ProofPurpose): Promise<ProofBegun> {
    const { pool, clock, codes } = this.#parts
    const nowMs = clock.now()
    const needs = proofNeeds(this.#profile(line, nowMs), purpose)
    const id = createId('proof', clock.machineNow())
    const sent = needs.includes('sms_code')
      ? await codes.send(line, purpose, { holder: id })
      : undefined
    if (sent?.ok === false) return sent
    const expiresAtMs = nowMs + TTL_MS
    await pool.query(
      `insert into carrier.proof (id, line_id, purpose, needs, given, created_at, expires_at)
       values ($1, $2, $3, $4, '{}', $5, $6)`,
      [id, line.id, purpose, needs, new Date(nowMs), new Date(expiresAtMs)],
    )
    const complete = needs.length === 0
    return {
      ok: true,
      proof: { id, lineId: line.id, purpose, needs, given: [], complete, expiresAtMs },
    }
  }

  /** Gives factors. What is right stays given also when something else in the same call is wrong. */
  async give(line: Line, id: string, given: ProofGiven): Promise<ProofOutcome> {
    const found = await this.#find(line.id, id)
    if (found === undefined) return { ok: false, code: 'proof_unknown' }
    if (found.expiresAtMs <= this.#parts.clock.now()) return { ok: false, code: 'proof_expired' }
    const results = await this.#check(line, found, given)
    const right = results.flatMap(({ factor, refusal }) => (refusal === undefined ? [factor] : []))
    const proof = right.length === 0 ? found : await this.#add(found, right)
    const refusal = results.find((result) => result.refusal !== undefined)?.refusal
    return refusal === undefined ? { ok: true, proof } : { ok: false, code: refusal }
  }

  /** Uses a complete proof up. Two that try at once: one gets it. */
  async consume(lineId: string, id: string, purpose: ProofPurpose): Promise<ProofConsumed> {
    const { pool, clock } = this.#parts
    const found = await this.#find(lineId, id)
    if (found === undefined || found.purpose !== purpose)
      return { ok: false, code: 'proof_unknown' }
    if (found.expiresAtMs <= clock.now()) return { ok: false, code: 'proof_expired' }
    if (!found.complete) return { ok: false, code: 'proof_incomplete' }
    const { rowCount } = await pool.query(
      'update carrier.proof set used_at = $2 where id = $1 and used_at is null',
      [id, new Date(clock.now())],
    )
    return rowCount === 1
      ? { ok: true, factors: found.given }
      : { ok: false, code: 'proof_unknown' }
  }

  async #check(line: Line, proof: Proof, given: ProofGiven): Promise<Checked[]> {
    const { codes, lines } = this.#parts
    const wanted = (factor: Factor) => proof.needs.includes(factor) && !proof.given.includes(factor)
    const results: Checked[] = []
    if (given.smsCode !== undefined && wanted('sms_code')) {
      const refusal = codeRefusals[await codes.check(proof.id, given.smsCode)]
      results.push({ factor: 'sms_code', refusal })
    }
    // The code first: who does not read the line's messages must not be able to lock its password.
    const isCodeShown =
      !wanted('sms_code') ||
      results.some(({ factor, refusal }) => factor === 'sms_code' && refusal === undefined)
    if (given.password !== undefined && wanted('password') && isCodeShown) {
      const outcome = await lines.checkPassword(line.id, given.password)
      results.push({
        factor: 'password',
        refusal: outcome === 'ok' ? undefined : `password_${outcome}`,
      })
    }
    if (given.identity !== undefined && wanted('identity')) {
      const isRight = await this.#tryIdentity(line, proof, given.identity)
      const refusal = isRight ? undefined : 'identity_wrong'
      results.push({ factor: 'identity', refusal })
    }
    return results
  }

  /**
   * As few wrong tries as a code has, and twice as many in a day however many proofs are begun; also when many come at once.
   */
  async #tryIdentity(
    line: Line,
    { id }: Proof,
    given: { readonly name: string; readonly birthdate: string },
  ): Promise<boolean> {
    const { pool, clock } = this.#parts
    const nowMs = clock.now()
    const { attempts } = this.#profile(line, nowMs).identity.code
    return inTransaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `identity:${line.id}`,
      ])
      const { rows } = await client.query<{ here: string; today: string }>(
        `select coalesce(sum(identity_tries), 0) as today,
                coalesce(sum(identity_tries) filter (where id = $2), 0) as here
         from carrier.proof where line_id = $1 and created_at > $3`,
        [line.id, id, new Date(nowMs - DAY_MS)],
      )
      const isOver = Number(rows[0]?.here) >= attempts || Number(rows[0]?.today) >= 2 * attempts
      if (!isOver && isOwner(line, given)) return true
      await client.query(
        'update carrier.proof set identity_tries = identity_tries + 1 where id = $1',
        [id],
      )
      return false
    })
  }

  async #add(proof: Proof, right: readonly Factor[]): Promise<Proof> {
    const { rows } = await this.#parts.pool.query<{ given: Factor[] }>(
      `update carrier.proof
       set given = (select array_agg(distinct factor) from unnest(given || $2::text[]) as factor)
       where id = $1 returning given`,
      [proof.id, right],
    )
    const given = rows[0]?.given ?? proof.given
    return { ...proof, given, complete: isComplete(proof.needs, given) }
  }

  async #find(lineId: string, id: string): Promise<Proof | undefined> {
    const { rows } = await this.#parts.pool.query(
      `select id, line_id, purpose, needs, given, expires_at from carrier.proof
       where id = $1 and line_id = $2 and used_at is null`,
      [id, lineId],
    )
    return rows[0] === undefined ? undefined : proofOfRow(rows[0])
  }

  #profile(line: Line, nowMs: number): MarketProfile {
    const carrier = this.#parts.carriers.get(line.carrier)
    if (carrier === undefined) throw new Error(`no carrier "${line.carrier}" for ${line.id}`)
    return carrier.profileAt(nowMs)
  }
}

/** What a proof for a purpose asks for in a market. A new password is never proved by the old one, which may be forgotten. */
export function proofNeeds(profile: MarketProfile, purpose: ProofPurpose): readonly Factor[] {
  const asked: readonly Factor[] = {
    unblock: profile.blocks.unblock.factors,
    raise: profile.limits.raise.factors,
    password: ['sms_code', 'identity'] as const,
    consent: profile.identity.linking,
  }[purpose]
  const here = asked.map((factor) => (GIVEN_HERE.includes(factor) ? factor : 'sms_code'))
  return [...new Set(here)]
}

interface Checked {
  readonly factor: Factor
  readonly refusal: ProofRefusal | undefined
}

const codeRefusals: Readonly<Record<CodeCheck, ProofRefusal | undefined>> = {
  ok: undefined,
  wrong: 'code_wrong',
  used_up: 'code_used_up',
  expired: 'code_expired',
  unknown: 'code_expired',
}

/** Names are compared without blanks and in one Unicode form. */
function isOwner({ person }: Line, identity: { name: string; birthdate: string }): boolean {
  const plain = (name: string) => name.normalize('NFC').replaceAll(/\s/g, '').toLowerCase()
  return plain(person.name) === plain(identity.name) && person.birthdate === identity.birthdate
}

function isComplete(needs: readonly Factor[], given: readonly Factor[]): boolean {
  return needs.every((need) => given.includes(need))
}

const factors = z.array(z.enum(['network', 'sms_code', 'password', 'biometric', 'identity']))
const row = z.object({
  id: z.string(),
  line_id: z.string(),
  purpose: z.enum(['unblock', 'raise', 'password', 'consent']),
  needs: factors,
  given: factors,
  expires_at: z.date(),
})

function proofOfRow(json: unknown): Proof {
  const { id, line_id: lineId, purpose, needs, given, expires_at: expiresAt } = row.parse(json)
  const complete = isComplete(needs, given)
  return { id, lineId, purpose, needs, given, complete, expiresAtMs: expiresAt.getTime() }
}
