import { TypeID } from 'typeid-js'
import { z } from 'zod'
import { uuidOf } from './book.ts'
import { type LineIntent, stateOf } from './carrier-load.ts'
import { type OurRow, ourRows } from './carrier-proof.ts'
import { collectedPrice, type LineWorld } from './carrier-world.ts'
import type { HttpClient } from './http.ts'
import { minorOf, wonOf } from './load.ts'

/** What a sandbox wallet begins with, in thousandths of a won. */
const startingCredit = 10_000_000n
const askersAtOnce = 16

export interface ToldParts {
  readonly book: readonly LineIntent[]
  readonly platform: HttpClient
  readonly world: LineWorld
}

/** Sends again whatever has no clear answer, under the same key, as a client does. */
export async function sendAgain({ book, platform }: ToldParts): Promise<void> {
  const unclear = book.filter(({ state }) => state === 'unknown' || state === 'sent')
  await each(unclear, async (intent) => {
    const state = stateOf(await platform.send(intent.sending))
    if (state === 'accepted' || state === 'declined') intent.state = state
  })
}

/** Looks at what is still open, as payers do who do not want to wait until the platform looks by itself. */
export async function lookAtOpen(
  { platform, world }: Omit<ToldParts, 'book'>,
  rows: readonly OurRow[],
): Promise<void> {
  const open = rows.filter(({ ended }) => !ended)
  await each(open, async ({ kind, id, wallet }) => {
    if (kind === 'charge') {
      const path = `/v1/payments/${TypeID.fromUUID('pay', dashed(id))}`
      await platform.send({ method: 'GET', path, key: world.secret })
      return
    }
    const cookie = world.wallets.find((each) => each.id === wallet)?.cookie ?? ''
    const { origin } = world
    await platform.send({ method: 'POST', path: '/v1/line/collect', cookie, origin })
  })
}

function dashed(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * When all is quiet: what clients were told is what is, for every purchase, and each payer has what is left of it.
 *
 * @returns what is wrong
 */
export async function compareTold(
  parts: ToldParts,
  platformDatabase: string,
): Promise<readonly string[]> {
  const { book, platform, world } = parts
  const problems: string[] = []
  const unclear = book.filter(({ state }) => state === 'unknown' || state === 'sent')
  await each(unclear, async (intent) => {
    const path = `/v1/payments/${intent.key}`
    intent.state = stateOf(await platform.send({ method: 'GET', path, key: world.secret }))
    if (intent.state === 'unknown') problems.push(`${intent.way} ${intent.key} stays unknown`)
  })
  const rows = await ourRows(platformDatabase)
  const charges = new Map(rows.map((row) => [row.id, row]))
  for (const intent of book) problems.push(...problemsOf(intent, charges))
  return [...problems, ...(await compareWallets(parts, rows))]
}

function problemsOf(
  { way, key, state }: LineIntent,
  charges: ReadonlyMap<string, OurRow>,
): readonly string[] {
  if (way !== 'each') return []
  const found = charges.get(uuidOf(key))?.state ?? 'not there'
  const isPaid = found === 'settled'
  if (state === 'accepted' && !isPaid) return [`${key} was acknowledged and is ${found}`]
  if (state !== 'accepted' && isPaid) return [`${key} is paid and its client was told: ${state}`]
  return []
}

const walletSchema = z.object({
  pockets: z.array(z.object({ currency: z.string(), balance: z.string(), held: z.string() })),
})

/** Purchases on credit went out of the wallet, collections came in; what a carrier charged by itself did both. */
async function compareWallets(
  { book, platform, world }: ToldParts,
  rows: readonly OurRow[],
): Promise<readonly string[]> {
  const problems: string[] = []
  await each(world.wallets, async ({ id, cookie }) => {
    const answer = await platform.send({ method: 'GET', path: '/v1/wallet', cookie })
    const read = answer.lost ? undefined : walletSchema.safeParse(answer.json).data
    const pocket = read?.pockets.find(({ currency }) => currency === 'KRW')
    if (pocket === undefined) {
      problems.push(`${id} cannot be read: ${JSON.stringify(answer)}`)
      return
    }
    const bought = book.filter(
      ({ way, wallet, state }) => way === 'collected' && wallet === id && state === 'accepted',
    )
    const collected = rows.filter(
      ({ kind, wallet, state }) => kind === 'collection' && wallet === id && state === 'settled',
    )
    const want =
      startingCredit -
      BigInt(bought.length) * collectedPrice * 1_000n +
      collected.reduce((sum, { amount }) => sum + amount, 0n)
    if (minorOf(pocket.balance) !== want) {
      problems.push(`${id} has ${pocket.balance} and should have ${wonOf(want)}`)
    }
    if (minorOf(pocket.held) !== 0n) problems.push(`${id} still holds ${pocket.held}`)
  })
  return problems
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  await Promise.all(
    Array.from({ length: askersAtOnce }, async () => {
      for (const item of waiting) await work(item)
    }),
  )
}
