import { randomUUID } from 'node:crypto'
import { BadOptions, type RushChoices } from './options.ts'
import type { ProvedLine } from './rush-owner.ts'
import { pricesFor, type RushPrices } from './rush-prices.ts'
import {
  buyAtOnce,
  confirm,
  countAtCarrier,
  type Purchase,
  reserve,
  type Tried,
} from './rush-purchases.ts'
import { reachSandbox, type Sandbox } from './rush-sandbox.ts'

export { SandboxMissing } from './rush-sandbox.ts'

/** What one way of buying came to. */
interface Found {
  readonly way: string
  readonly tried: readonly Tried[]
  readonly atCarrier: number
  readonly seconds: number
}

type Way = (rush: Rush) => Promise<Found>

interface Rush extends RushPrices {
  readonly sandbox: Sandbox
  readonly limit: number
  readonly buyers: number
}

/**
 * Many buyers at one instant, against a running sandbox over HTTP: exactly as many purchases go through as fit into
 * the limit, in one step, in two, and across two lines of one person.
 *
 * @returns the exit status: 0 when it was exactly so many each time
 */
export async function runRush(choices: RushChoices, say: (text: string) => void): Promise<number> {
  const sandbox = await reachSandbox(choices)
  const { limit, buyers, carrier } = choices
  const prices = pricesFor(limit, await sandbox.now())
  if (prices === undefined) {
    throw new BadOptions(`No limit holds exactly ${limit} purchases: choose another --limit.`)
  }
  const { price, month, person } = prices
  say(`
${buyers} purchases of ${won(price)} at the same instant at ${carrier}; ${limit} of them fit:
into ${won(month)} of one line, its limit of the day and of the month, or into the ${won(person)} of a person, of which the rest is spent before.

${rowOf(['way', 'tried', 'succeeded', 'looked up', 'carrier says', 'seconds', 'declined'])}`)
  let failures = 0
  for (const way of [inOneStep, inTwoSteps, acrossTwoLines]) {
    const found = await way({ sandbox, limit, buyers, ...prices })
    say(tableRow(found))
    if (!isExact(found, limit)) failures += 1
  }
  say(
    failures === 0
      ? `\nExactly ${limit} each time.`
      : `\n${failures} of 3 ways did not come to exactly ${limit}.`,
  )
  return failures === 0 ? 0 : 1
}

const inOneStep: Way = async ({ sandbox, month, price, buyers }) => {
  const line = await sandbox.openLine(month)
  const purchases = many(buyers, (correlator, merchant) => {
    return { line, correlator, price, merchant }
  })
  return measured('one step', sandbox, purchases, () =>
    Promise.all(purchases.map((purchase) => buyAtOnce(sandbox, purchase))),
  )
}

const inTwoSteps: Way = async ({ sandbox, month, price, buyers }) => {
  const line = await sandbox.openLine(month)
  const purchases = many(buyers, (correlator, merchant) => {
    return { line, correlator, price, merchant }
  })
  return measured('two steps', sandbox, purchases, () => twoSteps(sandbox, purchases))
}

/** Half of the purchases in one step, half in two; each line alone may spend as much as the person. */
const acrossTwoLines: Way = async ({ sandbox, person, price, buyers, limit }) => {
  const first = await sandbox.openLine(person)
  const lines = [first, await sandbox.openLine(person, first)]
  await spendBefore(sandbox, lines, person - limit * price, price)
  const purchases = many(buyers, (correlator, merchant, index) => {
    const line = lines[index % lines.length] ?? first
    return { line, correlator, price, merchant }
  })
  return measured('two lines', sandbox, purchases, async () => {
    const half = Math.floor(purchases.length / 2)
    const [single, double] = await Promise.all([
      Promise.all(purchases.slice(0, half).map((purchase) => buyAtOnce(sandbox, purchase))),
      twoSteps(sandbox, purchases.slice(half)),
    ])
    return [...single, ...double]
  })
}

/** All are reserved at once; only then those that were are carried out. */
async function twoSteps(sandbox: Sandbox, purchases: readonly Purchase[]): Promise<Tried[]> {
  const reserved = await Promise.all(
    purchases.map(async (purchase) => ({ purchase, answer: await reserve(sandbox, purchase) })),
  )
  return Promise.all(
    reserved.map(({ purchase, answer }) =>
      'fate' in answer ? answer : confirm(sandbox, purchase, answer),
    ),
  )
}

/** Leaves a person so much that exactly the asked number of purchases is left. */
async function spendBefore(
  sandbox: Sandbox,
  lines: readonly ProvedLine[],
  total: number,
  most: number,
): Promise<void> {
  const merchant = `before-${randomUUID()}`
  for (let left = total, turn = 0; left > 0; left -= most, turn += 1) {
    const line = lines[turn % lines.length]
    if (line === undefined) throw new Error('there are lines to spend from')
    const purchase = { line, merchant, correlator: randomUUID() }
    const { fate } = await buyAtOnce(sandbox, { ...purchase, price: Math.min(left, most) })
    if (fate.is !== 'succeeded') {
      throw new Error(`what is spent before the rush was ${fate.is}: ${fate.reason}`)
    }
  }
}

function many(
  count: number,
  make: (correlator: string, merchant: string, index: number) => Purchase,
): Purchase[] {
  const merchant = `rush-${randomUUID()}`
  return Array.from({ length: count }, (_, index) => make(randomUUID(), merchant, index))
}

async function measured(
  way: string,
  sandbox: Sandbox,
  purchases: readonly Purchase[],
  buy: () => Promise<Tried[]>,
): Promise<Found> {
  const begun = performance.now()
  const tried = await buy()
  const seconds = (performance.now() - begun) / 1_000
  const atCarrier = await countAtCarrier(sandbox, purchases[0]?.merchant ?? '')
  return { way, tried, atCarrier, seconds }
}

function isExact({ tried, atCarrier }: Found, limit: number): boolean {
  const unclear = tried.some(({ fate }) => fate.is === 'unknown')
  return succeededOf(tried) === limit && atCarrier === limit && !unclear
}

function succeededOf(tried: readonly Tried[]): number {
  return tried.filter(({ fate }) => fate.is === 'succeeded').length
}

function tableRow({ way, tried, atCarrier, seconds }: Found): string {
  const reasons = new Map<string, number>()
  for (const { fate } of tried) {
    if (fate.is === 'succeeded') continue
    const name = fate.is === 'unknown' ? `UNKNOWN ${fate.reason}` : fate.reason
    reasons.set(name, (reasons.get(name) ?? 0) + 1)
  }
  return rowOf([
    way,
    String(tried.length),
    String(succeededOf(tried)),
    String(tried.filter(({ looked }) => looked).length),
    String(atCarrier),
    seconds.toFixed(2),
    [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', '),
  ])
}

function rowOf([way = '', ...cells]: readonly string[]): string {
  const declined = cells.pop() ?? ''
  return `  ${way.padEnd(12)}${cells.map((cell) => cell.padStart(13)).join('')}   ${declined}`
}

function won(amount: number): string {
  return `${amount.toLocaleString('en-US')} won`
}
