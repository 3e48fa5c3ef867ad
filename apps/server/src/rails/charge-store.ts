import { findAsset } from '@jeon/money'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database.ts'
import type { Asked, Charge, RailRefund, Sending } from './model.ts'
import type { AskedRow } from './rows.ts'

export interface ChargeStore {
  /** False when there is one of that id. */
  add(charge: Charge): Promise<boolean>
  find(id: string): Promise<Charge | undefined>
  /** Those of a wallet that have not ended. */
  openOf(walletId: string): Promise<Charge[]>
  /** Open ones that are due by then, the oldest first; without a time, all. */
  open(dueMs: number | undefined, limit: number): Promise<Charge[]>
  save(charge: Charge): Promise<void>
  /** Forgets one that the ledger refused before anybody else heard of it. */
  drop(id: string): Promise<void>
  addRefund(refund: RailRefund): Promise<boolean>
  findRefund(id: string): Promise<RailRefund | undefined>
  openRefunds(dueMs: number | undefined, limit: number): Promise<RailRefund[]>
  refundsOf(chargeId: string): Promise<RailRefund[]>
  saveRefund(refund: RailRefund): Promise<void>
  dropRefund(id: string): Promise<void>
}

/** Keeps charges and their refunds. */
export function createChargeStore(database: Database): ChargeStore {
  return {
    async add(charge) {
      const result = await database
        .insertInto('jeon.rail_charge')
        .values({ ...identityOf(charge), ...changesOf(charge) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },
    async find(id) {
      const row = await database
        .selectFrom('jeon.rail_charge')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : chargeOf(row)
    },
    async openOf(walletId) {
      const rows = await database
        .selectFrom('jeon.rail_charge')
        .selectAll()
        .where('wallet_id', '=', walletId)
        .where('ended_at', 'is', null)
        .execute()
      return rows.map(chargeOf)
    },
    async open(dueMs, limit) {
      let query = database.selectFrom('jeon.rail_charge').selectAll().where('ended_at', 'is', null)
      if (dueMs !== undefined) query = query.where('due_at', '<=', new Date(dueMs))
      const rows = await query.orderBy('due_at').limit(limit).execute()
      return rows.map(chargeOf)
    },
    async save(charge) {
      await database
        .updateTable('jeon.rail_charge')
        .set(changesOf(charge))
        .where('id', '=', charge.id)
        .execute()
    },
    async drop(id) {
      await database
        .deleteFrom('jeon.rail_charge')
        .where('id', '=', id)
        .where('state', '=', 'intent')
        .execute()
    },
    async addRefund(refund) {
      const result = await database
        .insertInto('jeon.rail_refund')
        .values({
          id: refund.id,
          charge_id: refund.chargeId,
          amount: refund.amount,
          is_total: refund.isTotal,
          reference: refund.reference,
          created_at: new Date(refund.createdAtMs),
          ...refundChanges(refund),
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },
    async findRefund(id) {
      const row = await database
        .selectFrom('jeon.rail_refund')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : refundOf(row)
    },
    async openRefunds(dueMs, limit) {
      let query = database.selectFrom('jeon.rail_refund').selectAll().where('ended_at', 'is', null)
      if (dueMs !== undefined) query = query.where('due_at', '<=', new Date(dueMs))
      const rows = await query.orderBy('due_at').limit(limit).execute()
      return rows.map(refundOf)
    },
    async refundsOf(chargeId) {
      const rows = await database
        .selectFrom('jeon.rail_refund')
        .selectAll()
        .where('charge_id', '=', chargeId)
        .orderBy('created_at')
        .execute()
      return rows.map(refundOf)
    },
    async saveRefund(refund) {
      await database
        .updateTable('jeon.rail_refund')
        .set(refundChanges(refund))
        .where('id', '=', refund.id)
        .execute()
    },
    async dropRefund(id) {
      await database
        .deleteFrom('jeon.rail_refund')
        .where('id', '=', id)
        .where('state', '=', 'intent')
        .execute()
    },
  }
}

/** The columns that every row has that a carrier is asked about. */
export function askedColumns(asked: Asked) {
  return {
    reason_code: asked.reason?.code ?? null,
    reason_text: asked.reason?.text ?? null,
    attempts: asked.attempts,
    first_sent_at: dateOrNull(asked.sent?.firstAtMs),
    last_sent_at: dateOrNull(asked.sent?.last.programMs),
    sent_machine_at: dateOrNull(asked.sent?.last.machineMs),
    due_at: new Date(asked.dueAtMs),
    ended_at: dateOrNull(asked.endedAtMs),
  }
}

/** What {@link askedColumns} wrote. */
export function askedOf(row: Selectable<AskedRow>): Asked {
  const { reason_code: code, reason_text: text } = row
  return {
    attempts: row.attempts,
    createdAtMs: row.created_at.getTime(),
    sent: sendingOf(row),
    dueAtMs: row.due_at.getTime(),
    endedAtMs: row.ended_at?.getTime() ?? null,
    reason: code === null ? null : { code, text: text ?? '' },
  }
}

function sendingOf(row: Selectable<AskedRow>): Sending | null {
  const { first_sent_at: first, last_sent_at: program, sent_machine_at: machine } = row
  if (first === null || program === null || machine === null) return null
  const last = { programMs: program.getTime(), machineMs: machine.getTime() }
  return { firstAtMs: first.getTime(), last }
}

function dateOrNull(atMs: number | null | undefined): Date | null {
  return atMs == null ? null : new Date(atMs)
}

function identityOf(charge: Charge) {
  return {
    id: charge.id,
    wallet_id: charge.walletId,
    merchant_id: charge.merchantId,
    shard: charge.shard,
    carrier: charge.carrier,
    phone_number: charge.phoneNumber,
    amount: charge.amount,
    currency: charge.asset.code,
    category: charge.category,
    offer: charge.offer,
    reference: charge.reference,
    device: charge.device,
    description: charge.description,
    merchant_name: charge.merchantName,
    profile_version: charge.profileVersion,
    created_at: new Date(charge.createdAtMs),
  }
}

function changesOf(charge: Charge) {
  return {
    state: charge.state,
    carrier_payment_id: charge.carrierPaymentId,
    authorization_id: charge.authorizationId,
    validation_url: charge.validationUrl,
    ...askedColumns(charge),
  }
}

function refundChanges(refund: RailRefund) {
  return {
    state: refund.state,
    carrier_refund_id: refund.carrierRefundId,
    ...askedColumns(refund),
  }
}

/** A row as the charge it is. */
export function chargeOf(row: Selectable<Tables['jeon.rail_charge']>): Charge {
  const asset = findAsset(row.currency)
  if (asset === undefined) throw new Error(`charge ${row.id} is in ${row.currency}`)
  return {
    id: row.id,
    walletId: row.wallet_id,
    merchantId: row.merchant_id,
    shard: row.shard,
    carrier: row.carrier,
    phoneNumber: row.phone_number,
    amount: BigInt(row.amount),
    asset,
    category: row.category,
    offer: row.offer,
    reference: row.reference,
    device: row.device,
    description: row.description,
    merchantName: row.merchant_name,
    profileVersion: row.profile_version,
    state: row.state,
    carrierPaymentId: row.carrier_payment_id,
    authorizationId: row.authorization_id,
    validationUrl: row.validation_url,
    ...askedOf(row),
  }
}

function refundOf(row: Selectable<Tables['jeon.rail_refund']>): RailRefund {
  return {
    id: row.id,
    chargeId: row.charge_id,
    amount: BigInt(row.amount),
    isTotal: row.is_total,
    reference: row.reference,
    state: row.state,
    carrierRefundId: row.carrier_refund_id,
    ...askedOf(row),
  }
}
