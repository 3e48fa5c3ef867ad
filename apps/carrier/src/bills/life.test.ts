import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Line, Payment } from '../model.ts'
import { type Books, openBooks } from './books.fixture.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks('2026-01-10T12:00:00+09:00')
})
afterAll(() => books.close())

type Deed =
  | { readonly do: 'buy'; readonly won: number; readonly content: boolean }
  | { readonly do: 'refund'; readonly which: number; readonly part: number }
  | { readonly do: 'pay'; readonly won: number; readonly early: boolean }
  | { readonly do: 'settle' }
  | { readonly do: 'dispute'; readonly which: number; readonly justified: boolean }
  | { readonly do: 'relief' }
  | { readonly do: 'wait'; readonly days: number }

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('buy' as const),
      won: fc.integer({ min: 1, max: 60_000 }),
      content: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      which: fc.nat(20),
      part: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      won: fc.integer({ min: 1, max: 90_000 }),
      early: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('dispute' as const),
      which: fc.nat(20),
      justified: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('relief' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      days: fc.integer({ min: 1, max: 25 }),
    }),
  },
)

async function live(line: Line, payments: Payment[], one: Deed): Promise<void> {
  const { core, clock } = books
  switch (one.do) {
    case 'buy': {
      // A decline is an answer too: limits, arrears, suspension.
      const bought = await books
        .buy(line, one.won, one.content ? 'content' : 'general')
        .catch(() => undefined)
      if (bought !== undefined) payments.push(bought)
      return
    }
    case 'refund': {
      const payment = payments[one.which % Math.max(payments.length, 1)]
      if (payment === undefined) return
      const left = (await core.payments.find(payment.id))?.refunded ?? 0n
      const won = Number((payment.amount - left) / 1_000n / BigInt(one.part))
      if (won > 0) await books.refund(payment, won)
      return
    }
    case 'pay':
      await books.pay(line, one.won, one.early)
      return
    case 'settle':
      await books.pay(line, 'all').catch(() => undefined)
      return
    case 'dispute': {
      const payment = payments[one.which % Math.max(payments.length, 1)]
      if (payment === undefined) return
      const opened = await books.books.disputes.open(line.id, payment.id, 'why', { block: false })
      if (opened.ok && one.justified)
        await books.books.disputes.answer(opened.dispute.id, 'justified', null)
      return
    }
    case 'relief': {
      const applied = await books.books.relief.apply(line.id, { cutPercent: '33.3', months: 3 })
      if (applied.ok) await books.books.relief.grant(applied.relief.id)
      return
    }
    case 'wait':
      await books.until(new Date(clock.now() + one.days * 86_400_000).toISOString())
  }
}

test('property: whatever a line does over months, ledger and bills agree after each deed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 8, maxLength: 20 }), async (deeds) => {
      const line = await books.openLine()
      const payments: Payment[] = []
      for (const one of deeds) {
        await live(line, payments, one)
        await books.check(line)
      }
      // In the end every payment is on exactly one bill, or cancelled.
      await books.until(new Date(books.clock.now() + 40 * 86_400_000).toISOString())
      await books.check()
      const { rows } = await books.pool.query<{ billed: string; bought: string }>(
        `select (select coalesce(sum(i.amount), 0) from carrier.bill_item i join carrier.payment p on p.id = i.payment_id
                 where p.line_id = $1) as billed,
                (select coalesce(sum(amount - cancelled), 0) from carrier.payment
                 where line_id = $1 and status = 'succeeded') as bought`,
        [line.id],
      )
      expect(rows[0]?.billed).toBe(rows[0]?.bought)
    }),
    { numRuns: 4, endOnFailure: true },
  )
}, 120_000)
