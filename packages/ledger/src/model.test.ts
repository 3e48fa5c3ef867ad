/**
 * The decision core against a model that a reader can check by eye: Maps, bigint, and no undo but
 * throwing away a copy.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ACCOUNTS,
  applyTo,
  availableOf,
  emptyPlain,
  id,
  type Plain,
  refusalOf,
  SHARD,
  transferId,
} from '../test/plain-model.ts'
import { Batch } from './batch.ts'
import { type Decision, decide, malformed, needsOf } from './decide.ts'
import { expiresAtMs } from './holds.ts'
import type { Command, Outcome, Transfer } from './model.ts'
import { ShardState } from './state.ts'

const START_MS = Date.UTC(2026, 10, 30, 14, 59, 0)

/** The real core, with the little that the writer adds: loading before, and a draft. */
class Core {
  readonly state = new ShardState(SHARD, 1)
  readonly #journal = new Map<string, Transfer>()

  constructor() {
    for (const [index, { asset, kind, overdraft, limits }] of ACCOUNTS.entries()) {
      const limitsIndex = this.state.windows.book.intern(limits)
      const number = index + 1
      const row = { number, reference: `account ${number}`, asset, kind, overdraft, limitsIndex }
      this.state.load({ ...row, state: ZERO }, new Map())
    }
  }

  begin(atMs: number): Batch {
    const batch = new Batch()
    batch.begin(this.state.nextSequence, Math.max(atMs, this.state.lastAtMs))
    return batch
  }

  decide(command: Command, batch: Batch): Decision {
    const code = malformed(command, SHARD)
    if (code !== undefined) return { ok: false, code }
    if (command.type === 'refund') this.#load(command.payment)
    const needs = needsOf(this.state, command)
    if (needs?.payment !== undefined) return { ok: false, code: 'payment_not_found' }
    if (needs?.hold !== undefined) return { ok: false, code: 'hold_not_found' }
    return decide(this.state, command, batch)
  }

  #load(payment: string): void {
    const found = this.#journal.get(payment)
    if (found === undefined) return
    const hold = [...this.#journal.values()].find(({ sequence }) => sequence === found.origin)
    this.state.rememberRefundable(found, 0n, hold)
  }

  keep(transfers: readonly Transfer[]): void {
    for (const transfer of transfers) this.#journal.set(transfer.id, transfer)
  }

  undo(batch: Batch): void {
    batch.undo.rollback(this.state.accounts)
    this.state.nextSequence = batch.firstSequence
  }

  /** Everything that a decision can depend on. */
  picture(): string {
    const { accounts, holds, windows, refundables, nextSequence } = this.state
    const rows = Array.from(ACCOUNTS.keys(), (at) => {
      const slot = accounts.slotOf(at + 1)!
      return [accounts.stateAt(slot, 0), [...(windows.scopedOf(at + 1) ?? [])].filter(isUsed)]
    })
    const given = Array.from(refundables.values(), ({ payment, refunded }) => [
      payment.id,
      refunded,
    ])
    const open = Array.from(holds.all(), ({ sequence }) => sequence).sort((a, b) => a - b)
    const next = holds.nextDue(Number.MAX_SAFE_INTEGER)
    const due = next && expiresAtMs(next)
    const all = {
      rows,
      given: given.filter(([, amount]) => amount !== 0n),
      open,
      due,
      nextSequence,
    }
    return JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
  }
}

const ZERO = {
  asOf: 0,
  lastSequence: 0,
  debitsPosted: 0n,
  creditsPosted: 0n,
  debitsPending: 0n,
  creditsPending: 0n,
  dayKey: 0,
  dayAmount: 0n,
  dayCount: 0,
  monthKey: 0,
  monthAmount: 0n,
  monthCount: 0,
}

function isUsed([, { amount, count }]: [string, { amount: bigint; count: number }]): boolean {
  return amount !== 0n || count !== 0
}

/** One step of a run: some commands in one batch, which is kept, taken back, or taken back by half. */
interface Step {
  readonly laterS: number
  readonly fate: 'kept' | 'undone' | 'tail undone'
  readonly commands: readonly ((context: { ids: number; seen: readonly string[] }) => Command)[]
}

const amounts = fc.integer({ min: 1, max: 70 }).map(BigInt)
const numbers = fc.integer({ min: 1, max: ACCOUNTS.length + 1 })
const payers = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(2, 3) },
  { weight: 1, arbitrary: numbers },
)
const payees = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(4, 5) },
  { weight: 1, arbitrary: numbers },
)
const categories = fc.constantFrom('', 'game')
const offers = fc.constantFrom('', 'sword')
const pointers = fc.nat({ max: 8 })

const commands = fc.oneof(
  { weight: 5, arbitrary: fc.record({ payers, payees, amounts, categories, offers }).map(toPay) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        payers,
        payees,
        amounts,
        categories,
        offers,
        ttlS: fc.constantFrom(1, 3_600, 90_000),
      })
      .map(toHold),
  },
  { weight: 3, arbitrary: fc.record({ payers, amounts }).map(toTopup) },
  {
    weight: 5,
    arbitrary: fc
      .record({
        pointers,
        amount: fc.option(amounts, { nil: undefined }),
        type: fc.constantFrom('capture', 'refund', 'refund', 'void'),
      })
      .map(toPointer),
  },
)

type Context = Parameters<Step['commands'][number]>[0]

interface Drawn {
  readonly payers: number
  readonly payees: number
  readonly amounts: bigint
  readonly categories: string
  readonly offers: string
}

function toPay(drawn: Drawn) {
  const { payers: debit, payees: credit, amounts: amount, categories: category } = drawn
  const { offers: offer } = drawn
  return ({ ids }: Context): Command => {
    return {
      type: 'pay',
      id: transferId(ids),
      debit: id(debit),
      credit: id(credit),
      amount,
      category,
      offer,
    }
  }
}

function toHold({ ttlS, ...drawn }: Drawn & { ttlS: number }) {
  return ({ ids }: Context): Command => {
    const [debit, credit] = [id(drawn.payers), id(drawn.payees)]
    const { amounts: amount, categories: category, offers: offer } = drawn
    return { type: 'hold', id: transferId(ids), debit, credit, amount, category, offer, ttlS }
  }
}

function toTopup({ payers: credit, amounts: amount }: { payers: number; amounts: bigint }) {
  return ({ ids }: Context): Command => {
    return {
      type: 'pay',
      kind: 'topup',
      id: transferId(ids),
      debit: id(1),
      credit: id(credit),
      amount,
    }
  }
}

function toPointer(drawn: { pointers: number; amount: bigint | undefined; type: string }) {
  return ({ ids, seen }: Context): Command => {
    const to = seen.at(-1 - drawn.pointers) ?? transferId(0xffff)
    const one = { id: transferId(ids), shard: SHARD }
    if (drawn.type === 'void') return { ...one, type: 'void', hold: to }
    const part = drawn.amount === undefined ? {} : { amount: drawn.amount }
    if (drawn.type === 'capture') return { ...one, ...part, type: 'capture', hold: to }
    return { ...one, ...part, type: 'refund', payment: to }
  }
}

const steps: fc.Arbitrary<Step> = fc.record({
  laterS: fc.oneof(fc.constant(0), fc.constantFrom(1, 120, 3_600, 86_400)),
  fate: fc.constantFrom('kept', 'kept', 'kept', 'undone', 'tail undone'),
  commands: fc.array(commands, { minLength: 1, maxLength: 6 }),
})

test('decides like a model made of Maps, and undoes to where it was', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 14 }), (run) => {
      const core = new Core()
      let plain = emptyPlain()
      let atMs = START_MS
      const context = { ids: 1, seen: [] as string[] }
      for (const step of run) {
        atMs += step.laterS * 1_000
        plain = take(core, plain, step, atMs, context)
      }
    }),
  )
})

/** Runs one step on both, compares them, and returns the model as it is afterwards. */
function take(
  core: Core,
  before: Plain,
  step: Step,
  atMs: number,
  context: { ids: number; seen: string[] },
): Plain {
  const picture = core.picture()
  const batch = core.begin(atMs)
  let plain = structuredClone(before)
  expireBoth(core, plain, batch)
  let half: { mark: ReturnType<Batch['mark']>; plain: Plain; picture: string } | undefined
  for (const [index, make] of step.commands.entries()) {
    if (index === step.commands.length >> 1) {
      half = { mark: batch.mark(), plain: structuredClone(plain), picture: core.picture() }
    }
    const command = make(context)
    context.ids += 1
    const outcome = decideBoth(core, plain, command, batch)
    if (outcome.ok) context.seen.push(command.id)
  }
  if (step.fate === 'tail undone' && half !== undefined) {
    core.state.nextSequence -= batch.back(half.mark, core.state.accounts)
    expect(core.picture()).toBe(half.picture)
    plain = half.plain
  }
  compare(core, plain)
  if (step.fate === 'undone') {
    core.undo(batch)
    expect(core.picture()).toBe(picture)
    return before
  }
  core.keep(batch.transfers)
  for (const transfer of batch.transfers) plain.durable.set(transfer.id, transfer)
  return plain
}

function expireBoth(core: Core, plain: Plain, batch: Batch): void {
  const due = [...plain.holds.values()].filter(
    ({ atMs, ttlS }) => atMs + ttlS * 1_000 <= batch.atMs,
  )
  core.state.expireDue(batch, 1_000)
  const expired = batch.transfers.map(({ origin }) => origin)
  expect(expired.toSorted(byNumber)).toEqual(due.map(({ sequence }) => sequence).sort(byNumber))
  const times = batch.transfers.map(({ origin }) => due.find(({ sequence }) => sequence === origin))
  const dueAt = times.map((hold) => (hold === undefined ? 0 : hold.atMs + hold.ttlS * 1_000))
  expect(dueAt).toEqual(dueAt.toSorted(byNumber))
  for (const transfer of batch.transfers) applyTo(plain, transfer)
}

function byNumber(a: number, b: number): number {
  return a - b
}

function decideBoth(core: Core, plain: Plain, command: Command, batch: Batch): Outcome {
  const expected = refusalOf(plain, command, batch.atMs)
  const before = expected === undefined ? '' : core.picture()
  const outcome = core.decide(command, batch)
  expect(outcome.ok ? undefined : outcome.code).toBe(expected)
  if (outcome.ok) applyTo(plain, outcome.transfer, command)
  // A refused refund has loaded its payment, which is no change.
  else expect(core.picture()).toBe(before)
  return outcome
}

function compare(core: Core, plain: Plain): void {
  for (const [account, { posted, debitsPending, creditsPending }] of plain.accounts) {
    const view = core.state.view(core.state.slotOf(account)!, core.state.lastAtMs)
    expect({ ...view, posted: view.balance }).toMatchObject({
      posted,
      debitsPending,
      creditsPending,
    })
    expect(view.available ?? undefined).toBe(availableOf(plain, account))
  }
  const open = Array.from(core.state.holds.all(), (hold) => hold.id)
  expect(new Set(open)).toEqual(new Set(plain.holds.keys()))
  expect(core.state.holds.size).toBe(plain.holds.size)
}
