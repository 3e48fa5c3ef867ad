import { isSeverer, restorationOf } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import type pg from 'pg'
import { carrierOf } from '../bills/service.ts'
import { inTurn } from '../bills/turn.ts'
import { AFTER_SUSPENSION } from '../blocks/model.ts'
import type { Core } from '../core.ts'
import type { Changes } from '../live/model.ts'
import type { Outbox } from '../messages/model.ts'
import { restoredText } from '../messages/texts.ts'
import type { Carrier, CarrierId, Line, NewMessage } from '../model.ts'
import { positionOf } from './model.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly core: Pick<Core, 'lines' | 'blocks'>
  readonly outbox: Outbox
  readonly changes: Changes
}

/** Gives lines back what dunning took, as soon as enough is paid. */
export class Restorer {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Looks at a line after something of its debt was settled. Before suspension the market's rule is usually that the
   * oldest month suffices, after it the whole balance; a terminated line does not come back. May be repeated.
   *
   * @returns whether the line was restored now
   */
  async look(lineId: string): Promise<boolean> {
    const { pool, core } = this.#parts
    const line = await core.lines.byId(lineId)
    if (line === undefined) return false
    const isEnough = await inTurn(pool, line, async (client) => {
      await withdrawWaiting(client, lineId, new Date(this.#parts.clock.now()))
      // A step ends with the debt that it was for; what was given up was not paid.
      await client.query(
        `update carrier.dunning_step s set ended_at = $2 from carrier.bill b
         where s.line_id = $1 and s.ended_at is null and b.id = s.bill_id
           and b.settled = b.total and b.state <> 'charged_off'`,
        [lineId, new Date(this.#parts.clock.now())],
      )
      const position = positionOf(line)
      if (position === 'due' || position === 'terminated') return false
      return this.#isEnough(client, line)
    })
    return isEnough && this.restore(lineId)
  }

  /**
   * Restores a line that dunning holds: payments stay off after a suspension until the owner allows them. A terminated
   * line does not come back, whatever was paid.
   *
   * @returns whether there was anything to restore
   */
  async restore(lineId: string): Promise<boolean> {
    const { core, clock, outbox, changes } = this.#parts
    const line = await core.lines.byId(lineId)
    const position = line === undefined ? 'due' : positionOf(line)
    if (line === undefined || position === 'due' || position === 'terminated') return false
    const carrier = carrierOf(this.#parts, line.carrier)
    const staysOff =
      isSeverer(positionOf(line), 'blocked') &&
      !carrier.profileAt(clock.now()).dunning.restoreEnablesPayments
    // The block first and the stage last: were the process to end between them, payments would not be possible, and
    // the next look would go on.
    if (staysOff) await core.blocks.set(line.id, 'operator', AFTER_SUSPENSION)
    await core.lines.setArrears(line.id, false)
    await core.lines.setStage(line.id, 'active')
    const message: NewMessage = {
      ...{ lineId, carrier: line.carrier, phoneNumber: line.phoneNumber, kind: 'restored' },
      text: restoredText(staysOff, line.language, carrier),
      about: `${line.id} ${clock.now()}`,
    }
    await outbox.save([message])
    changes.tell({ lineId, what: 'standing', id: line.id, atMs: clock.now() })
    return true
  }

  async #isEnough(client: pg.PoolClient, line: Line): Promise<boolean> {
    const { rows } = await client.query<{ leading: string; total: string; lost: boolean }>(
      `select coalesce(sum(b.total - b.settled) filter (where b.state = 'relief' or exists (
                select from carrier.dunning_step s where s.bill_id = b.id and s.ended_at is null)), 0)::bigint
                as leading,
              coalesce(sum(b.total - b.settled), 0)::bigint as total,
              coalesce(bool_or(b.state = 'charged_off'), false) as lost
       from carrier.bill b where b.line_id = $1`,
      [line.id],
    )
    // What was given up was not paid: such a line does not come back by itself.
    if (rows[0]?.lost) return false
    const total = BigInt(rows[0]?.total ?? 0)
    const profile = carrierOf(this.#parts, line.carrier).profileAt(this.#parts.clock.now())
    const { toPay } = restorationOf(profile, {
      stage: positionOf(line),
      oldestMonthOwed: BigInt(rows[0]?.leading ?? 0),
      totalOwed: total,
    })
    return toPay === 0n
  }
}

/** Who paid in the night is not dunned in the morning: what waits for its hour and is true no more is not sent. */
async function withdrawWaiting(client: pg.PoolClient, lineId: string, now: Date): Promise<void> {
  await client.query(
    `delete from carrier.message m using carrier.bill b
     where m.line_id = $1 and m.kind in ('dunning_notice', 'dunning_step') and m.send_at > $2
       and b.line_id = m.line_id and b.settled = b.total and b.state <> 'charged_off'
       and starts_with(m.about, b.id || ' ')`,
    [lineId, now],
  )
  await client.query(
    `update carrier.dunning_step s set noticed_at = null, done_at = null from carrier.bill b
     where s.line_id = $1 and s.noticed_at > $2 and b.id = s.bill_id and b.settled = b.total
       and b.state <> 'charged_off'`,
    [lineId, now],
  )
}
