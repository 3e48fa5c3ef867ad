import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LineSandbox, openLineSandbox } from '../../test/line-sandbox.ts'
import { freshKey } from '../../test/sandbox.ts'

let lines: LineSandbox

beforeAll(async () => {
  lines = await openLineSandbox()
})
afterAll(() => lines.sandbox.close())

const spend = (wallet: string, amount: string) =>
  lines.sandbox.send('POST', '/v1/payments', {
    key: lines.sandbox.platform.keys.merchant.secret,
    idempotencyKey: freshKey(),
    json: { wallet, amount, currency: 'KRW' },
  })

async function accountOf(walletId: string) {
  const { app, ledger } = lines.sandbox.platform
  const wallet = await app.wallets.find(walletId)
  const account = await ledger.account(wallet?.pockets[0]?.account ?? 0)
  if (account === undefined) throw new Error(`wallet ${walletId} has no account`)
  return { ...account, isLinked: lines.line.lines.of(walletId) !== undefined }
}

test('a wallet never leaves its line owing, whatever is bought while it goes', async () => {
  for (let round = 0; round < 12; round += 1) {
    const payer = await lines.linked()
    // Its own money first, so that what follows is credit.
    await spend(payer.walletId, '10000')
    await spend(payer.walletId, '4900')
    const buying = Array.from({ length: 8 }, async (_, at) => {
      await sleep(2 + 3 * at)
      return spend(payer.walletId, '4900')
    })
    const gone = await payer.send('DELETE', '/v1/line')
    await Promise.all(buying)
    const { balance, overdraft, isLinked } = await accountOf(payer.walletId)
    if (gone.status === 204) {
      expect([balance >= 0n, overdraft, isLinked]).toEqual([true, 0n, false])
    } else {
      expect([gone.status, isLinked]).toEqual([409, true])
    }
    // Left alone it goes.
    if (isLinked) await lines.line.rails.work(undefined)
  }
})

test('a line that may pay again gives no credit to a wallet that has left it meanwhile', async () => {
  for (let round = 0; round < 20; round += 1) {
    const payer = await lines.sandbox.browser()
    const number = `+82102009${String(round).padStart(4, '0')}`
    lines.carrier.line(number, { service: 'user_blocked' })
    const wish = { carrier: 'skt', phone_number: number }
    await payer.send('POST', '/v1/line/links', { json: wish })
    lines.carrier.line(number)
    const [, gone] = await Promise.all([
      payer.send('POST', '/v1/line/collect'),
      sleep(round % 10).then(() => payer.send('DELETE', '/v1/line')),
    ])
    const { overdraft, isLinked } = await accountOf(payer.walletId)
    expect([gone.status, isLinked, overdraft]).toEqual([204, false, 0n])
  }
})
