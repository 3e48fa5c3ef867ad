import { addDays, type CalendarDate, dateOf, daysBetween } from '@jeon/billing'
import type { ReceiptOrder } from '../../../apps/carrier/src/receipts/model.ts'
import type { Random } from '../../crash/random.ts'
import { atOnce } from '../at-once.ts'
import type { Company } from '../company.ts'
import { count, type Tally } from './shopping.ts'
import type { Owner } from './world.ts'

interface OpenBill {
  readonly id: string
  readonly line_id: string
  readonly due_on: CalendarDate
}

/** Something that an owner is about to do. */
type Deed = () => Promise<void>

/** As many owners at the same time; less than the carrier has sessions. */
const OWNERS_AT_ONCE = 8

/**
 * What owners do beside buying: pay bills, early or late or never, block, lower and raise, object, ask for relief.
 *
 * All numbers are drawn first, line by line in the order of opening; then many owners act at once, each doing one thing after
 * the other. What one owner does changes nothing for another, so that the seed means the same again.
 */
export class Chores {
  readonly #company: Company
  readonly #random: Random
  readonly #tally: Tally
  readonly #owners: readonly Owner[]
  readonly #ownerOf = new Map<string, Owner>()
  /** The place of a line in the order of opening. */
  readonly #placeOf = new Map<string, number>()
  /** The day on which its owner means to pay a bill. `null`: never. */
  readonly #payOn = new Map<string, CalendarDate | null>()
  readonly #inRelief = new Set<string>()
  #serial = 0

  constructor(company: Company, random: Random, owners: readonly Owner[], tally: Tally) {
    this.#company = company
    this.#random = random
    this.#owners = owners
    this.#tally = tally
    for (const owner of owners) {
      for (const id of owner.lineIds) {
        this.#placeOf.set(id, this.#ownerOf.size)
        this.#ownerOf.set(id, owner)
      }
    }
  }

  /** One day's worth. */
  async run(): Promise<void> {
    await this.#act(await this.#billsToday())
    await this.#act(
      this.#owners.flatMap((owner) =>
        owner.lineIds.flatMap((lineId) =>
          this.#lineToday(lineId, owner).map((deed) => ({ owner, deed })),
        ),
      ),
    )
  }

  async #act(deeds: readonly { readonly owner: Owner; readonly deed: Deed }[]): Promise<void> {
    const byOwner = Map.groupBy(deeds, ({ owner }) => owner)
    await atOnce([...byOwner.values()], OWNERS_AT_ONCE, async (ofOwner) => {
      for (const { deed } of ofOwner) await deed()
    })
  }

  async #billsToday(): Promise<{ readonly owner: Owner; readonly deed: Deed }[]> {
    const { pool, clock, zone } = this.#company
    const { rows } = await pool.query<OpenBill>(
      `select id, line_id, due_on from carrier.bill where state in ('open', 'overdue_1', 'overdue_2')
        order by due_on`,
    )
    // By the place of their lines: ids of lines and bills are others each time.
    const placeOf = ({ line_id }: OpenBill) => this.#placeOf.get(line_id) ?? 0
    const bills = rows.toSorted((one, other) => placeOf(one) - placeOf(other))
    const today = dateOf(clock.now(), zone)
    return bills.flatMap((bill) => {
      const owner = this.#ownerOf.get(bill.line_id)
      const deed = owner && this.#billToday(bill, owner, today)
      return owner === undefined || deed === undefined ? [] : [{ owner, deed }]
    })
  }

  #billToday(bill: OpenBill, { persona }: Owner, today: CalendarDate): Deed | undefined {
    const { daysLate, how } = persona.pays
    const drawn = () =>
      daysLate === null
        ? null
        : addDays(bill.due_on, this.#random.integer(daysLate[0], daysLate[1]))
    const known = this.#payOn.get(bill.id)
    const payOn = known === undefined ? drawn() : known
    this.#payOn.set(bill.id, payOn)
    if (payOn === null || payOn > today) return this.#despair(bill, persona.reliefAfterDays, today)
    // The other half a week later.
    if (how === 'half') this.#payOn.set(bill.id, addDays(today, 7))
    const key = this.#key('bill')
    return async () => {
      const amount = how === 'half' ? await this.#halfOf(bill) : how
      await this.#pay(bill.line_id, { amount, early: false, key, method: 'transfer' }, 'bills paid')
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

  #despair(bill: OpenBill, afterDays: number | null, today: CalendarDate): Deed | undefined {
    const lineId = bill.line_id
    if (afterDays === null || this.#inRelief.has(lineId)) return undefined
    if (daysBetween(bill.due_on, today) < afterDays) return undefined
    this.#inRelief.add(lineId)
    const verdict = this.#random.chance(0.8) ? 'grant' : 'refuse'
    return async () => {
      const { relief } = this.#company.services
      const applied = await relief.apply(lineId, { cutPercent: '30', months: 10 })
      count(this.#tally, applied.ok ? 'asked for relief' : `no relief: ${applied.code}`)
      if (applied.ok) await relief[verdict](applied.relief.id)
    }
  }

  #lineToday(lineId: string, { persona }: Owner): Deed[] {
    const random = this.#random
    const deeds: Deed[] = []
    if (random.chance(persona.paysEarly)) {
      const key = this.#key('early')
      const order = { amount: 'all', early: true, key, method: 'self_care' } as const
      deeds.push(() => this.#pay(lineId, order, 'paid early'))
    }
    if (this.#inRelief.has(lineId) && random.chance(1 / 40)) {
      const key = this.#key('plan')
      const order = { amount: 'oldest', early: false, key, method: 'transfer' } as const
      deeds.push(() => this.#pay(lineId, order, 'instalments'))
    }
    if (random.chance(persona.blocks)) deeds.push(() => this.#toggleBlock(lineId))
    if (random.chance(persona.changesLimit)) {
      const month = BigInt(random.integer(1, 60)) * 10_000_000n
      deeds.push(() => this.#changeLimit(lineId, month))
    }
    if (random.chance(persona.disputes)) {
      const block = random.chance(0.3)
      const verdict = random.chance(0.5) ? 'justified' : 'rejected'
      deeds.push(() => this.#dispute(lineId, block, verdict))
    }
    return deeds
  }

  async #pay(lineId: string, order: ReceiptOrder, done: keyof typeof notPaid): Promise<void> {
    const outcome = await this.#company.services.receipts.pay(lineId, order)
    count(this.#tally, outcome.ok ? done : `${notPaid[done]}: ${outcome.code}`)
  }

  async #changeLimit(lineId: string, month: bigint): Promise<void> {
    const changed = await this.#company.core.limits.change(lineId, {
      bucket: 'general',
      wanted: { month },
      consent: 'I agree to the new limit.',
      factors: ['password', 'sms_code', 'identity'],
    })
    count(this.#tally, changed.ok ? 'limits changed' : `limit not changed: ${changed.code}`)
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

  async #dispute(lineId: string, block: boolean, verdict: 'justified' | 'rejected'): Promise<void> {
    const { core, services } = this.#company
    const [payment] = await core.payments.ofLine(lineId, { limit: 1 })
    if (payment?.status !== 'succeeded') return
    const opened = await services.disputes.open(lineId, payment.id, 'this was not me', { block })
    if (!opened.ok) {
      count(this.#tally, `no dispute: ${opened.code}`)
      return
    }
    count(this.#tally, 'disputes')
    await services.disputes.answer(opened.dispute.id, verdict, 'looked into')
  }

  #key(of: string): string {
    this.#serial += 1
    return `sim-${of}-${this.#serial}`
  }
}

/** What is said when a payment of this kind was not taken. */
const notPaid = {
  'bills paid': 'bill not paid',
  'paid early': 'not paid early',
  instalments: 'no instalment',
} as const
