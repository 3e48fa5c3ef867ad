import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { inTransaction } from '../database.ts'
import { createId } from '../ids.ts'
import type { Outbox } from '../messages/model.ts'
import type { Carrier, CarrierId, Line } from '../model.ts'
import { hourOf } from './hour.ts'
import type { CodeCheck, CodePurpose, CodeSent } from './model.ts'
import { codeText } from './texts.ts'

export interface CodeParts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly outbox: Pick<Outbox, 'save'>
  /** The most that one client may send within an hour, to all lines together. (Default: 10,000) */
  readonly perClientHour?: number
}

export interface SendOptions {
  /** What the code is for: whoever checks it names the same. (Default: the code's own id.) */
  readonly holder?: string
  /** The client because of whom it is sent. (Default: none, the owner asked for it at the carrier's own self-care) */
  readonly clientId?: string
  /** The message, with `{{code}}`. (Default: the carrier's own for the purpose.) */
  readonly wording?: string
}

interface Made {
  readonly id: string
  readonly holder: string
  readonly clientId: string | null
  readonly code: string
  readonly nowMs: number
  readonly expiresAtMs: number
}

const PER_CLIENT_HOUR = 10_000

/** Codes by SMS. They show that somebody reads the line's messages: a network path, not a person's consent. */
export class Codes {
  readonly #parts: CodeParts

  constructor(parts: CodeParts) {
    this.#parts = parts
  }

  /**
   * Makes a code and sends it. Digits, life and number within an hour are the market's. The hour is counted apart for
   * each line, purpose and client: what somebody else has sent to a line takes nothing from its owner.
   *
   * Only the last code of a holder counts.
   */
  async send(line: Line, purpose: CodePurpose, options: SendOptions = {}): Promise<CodeSent> {
    const { clock, carriers, outbox } = this.#parts
    const nowMs = clock.now()
    const carrier = carriers.get(line.carrier)
    if (carrier === undefined) throw new Error(`no carrier "${line.carrier}" for ${line.id}`)
    const rules = carrier.profileAt(nowMs).identity.code
    const code = String(randomInt(10 ** rules.digits)).padStart(rules.digits, '0')
    const id = createId('code', clock.machineNow())
    const expiresAtMs = nowMs + rules.ttlSeconds * 1_000
    const holder = options.holder ?? id
    const made = { id, holder, clientId: options.clientId ?? null, code, nowMs, expiresAtMs }
    const refused = await this.#insert(line, purpose, made, rules.perHour)
    if (refused !== undefined) return refused
    const wording = options.wording ?? codeText(carrier.name, purpose, line.language)
    const text = wording.replaceAll('{{code}}', code)
    await outbox.save([
      {
        lineId: line.id,
        phoneNumber: line.phoneNumber,
        carrier: line.carrier,
        kind: 'code',
        text,
        about: id,
      },
    ])
    return { ok: true, id, expiresAtMs }
  }

  /**
   * Counted and inserted under a lock of the line, so that its number in the hour holds. That of the client is a brake:
   * what it sends to other lines at the same moment is not seen.
   */
  async #insert(
    line: Line,
    purpose: CodePurpose,
    made: Made,
    perHour: number,
  ): Promise<Extract<CodeSent, { ok: false }> | undefined> {
    const { pool, perClientHour = PER_CLIENT_HOUR } = this.#parts
    return inTransaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `code:${line.id}`,
      ])
      const { nowMs, clientId } = made
      const { carrier, id: lineId } = line
      const ofLine = { lineId, purpose, clientId, nowMs, most: perHour }
      const ofClient = { carrier, clientId, nowMs, most: perClientHour }
      const refused = (await hourOf.line(client, ofLine)) ?? (await hourOf.client(client, ofClient))
      if (refused !== undefined) return refused
      await client.query(
        `insert into carrier.code
           (id, holder, carrier, line_id, purpose, code_hash, client_id, sent_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          ...[made.id, made.holder, line.carrier, line.id, purpose, hashOf(made.id, made.code)],
          ...[clientId, new Date(nowMs), new Date(made.expiresAtMs)],
        ],
      )
      return undefined
    })
  }

  /** Tries the last code of a holder. A right one is used up by it; a wrong one counts, also when many try at once. */
  async check(holder: string, code: string): Promise<CodeCheck> {
    const { pool, clock, carriers } = this.#parts
    const nowMs = clock.now()
    const { rows } = await pool.query<{
      id: string
      carrier: string
      code_hash: string
      attempts: number
      expires_at: Date
    }>(
      `update carrier.code set attempts = attempts + 1
       where used_at is null and id =
         (select id from carrier.code where holder = $1 order by sent_at desc, id desc limit 1)
       returning id, carrier, code_hash, attempts, expires_at`,
      [holder],
    )
    const [found] = rows
    if (found === undefined) return 'unknown'
    const attemptsMax = carriers.get(found.carrier)?.profileAt(nowMs).identity.code.attempts ?? 0
    if (found.attempts > attemptsMax) return 'used_up'
    if (found.expires_at.getTime() <= nowMs) return 'expired'
    if (!isEqual(found.code_hash, hashOf(found.id, code))) {
      return found.attempts >= attemptsMax ? 'used_up' : 'wrong'
    }
    const used = await pool.query(
      'update carrier.code set used_at = $2 where id = $1 and used_at is null',
      [found.id, new Date(nowMs)],
    )
    return used.rowCount === 1 ? 'ok' : 'unknown'
  }

  /**
   * Like {@link check}, but what was right stays right until the code expires: for a page that asks for more than the
   * code, where something else may be wrong.
   */
  async prove(holder: string, code: string): Promise<CodeCheck> {
    const { pool, clock } = this.#parts
    const { rows } = await pool.query<{ id: string; code_hash: string }>(
      `select id, code_hash from
         (select * from carrier.code where holder = $1 order by sent_at desc, id desc limit 1) as last
       where used_at is not null and expires_at > $2`,
      [holder, new Date(clock.now())],
    )
    const [proved] = rows
    if (proved === undefined) return this.check(holder, code)
    return isEqual(proved.code_hash, hashOf(proved.id, code)) ? 'ok' : 'wrong'
  }

  /** The line to which the last code of a holder went for this purpose. */
  async lineOf(holder: string, purpose: CodePurpose): Promise<string | undefined> {
    const { rows } = await this.#parts.pool.query<{ line_id: string }>(
      `select line_id from carrier.code where holder = $1 and purpose = $2
       order by sent_at desc, id desc limit 1`,
      [holder, purpose],
    )
    return rows[0]?.line_id
  }
}

function hashOf(id: string, code: string): string {
  return createHash('sha256').update(`${id}:${code}`).digest('hex')
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
