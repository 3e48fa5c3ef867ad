/** What a thousand at once may not do. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newLine, openStage, orderOn, type Stage, won } from '../../test/core-stage.ts'
import type { Line } from '../model.ts'
import type { OrderOutcome } from './model.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const PRICE = won(270)
const BUYERS = 1_000
const ALLOWED = 37

/** 10,000 won in steps of 10,000: 37 times 270 fit, and not once more. */
const personal = { general: { transaction: '10000', day: '10000', month: '10000' } }

function refusals(outcomes: readonly OrderOutcome[]): string[] {
  const reasons = outcomes.flatMap((outcome) =>
    outcome.ok ? [] : [outcome.code === 'declined' ? outcome.reason : outcome.code],
  )
  return [...new Set(reasons)].toSorted((one, other) => (one < other ? -1 : 1))
}

async function spent(line: Line): Promise<bigint | undefined> {
  return (await stage.ledger.account(line.accounts.general))?.spentThisMonth
}

test.each(['one step', 'two steps', 'mixed'])('%s: exactly 37 of 1,000', async (kind) => {
  const { core } = stage
  const line = await core.lines.open(newLine({ personal }))
  const isTwo = (at: number) => kind === 'two steps' || (kind === 'mixed' && at % 2 === 0)
  const outcomes = await Promise.all(
    Array.from({ length: BUYERS }, (_, at) => {
      const order = orderOn(line, { amount: PRICE, description: `${kind} ${at}` })
      return isTwo(at) ? core.payments.prepare(order) : core.payments.create(order)
    }),
  )
  const made = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.payment] : []))
  expect(made).toHaveLength(ALLOWED)
  // 37 x 270 leaves ten won, which is less than the price by day and by month: the first rule told is the day's.
  expect(refusals(outcomes)).toEqual(['day_limit'])
  expect(await spent(line)).toBe(BigInt(ALLOWED) * PRICE)
  const reserved = made.filter(({ status }) => status === 'reserved')
  const confirmed = await Promise.all(reserved.map(({ id }) => core.payments.confirm(id)))
  expect(confirmed.every(({ ok }) => ok)).toBe(true)
  const view = await stage.ledger.account(line.accounts.general)
  expect(view).toMatchObject({ balance: -BigInt(ALLOWED) * PRICE, debitsPending: 0n })
  const rows = await core.payments.ofLine(line.id, { limit: 100 })
  expect(rows.map(({ status }) => status)).toEqual(Array(ALLOWED).fill('succeeded'))
  expect(await core.payments.attempts(line.id, { limit: 2_000 })).toHaveLength(BUYERS - ALLOWED)
})

test('across two lines of one person no more than the person may', async () => {
  const { core, ledger } = stage
  const person = await core.lines.openPerson({
    carrier: 'kt',
    name: '홍길동',
    birthdate: '1990-05-05',
  })
  const lines = await core.lines.openMany([newLine({ person }), newLine({ person })])
  // A person may spend 1,000,000 over all lines: 990,010 are gone, so 9,990 are left, which is 37 times 270.
  const [one, two] = lines
  if (one === undefined || two === undefined) throw new Error('two lines were opened')
  await core.payments.create(orderOn(one, { amount: won(990_010) }))
  const outcomes = await Promise.all(
    Array.from({ length: BUYERS }, (_, at) => {
      const order = orderOn(at % 2 === 0 ? one : two, { amount: PRICE })
      return at % 3 === 0 ? core.payments.prepare(order) : core.payments.create(order)
    }),
  )
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(ALLOWED)
  expect(
    refusals(outcomes).filter((reason) => !['day_limit', 'month_limit'].includes(reason)),
  ).toEqual(['person_limit'])
  const view = await ledger.account(person.accounts.general)
  expect(view?.spentThisMonth).toBe(won(1_000_000))
})

test('one payment is confirmed or cancelled, never both, however many ask', async () => {
  const { core } = stage
  const line = await core.lines.open(newLine())
  for (let round = 0; round < 5; round++) {
    const prepared = await core.payments.prepare(orderOn(line))
    if (!prepared.ok) throw new Error(prepared.code)
    const { id } = prepared.payment
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        (at + round) % 2 === 0 ? core.payments.confirm(id) : core.payments.cancel(id),
      ),
    )
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    const status = round % 2 === 0 ? 'succeeded' : 'cancelled'
    expect(await core.payments.find(id)).toMatchObject({ status })
  }
  const view = await stage.ledger.account(line.accounts.general)
  expect(view).toMatchObject({ balance: -won(3_000), spentThisMonth: won(3_000) })
})
