import type { CarrierClock } from '../carrier-clock.ts'
import type { Database } from '../database.ts'
import { createId } from '../ids.ts'
import type { LineBook } from '../lines/service.ts'
import type { Consent } from '../model.ts'
import type { ConsentEntry, Consents, NewConsent } from './model.ts'

export interface ConsentServiceParts {
  readonly database: Database
  readonly lines: LineBook
  readonly time: CarrierClock
}

/** See {@link Consents}. */
export class ConsentService implements Consents {
  readonly #parts: ConsentServiceParts

  constructor(parts: ConsentServiceParts) {
    this.#parts = parts
  }

  async give(lineId: string, consent: NewConsent): Promise<Consent> {
    const { database, lines, time } = this.#parts
    const { kind, factors, wording } = consent
    const clientId = consent.clientId ?? null
    const isSame = (one: Consent) => one.kind === kind && one.clientId === clientId
    const { line } = await lines.update(lineId, 'line', async (before) => {
      if (before.consents.some(isSame)) return
      await database
        .insertInto('carrier.consent')
        .values({
          id: createId('consent', time.machineNow()),
          line_id: lineId,
          kind,
          client_id: clientId,
          factors: [...factors],
          wording,
          given_at: new Date(time.now()),
        })
        .execute()
    })
    const given = line.consents.find(isSame)
    if (given === undefined) throw new Error('a consent that was given is there')
    return given
  }

  async revoke(lineId: string, consentId: string): Promise<ConsentEntry | undefined> {
    const { database, lines, time } = this.#parts
    const { result } = await lines.update(lineId, 'line', () =>
      database
        .updateTable('carrier.consent')
        .set({ revoked_at: new Date(time.now()) })
        .where('id', '=', consentId)
        .where('line_id', '=', lineId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst(),
    )
    if (result.numUpdatedRows === 0n) return undefined
    return (await this.history(lineId)).find(({ id }) => id === consentId)
  }

  async history(lineId: string): Promise<readonly ConsentEntry[]> {
    const rows = await this.#parts.database
      .selectFrom('carrier.consent')
      .selectAll()
      .where('line_id', '=', lineId)
      .orderBy('given_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
    return rows.map(({ id, kind, client_id, wording, factors, given_at, revoked_at }) => ({
      id,
      kind,
      clientId: client_id,
      wording,
      factors,
      givenAtMs: given_at.getTime(),
      revokedAtMs: revoked_at?.getTime() ?? null,
    }))
  }
}
