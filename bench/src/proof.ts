import { strictEqual } from 'node:assert/strict'
import {
  type AccountId,
  type Outcome,
  type Pay,
  previousOf,
  type SpendingLimits,
} from '@jeon/ledger'
import { IdSource } from './ids.ts'
import { rows } from './machine.ts'
import { fund, type Side, type World } from './world.ts'

const PAGE = 1_000
const WALLETS_ASKED = 20
const MERCHANTS_ASKED = 2

/**
 * That a rate was not bought by leaving something out: what SQL holds is what was accepted, every
 * history is served from it, keys are remembered, balances and windows say no. Throws otherwise.
 */
export async function prove(world: World): Promise<string> {
  let payments = 0
  for (const side of world.sides) {
    payments += await proveSums(world, side)
    const step = Math.max(1, Math.floor(side.wallets.length / WALLETS_ASKED))
    for (let at = 0; at < side.wallets.length; at += step) {
      const paid = side.paidByWallet[at] ?? 0
      // A hot payer's million is not walked whole.
      if (paid > 50 * PAGE) continue
      await proveHistory(world, side.wallets[at] ?? 0, paid + 1)
    }
    for (let at = 1; at <= MERCHANTS_ASKED; at++) {
      await proveHistory(world, side.merchants[at] ?? 0, side.paidToMerchant[at] ?? 0)
    }
    await proveKeys(world, side)
    await proveLimits(world, side)
  }
  return `Proved from SQL after the run: ${payments.toLocaleString('en-US')} payments counted, histories of ${WALLETS_ASKED} payers and ${MERCHANTS_ASKED} merchants a shard read whole, a repeated key answered as the first time and refused for another amount, balance and all three windows enforced.`
}

async function proveSums({ databaseUrl }: World, side: Side): Promise<number> {
  const expected = side.paidByWallet.reduce((sum, paid) => sum + paid, 0)
  const [found] = await rows(
    databaseUrl,
    `SELECT count(*) AS count FROM ledger.transfer WHERE shard = ${side.shard} AND kind = 1`,
    (row) => Number(row.count),
  )
  strictEqual(found, expected, 'SQL has the payments that were accepted')
  return expected
}

async function proveHistory(
  { ledger }: World,
  account: AccountId,
  expected: number,
): Promise<void> {
  let count = 0
  let before = Number.POSITIVE_INFINITY
  for (;;) {
    const page = await ledger.history(account, {
      limit: PAGE,
      ...(Number.isFinite(before) ? { before } : {}),
    })
    for (const transfer of page) {
      strictEqual(transfer.sequence <= before, true, 'a history goes backwards')
      strictEqual(transfer.debit === account || transfer.credit === account, true)
    }
    count += page.length
    const last = page.at(-1)
    before = last === undefined ? 0 : previousOf(last, account)
    if (before === 0) break
  }
  strictEqual(count, expected, `the whole history of account ${account}`)
}

async function proveKeys({ ledger }: World, side: Side): Promise<void> {
  const [last] = await ledger.history(side.merchants[0] ?? 0, { limit: 1 })
  if (last === undefined) return
  const { id, debit, credit, amount, category, offer } = last
  const again: Pay = { type: 'pay', id, debit, credit, amount, category, offer }
  const replayed = await ledger.submit(again)
  strictEqual(replayed.ok && replayed.replayed && replayed.transfer.sequence, last.sequence)
  strictEqual(codeOf(await ledger.submit({ ...again, amount: amount + 1n })), 'key_reused')
}

async function proveLimits({ ledger }: World, side: Side): Promise<void> {
  const { shard } = side
  const zone = 'Asia/Seoul'
  const all = { of: 'all' } as const
  const limits: readonly (SpendingLimits | undefined)[] = [
    undefined,
    { zone, windows: [{ per: 'payment', scope: all, amountMax: 50n }] },
    { zone, windows: [{ per: 'day', scope: all, amountMax: 100n }] },
    { zone, windows: [{ per: 'month', scope: all, amountMax: 100n }] },
  ]
  const [poor, perPayment, perDay, perMonth] = await ledger.openAccounts(
    limits.map((own, at) => ({
      shard,
      reference: `proof-${at}`,
      asset: 'KRW/3',
      kind: 'wallet',
      ...(own === undefined ? {} : { limits: own }),
    })),
  )
  const pays = async (debit: AccountId | undefined, amount: bigint) => {
    const ids = new IdSource(1)
    ids.refill()
    const credit = side.merchants[side.merchants.length - 1] ?? 0
    const outcome = await ledger.submit({
      type: 'pay',
      id: ids.at(0),
      debit: debit ?? 0,
      credit,
      amount,
    })
    return codeOf(outcome)
  }
  await fund(ledger, side.rail, Float64Array.of(perPayment ?? 0, perDay ?? 0, perMonth ?? 0))
  strictEqual(await pays(poor, 1n), 'insufficient_funds')
  strictEqual(await pays(perPayment, 51n), 'window_exceeded')
  for (const wallet of [perDay, perMonth]) {
    strictEqual(await pays(wallet, 100n), 'accepted')
    strictEqual(await pays(wallet, 1n), 'window_exceeded')
  }
}

function codeOf(outcome: Outcome): string {
  return outcome.ok ? 'accepted' : outcome.code
}
