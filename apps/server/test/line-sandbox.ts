import type { Platform } from '../src/index.ts'
import type { LineRail } from '../src/rails/setup.ts'
import { FakeCarrier } from './fake-carrier.ts'
import {
  type Answered,
  type Browser,
  freshKey,
  openTestSandbox,
  type Send,
  type TestSandbox,
} from './sandbox.ts'

/** A platform with one carrier that a test controls. */
export interface LineSandbox {
  readonly sandbox: TestSandbox
  readonly carrier: FakeCarrier
  readonly line: LineRail
  /** A payer's browser with a wallet that is linked to a line of its own. */
  linked(): Promise<Linked>
  operator(method: string, path: string, json?: object): Promise<Answered>
  /** What the platform's accounts say came through the carrier, in won. */
  booked(): Promise<number>
}

export interface Linked extends Browser {
  readonly phone: string
  buy(json: object, key?: string): Promise<Answered>
}

let lines = 10

/** Won to smallest units. */
export const won = (amount: number) => BigInt(amount) * 1_000n

export async function openLineSandbox(): Promise<LineSandbox> {
  let platform: Platform | undefined
  const carrier = new FakeCarrier(() => platform?.app.line?.rails.nowMs() ?? Date.now())
  const sandbox = await openTestSandbox({
    carriers: [{ ...carrier.config, timeoutMs: 1_000 }],
    carrierFetch: carrier.fetch,
  })
  platform = sandbox.platform
  const { line } = platform.app
  if (line === undefined) throw new Error('no lines')
  const { operator, merchant } = platform.keys
  return {
    sandbox,
    carrier,
    line,
    async linked() {
      const browser = await sandbox.browser()
      lines += 1
      const phone = `+8210200001${lines}`
      carrier.line(phone)
      const json = { carrier: 'skt', phone_number: phone }
      const answer = await browser.send('POST', '/v1/line/links', { json })
      if (String(answer.json.state) !== 'linked') throw new Error(answer.text)
      const buy = (wish: object, idempotencyKey = freshKey()) => {
        const how: Send = { idempotencyKey, json: { merchant: merchant.id, ...wish } }
        return browser.send('POST', '/v1/payments', how)
      }
      return { ...browser, phone, buy }
    },
    operator: (method, path, json) =>
      sandbox.send(method, path, { key: operator, ...(json === undefined ? {} : { json }) }),
    async booked() {
      let sum = 0n
      for (const shard of platform.ledger.shards) {
        const [account = 0] = await platform.ledger.openAccounts([
          { shard, reference: 'rail_skt:KRW', asset: 'KRW/3', kind: 'rail', overdraft: null },
        ])
        sum -= (await platform.ledger.account(account))?.balance ?? 0n
      }
      return Number(sum) / 1_000
    },
  }
}
