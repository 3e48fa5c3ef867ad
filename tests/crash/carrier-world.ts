import { z } from 'zod'
import { carrier, carriersUrl, type Places } from './carrier-processes.ts'
import { HttpClient } from './http.ts'
import { makeWorld, type World, type WorldWallet } from './world.ts'

/** Wallets, each with a phone line, and what can be bought. */
export interface LineWorld extends World {
  /** An offer that is a carrier's payment of its own, in two steps. */
  readonly each: string
  /** One that is bought on credit and collected. */
  readonly collected: string
  /** The platform's own pages: what payers do with their lines is done there. */
  readonly origin: string
}

/** Won. So little that no limit ends a campaign. */
export const eachPrice = 20n
/** Some of these make the threshold from which a wallet's debt is collected. */
export const collectedPrice = 1_700n

const linkSchema = z.object({ state: z.string() })
const offerSchema = z.object({ id: z.string() })

/** Makes wallets and lines, and links them. */
export async function makeLineWorld(
  places: Places,
  platform: HttpClient,
  walletCount: number,
): Promise<LineWorld> {
  const world = await makeWorld(platform, places.directory, walletCount)
  const carriers = new HttpClient(carriersUrl(places))
  const origin = `http://localhost:${places.platformPort}`
  for (const [index, wallet] of world.wallets.entries()) {
    const number = `+8210${80_000_000 + index}`
    const line = { carrier, phone_number: number }
    const json = { ...line, limit: '1000000' }
    const opened = await carriers.send({ method: 'POST', path: '/sandbox/lines', json })
    if (opened.lost || opened.status !== 201) throw new Error(`no line: ${JSON.stringify(opened)}`)
    await linkLine(platform, { ...wallet, origin }, line)
  }
  carriers.close()
  const each = await makeOffer(platform, world.secret, eachPrice, 'each')
  const collected = await makeOffer(platform, world.secret, collectedPrice, 'collected')
  return { ...world, each, collected, origin }
}

/** Links a wallet with a line, and takes the wallet's own limits away: what counts here is the carrier's. */
async function linkLine(
  platform: HttpClient,
  { id, cookie, origin }: WorldWallet & { readonly origin: string },
  line: { readonly carrier: string; readonly phone_number: string },
): Promise<void> {
  const own = { cookie, origin }
  const path = '/v1/line/links'
  const linked = await platform.send({ method: 'POST', path, ...own, json: line })
  if (linked.lost || linkSchema.safeParse(linked.json).data?.state !== 'linked') {
    throw new Error(`${id} is not linked: ${JSON.stringify(linked)}`)
  }
  const json = { currency: 'KRW', limits: [] }
  const freed = await platform.send({ method: 'PUT', path: '/v1/wallet/limits', ...own, json })
  if (freed.lost || freed.status !== 200)
    throw new Error(`${id} has limits: ${JSON.stringify(freed)}`)
}

async function makeOffer(
  platform: HttpClient,
  key: string,
  price: bigint,
  charge: 'each' | 'collected',
): Promise<string> {
  const made = await platform.send({
    method: 'POST',
    path: '/v1/offers',
    key,
    json: { title: charge, price: { amount: String(price), currency: 'KRW' }, charge },
  })
  if (made.lost || made.status !== 201) throw new Error(`no offer: ${JSON.stringify(made)}`)
  return offerSchema.parse(made.json).id
}
