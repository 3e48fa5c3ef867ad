import { addDays, type CalendarDate, dateOf, daysBetween } from '@jeon/billing'
import type { Random } from '../../crash/random.ts'
import type { Company } from '../company.ts'
import { count, type Tally } from './shopping.ts'
import type { Owner } from './world.ts'

/** A bill and the day on which its owner means to pay it. */
interface Plan {
  readonly lineId: string
  readonly dueOn: CalendarDate
  readonly payOn: CalendarDate | null
}

interface OpenBill {
  readonly id: string
  readonly line_id: string
  readonly due_on: CalendarDate
}

/** What owners do beside buying: pay bills, early or late or never, block, lower and raise, object, ask for relief. */
export class Chores {
  readonly #company: Company
  readonly #random: Random
  readonly #tally: Tally
  readonly #ownerOf = new Map<string, Owner>()
  readonly #plans = new Map<string, Plan>()
  readonly #inRelief = new Set<string>()
  #serial = 0

  constructor(company: Company, random: Random, owners: readonly Owner[], tally: Tally) {
    this.#company = company
    this.#random = random
    this.#tally = tally
    for (const owner of owners) for (const id of owner.lineIds) this.#ownerOf.set(id, owner)
  }

  /** One day's worth. */
  async run(): Promise<void> {
    await this.#payBills()
    for (const [lineId, owner] of this.#ownerOf) await this.#live(lineId, owner)
  }

  async #payBills(): Promise<void> {
    const { pool, clock, zone } = this.#company
    const { rows } = await pool.query<OpenBill>(
      `select id, line_id, due_on from carrier.bill where state in ('open', 'overdue_1', 'overdue_2')
        order by id`,
    )
    const today = dateOf(clock.now(), zone)
    for (const bill of rows) {
      const owner = this.#ownerOf.get(bill.line_id)
      if (owner === undefined) continue
      const plan = this.#plans.get(bill.id) ?? this.#planFor(bill, owner)
      this.#plans.set(bill.id, plan)
      if (plan.payOn !== null && plan.payOn <= today) await this.#pay(bill, owner, plan, today)
      else await this.#despair(bill, owner, today)
    }
  }

  #planFor(bill: OpenBill, { persona }: Owner): Plan {
    const { daysLate } = persona.pays
    const payOn =
      daysLate === null
        ? null
        : addDays(bill.due_on, this.#random.integer(daysLate[0], daysLate[1]))
    return { lineId: bill.line_id, dueOn: bill.due_on, payOn }
  }

  async #pay(bill: OpenBill, { persona }: Owner, plan: Plan, today: CalendarDate): Promise<void> {
    const { services } = this.#company
    const amount = persona.pays.how === 'half' ? await this.#halfOf(bill) : persona.pays.how
    const outcome = await services.receipts.pay(bill.line_id, {
      amount,
      early: false,
      key: this.#key('bill'),
      method: 'transfer',
    })
    count(this.#tally, outcome.ok ? 'bills paid' : `bill not paid: ${outcome.code}`)
    // The other half a week later.
    if (persona.pays.how === 'half') {
      this.#plans.set(bill.id, { ...plan, payOn: addDays(today, 7) })
    }
  }

  /** Half of what is owed, in whole won; at the end all of it. */
  async #halfOf(bill: OpenBill): Promise<bigint | 'all'> {
    const { rows } = await this.#company.pool.query<{ owed: string }>(
      'select (total - settled)::text as owed from carrier.bill where id = $1',
      [bill.id],
    )
    const half = (BigInt(rows[0]?.owed ?? '0') / 2_000n) * 1_000n
    return half < 1_000_000n ? 'all' : half
  }

  async #despair(bill: OpenBill, { persona }: Owner, today: CalendarDate): Promise<void> {
    const after = persona.reliefAfterDays
    if (after === null || this.#inRelief.has(bill.line_id)) return
    if (daysBetween(bill.due_on, today) < after) return
    this.#inRelief.add(bill.line_id)
    const { relief } = this.#company.services
    const applied = await relief.apply(bill.line_id, { cutPercent: '30', months: 10 })
    count(this.#tally, applied.ok ? 'asked for relief' : `no relief: ${applied.code}`)
    if (!applied.ok) return
    const verdict = this.#random.chance(0.8) ? 'grant' : 'refuse'
    await relief[verdict](applied.relief.id)
  }

  async #live(lineId: string, { persona }: Owner): Promise<void> {
    const { core, services } = this.#company
    if (this.#random.chance(persona.paysEarly)) {
      const order = {
        amount: 'all',
        early: true,
        key: this.#key('early'),
        method: 'self_care',
      } as const
      const outcome = await services.receipts.pay(lineId, order)
      count(this.#tally, outcome.ok ? 'paid early' : `not paid early: ${outcome.code}`)
    }
    if (this.#inRelief.has(lineId) && this.#random.chance(1 / 40)) {
      const order = {
        amount: 'oldest',
        early: false,
        key: this.#key('plan'),
        method: 'transfer',
      } as const
      const outcome = await services.receipts.pay(lineId, order)
      count(this.#tally, outcome.ok ? 'instalments' : `no instalment: ${outcome.code}`)
    }
    if (this.#random.chance(persona.blocks)) await this.#toggleBlock(lineId)
    if (this.#random.chance(persona.changesLimit)) {
      const month = BigInt(this.#random.integer(1, 60)) * 10_000_000n
      const changed = await core.limits.change(lineId, {
        bucket: 'general',
        wanted: { month },
        consent: 'I agree to the new limit.',
        factors: ['password', 'sms_code', 'identity'],
      })
      count(this.#tally, changed.ok ? 'limits changed' : `limit not changed: ${changed.code}`)
    }
    if (this.#random.chance(persona.disputes)) await this.#dispute(lineId)
  }

  async #toggleBlock(lineId: string): Promise<void> {
    const { core } = this.#company
    const line = await this.#company.line(lineId)
    const block = line.blocks.find((each) => each.kind === 'payer' && each.liftsAtMs === null)
    if (block === undefined) {
      await core.blocks.set(lineId, 'payer', 'wanted by the owner')
      count(this.#tally, 'blocked')
      return
    }
    const factors = ['identity', 'sms_code', 'password'] as const
    const lifted = await core.blocks.lift(lineId, block.id, { factors })
    count(this.#tally, lifted.ok ? 'unblocked' : `not unblocked: ${lifted.code}`)
  }

  async #dispute(lineId: string): Promise<void> {
    const { core, services } = this.#company
    const [payment] = await core.payments.ofLine(lineId, { limit: 1 })
    if (payment?.status !== 'succeeded') return
    const opened = await services.disputes.open(lineId, payment.id, 'this was not me', {
      block: this.#random.chance(0.3),
    })
    if (!opened.ok) {
      count(this.#tally, `no dispute: ${opened.code}`)
      return
    }
    count(this.#tally, 'disputes')
    const verdict = this.#random.chance(0.5) ? 'justified' : 'rejected'
    await services.disputes.answer(opened.dispute.id, verdict, 'looked into')
  }

  #key(of: string): string {
    this.#serial += 1
    return `sim-${of}-${this.#serial}`
  }
}
