import { z } from 'zod'
import type { Book, Intent } from './book.ts'
import type { HttpClient } from './http.ts'
import { minorOf, wonOf } from './load.ts'
import type { World } from './world.ts'

/** What a sandbox wallet begins with, in thousandths of a won. */
const startingCredit = 10_000_000n

const walletSchema = z.object({
  pockets: z.array(z.object({ currency: z.string(), balance: z.string(), held: z.string() })),
})

/** What a wallet must have. A hold of one second may or may not have expired by now. */
interface Expected {
  balance: bigint
  heldLeast: bigint
  heldMost: bigint
}

/** Compares what each payer sees with the sum of what the clients were told. */
export async function compareBalances(
  book: Book,
  http: HttpClient,
  world: World,
): Promise<readonly string[]> {
  const expected = expectedOf(book, world)
  const problems: string[] = []
  for (const { id, cookie } of world.wallets) {
    const answer = await http.send({ method: 'GET', path: '/v1/wallet', cookie })
    const want = expected.get(id)
    if (answer.lost || answer.status !== 200 || want === undefined) {
      problems.push(`${id} cannot be read: ${JSON.stringify(answer)}`)
      continue
    }
    const pockets = walletSchema.parse(answer.json).pockets
    const pocket = pockets.find(({ currency }) => currency === 'KRW')
    const balance = minorOf(pocket?.balance ?? '')
    const held = minorOf(pocket?.held ?? '')
    if (balance !== want.balance) {
      problems.push(`${id} has ${wonOf(balance)} and should have ${wonOf(want.balance)}`)
    }
    if (held < want.heldLeast || held > want.heldMost) {
      problems.push(
        `${id} holds ${wonOf(held)}, not ${wonOf(want.heldLeast)} to ${wonOf(want.heldMost)}`,
      )
    }
  }
  return problems
}

function expectedOf(book: Book, world: World): ReadonlyMap<string, Expected> {
  const expected = new Map<string, Expected>(
    world.wallets.map(({ id }) => [id, { balance: startingCredit, heldLeast: 0n, heldMost: 0n }]),
  )
  const resolved = new Set<Intent>()
  for (const { verb, state, target } of book.intents.values()) {
    const resolves = verb === 'capture' || verb === 'void'
    if (resolves && state === 'accepted' && target !== undefined) resolved.add(target)
  }
  for (const intent of book.intents.values()) {
    const want = expected.get(intent.wallet)
    if (want === undefined || intent.state !== 'accepted') continue
    if (intent.verb === 'hold') {
      if (resolved.has(intent)) continue
      want.heldMost += amountOf(intent)
      if (!isShort(intent)) want.heldLeast += amountOf(intent)
    } else if (intent.verb !== 'void') {
      const gives = intent.verb === 'refund' || intent.verb === 'topup'
      want.balance += gives ? amountOf(intent) : -amountOf(intent)
    }
  }
  return expected
}

/** What an accepted intent moved, in thousandths of a won. */
export function amountOf({ amount, content, key }: Intent): bigint {
  if (amount !== undefined) return amount
  const told = content?.amount
  if (told === undefined) throw new Error(`nobody said how much ${key} moved`)
  return minorOf(told.amount)
}

/** Whether a hold was made to expire soon. */
function isShort({ sending }: Intent): boolean {
  return z.object({ ttl_s: z.int() }).parse(sending.json).ttl_s === 1
}
