import { dateOf } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { carrierOf } from '../bills/service.ts'
import { inTurn } from '../bills/turn.ts'
import type { Core } from '../core.ts'
import { beginPause, endPause } from '../dunning/pauses.ts'
import { createId } from '../ids.ts'
import type { Changes } from '../live/model.ts'
import type { Outbox } from '../messages/model.ts'
import { alreadyRefundedText, type DisputeEvent, disputeText } from '../messages/texts.ts'
import type { Carrier, CarrierId, Line, NewMessage, Payment, Refund } from '../model.ts'
import type { RefundOutcome } from '../refunds/model.ts'
import type { Dispute, DisputeOutcome, DisputeState } from './model.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly core: Pick<Core, 'lines' | 'blocks' | 'payments' | 'refunds'>
  readonly outbox: Outbox
  readonly changes: Changes
}

const DAY_MS = 86_400_000
/** So many correlators are tried that others have taken. */
const SQUATTED_MAX = 20

/** Objections to charges. */
export class Disputes {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Opens a dispute: the merchant's payout is held, dunning of the line stands still, and with `block` nothing more can be
   * bought. A payment that is in dispute already is answered with that dispute.
   */
  async open(
    lineId: string,
    paymentId: string,
    reason: string,
    { block }: { readonly block: boolean },
  ): Promise<DisputeOutcome> {
    const { core, pool, clock } = this.#parts
    const [line, payment] = await Promise.all([
      core.lines.byId(lineId),
      core.payments.find(paymentId),
    ])
    if (line === undefined || payment?.lineId !== lineId) {
      return { ok: false, code: 'payment_not_found' }
    }
    if (payment.status !== 'succeeded' || payment.refunded >= payment.amount) {
      return { ok: false, code: 'not_disputable' }
    }
    if (block) await core.blocks.set(lineId, 'payer', 'dispute')
    const nowMs = clock.now()
    const profile = carrierOf(this.#parts, line.carrier).profileOf(payment.profileVersion)
    const { payoutHoldOnDispute, disputeAnswerDays } = profile.reversal
    const dispute = await inTurn(pool, line, async (client) => {
      const { rows } = await client.query<DisputeRow>(
        `insert into carrier.dispute
           (id, carrier, line_id, payment_id, reason, state, payout_held, opened_at, answer_by)
         values ($1, $2, $3, $4, $5, 'open', $6, $7, $8)
         on conflict (payment_id) where state = 'open' do update set reason = dispute.reason
         returning *`,
        [
          createId('dispute', clock.machineNow()),
          line.carrier,
          lineId,
          paymentId,
          reason,
          payoutHoldOnDispute,
          new Date(nowMs),
          new Date(nowMs + disputeAnswerDays * DAY_MS),
        ],
      )
      const opened = only(rows)
      // Objecting again to what was answered is everybody's right; it stops no clock a second time.
      const answered = await client.query(
        `select from carrier.dispute where payment_id = $1 and state in ('rejected', 'withdrawn')`,
        [paymentId],
      )
      if (answered.rowCount === 0)
        await beginPause(client, {
          id: createId('pause', clock.machineNow()),
          ...{ lineId, cause: 'dispute', about: opened.id, from: dateOf(nowMs, profile.zone) },
        })
      return opened
    })
    await this.#say('opened', dispute, line, payment)
    return { ok: true, dispute }
  }

  /**
   * The carrier's answer. Justified: the payment is given back by the rule that holds today; the refund carries the
   * dispute's id, so that an answer that broke off half-way gives back once.
   */
  async answer(
    id: string,
    verdict: 'justified' | 'rejected',
    text: string | null,
  ): Promise<DisputeOutcome> {
    const dispute = await this.find(id)
    if (dispute === undefined) return { ok: false, code: 'dispute_not_found' }
    if (dispute.state !== 'open') return { ok: false, code: 'not_open' }
    if (verdict === 'rejected') return this.#end(dispute, verdict, { text, remark: null })
    const given = await this.#giveBack(dispute)
    if (given === 'given') return this.#end(dispute, verdict, { text, remark: null })
    if (given === 'already_refunded') return this.#end(dispute, verdict, { text, remark: given })
    if (given !== 'later') {
      await this.#parts.pool.query('update carrier.dispute set remark = $2 where id = $1', [
        id,
        given.refused,
      ])
    }
    return { ok: false, code: 'refund_failed' }
  }

  /** The owner takes the objection back. */
  async withdraw(id: string): Promise<DisputeOutcome> {
    const dispute = await this.find(id)
    if (dispute === undefined) return { ok: false, code: 'dispute_not_found' }
    if (dispute.state !== 'open') return { ok: false, code: 'not_open' }
    return this.#end(dispute, 'withdrawn', { text: null, remark: null })
  }

  /**
   * Disputes whose time is over without an answer: the owner is believed, since nobody has shown otherwise in the time
   * that the law gives. Where the money cannot be given back now, it is tried again a day later; where it never can, the
   * dispute waits for the operator. @returns how many
   */
  async applyDue(carrier: CarrierId, nowMs: number): Promise<number> {
    const { rows } = await this.#parts.pool.query<{ id: string }>(
      `select id from carrier.dispute
       where carrier = $1 and state = 'open' and remark is null and answer_by <= $2 order by answer_by, id`,
      [carrier, new Date(nowMs)],
    )
    for (const { id } of rows) {
      const outcome = await this.answer(id, 'justified', null)
      if (outcome.ok || outcome.code !== 'refund_failed') continue
      await this.#parts.pool.query(
        'update carrier.dispute set answer_by = $2 where id = $1 and remark is null',
        [id, new Date(nowMs + DAY_MS)],
      )
    }
    return rows.length
  }

  /** When the next answer is due at any carrier, Unix milliseconds. */
  async nextDueAt(): Promise<number | undefined> {
    const { rows } = await this.#parts.pool.query<{ at: Date | null }>(
      `select min(answer_by) as at from carrier.dispute where state = 'open' and remark is null`,
    )
    return rows[0]?.at?.getTime()
  }

  async find(id: string): Promise<Dispute | undefined> {
    const { rows } = await this.#parts.pool.query<DisputeRow>(
      'select * from carrier.dispute where id = $1',
      [id],
    )
    return rows[0] && disputeOf(rows[0])
  }

  /** Newest first. */
  async list(lineId: string): Promise<Dispute[]> {
    const { rows } = await this.#parts.pool.query<DisputeRow>(
      'select * from carrier.dispute where line_id = $1 order by opened_at desc, id desc',
      [lineId],
    )
    return rows.map(disputeOf)
  }

  /** Those that wait for the carrier's answer: first those that nothing but the operator can end, then the most urgent. */
  async waiting(carrier: CarrierId): Promise<Dispute[]> {
    const { rows } = await this.#parts.pool.query<DisputeRow>(
      `select * from carrier.dispute where carrier = $1 and state = 'open'
       order by remark is null, answer_by, id`,
      [carrier],
    )
    return rows.map(disputeOf)
  }

  async #giveBack(dispute: Dispute): Promise<GivenBack> {
    const { core } = this.#parts
    const { id, paymentId, reason } = dispute
    const payment = await core.payments.find(paymentId)
    if (payment === undefined) return { refused: 'payment_not_found' }
    const before = await core.refunds.list(paymentId)
    // One that was denied stays so: whoever answers again asks for another.
    const denied = before.filter(
      ({ status, referenceCode }) => status === 'denied' && referenceCode === id,
    )
    for (let tries = denied.length; tries < denied.length + SQUATTED_MAX; tries += 1) {
      const clientCorrelator = tries === 0 ? id : `${id}.${tries}`
      const outcome = await core.refunds.create({
        ...{ paymentId, clientId: payment.clientId, reason, isOwed: true },
        ...{ clientCorrelator, referenceCode: id, type: 'total', facts: {} },
        ...{ sink: null, sinkToken: null },
      })
      // A client may have used these words for a refund of its own: that one is not this one.
      const isOther =
        !outcome.ok && outcome.code === 'correlator_used' && !isRefundOf(outcome.refund, dispute)
      if (!isOther) return this.#givenBy(outcome, before)
    }
    return { refused: 'correlator_used' }
  }

  async #givenBy(outcome: RefundOutcome, before: readonly Refund[]): Promise<GivenBack> {
    const { core } = this.#parts
    if (outcome.ok) return ofRefund(outcome.refund)
    switch (outcome.code) {
      case 'correlator_used': {
        const done = await core.refunds.complete(outcome.refund.id)
        return done?.ok === true ? ofRefund(done.refund) : 'later'
      }
      case 'nothing_left':
        // Somebody else's refund that is not decided may yet be denied.
        return before.some(({ status }) => status === 'processing') ? 'later' : 'already_refunded'
      case 'unavailable':
      case 'unknown_outcome':
        return 'later'
      default:
        return { refused: outcome.code }
    }
  }

  async #end(
    dispute: Dispute,
    state: Exclude<DisputeState, 'open'>,
    { text, remark }: { readonly text: string | null; readonly remark: 'already_refunded' | null },
  ): Promise<DisputeOutcome> {
    const { core, pool, clock } = this.#parts
    const [line, payment] = await Promise.all([
      core.lines.byId(dispute.lineId),
      core.payments.find(dispute.paymentId),
    ])
    if (line === undefined) return { ok: false, code: 'dispute_not_found' }
    const nowMs = clock.now()
    const answer = text ?? (remark === null ? null : alreadyRefundedText(line.language))
    const { zone } = carrierOf(this.#parts, line.carrier).profileAt(nowMs)
    const ended = await inTurn(pool, line, async (client) => {
      const { rows } = await client.query<DisputeRow>(
        `update carrier.dispute set state = $2, answer = $3, answered_at = $4, remark = $5,
           payout_held = false
         where id = $1 and state = 'open' returning *`,
        [dispute.id, state, answer, new Date(nowMs), remark],
      )
      await endPause(client, 'dispute', dispute.id, dateOf(nowMs, zone))
      return rows[0] && disputeOf(rows[0])
    })
    if (ended === undefined) return { ok: false, code: 'not_open' }
    await this.#say(state, ended, line, payment)
    return { ok: true, dispute: ended }
  }

  async #say(
    event: DisputeEvent,
    dispute: Dispute,
    line: Line,
    payment: Payment | undefined,
  ): Promise<void> {
    const { outbox, changes, clock } = this.#parts
    const carrier = carrierOf(this.#parts, line.carrier)
    const { zone } = carrier.profileAt(clock.now())
    const facts = {
      what: payment?.description ?? dispute.paymentId,
      answerBy: dateOf(dispute.answerByMs, zone),
      answer: dispute.answer,
    }
    const message: NewMessage = {
      ...{ lineId: line.id, carrier: line.carrier, phoneNumber: line.phoneNumber },
      kind: 'dispute',
      text: disputeText(event, facts, line.language, carrier),
      about: dispute.id,
    }
    await outbox.save([message])
    changes.tell({ lineId: line.id, what: 'dispute', id: dispute.id, atMs: clock.now() })
  }
}

/** `later`: it may come back by itself. `refused`: it never does. */
type GivenBack = 'given' | 'already_refunded' | 'later' | { readonly refused: string }

/** Whether a refund is the one that a dispute asks for, and not one that only bears its name. */
function isRefundOf({ paymentId, type, referenceCode }: Refund, dispute: Dispute): boolean {
  return paymentId === dispute.paymentId && type === 'total' && referenceCode === dispute.id
}

function ofRefund({ status, denialReason }: Refund): GivenBack {
  if (status === 'denied') return { refused: denialReason ?? 'denied' }
  return status === 'succeeded' ? 'given' : 'later'
}

interface DisputeRow {
  readonly id: string
  readonly carrier: string
  readonly line_id: string
  readonly payment_id: string
  readonly reason: string
  readonly state: DisputeState
  readonly payout_held: boolean
  readonly opened_at: Date
  readonly answer_by: Date
  readonly answered_at: Date | null
  readonly answer: string | null
  readonly remark: string | null
}

function only(rows: readonly DisputeRow[]): Dispute {
  const [row] = rows
  if (row === undefined) throw new Error('a dispute was not written')
  return disputeOf(row)
}

function disputeOf(row: DisputeRow): Dispute {
  return {
    id: row.id,
    carrier: row.carrier,
    lineId: row.line_id,
    paymentId: row.payment_id,
    reason: row.reason,
    state: row.state,
    payoutHeld: row.payout_held,
    openedAtMs: row.opened_at.getTime(),
    answerByMs: row.answer_by.getTime(),
    answeredAtMs: row.answered_at?.getTime() ?? null,
    answer: row.answer,
    remark: row.remark,
  }
}
