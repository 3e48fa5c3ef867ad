import { randomUUID } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import type { Clock } from '@jeon/clock'
import { type Asset, amountFrom, KRW, USD } from '@jeon/money'
import { z } from 'zod'
import type { App } from '../app.ts'
import { createToken, prefixOfToken } from '../auth/tokens.ts'
import { StartFailure } from '../config.ts'
import { createId } from '../ids.ts'
import { trialOffers } from './trial-offers.ts'

/** The sandbox's keys, fixed per data directory, so that every start can print them again. */
export interface SandboxKeys {
  readonly operator: string
  readonly merchant: { readonly id: string; readonly secret: string; readonly page: string }
  /** A wallet of the merchant's page, to try payments from a terminal. */
  readonly wallet: { readonly id: string }
}

const tokenSchema = z.string().refine((text) => prefixOfToken(text) !== undefined)
const keysSchema = z.strictObject({
  operator: tokenSchema,
  merchant: z.strictObject({ id: z.string(), secret: tokenSchema, page: tokenSchema }),
  wallet: z.strictObject({ id: z.string() }).default({ id: '' }),
})

/** Reads the keys of a data directory, or makes them; only the file's owner may read it. */
export async function openSandboxKeys(path: string, clock: Clock): Promise<SandboxKeys> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text !== undefined) {
    await chmod(path, 0o600)
    return keysIn(text, path)
  }
  const keys: SandboxKeys = {
    operator: createToken('op_test'),
    merchant: {
      id: createId('mer', clock.machineNow()),
      secret: createToken('sk_test'),
      page: createToken('pk_test'),
    },
    wallet: { id: '' },
  }
  await writeKeys(path, keys)
  return keys
}

/** @throws {@link StartFailure} that names the file */
function keysIn(text: string, path: string): SandboxKeys {
  try {
    return keysSchema.parse(JSON.parse(text))
  } catch {
    throw new StartFailure(
      `${path} is not a file of sandbox keys: move it away and start again for new keys.`,
    )
  }
}

async function writeKeys(path: string, keys: SandboxKeys): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, path)
}

interface SeedOffer {
  readonly id: string
  readonly title: string
  readonly price: string | null
  readonly asset: Asset
}

/** What The Daily Jeon sells: from a third of a won to five hundred, one in dollars, one at the reader's choice. */
export const seedOffers: readonly SeedOffer[] = [
  { id: 'article-1', title: 'The tap that cost 150 won', price: '150', asset: KRW },
  { id: 'article-2', title: 'What a third of a won can buy', price: '0.3', asset: KRW },
  { id: 'article-3', title: 'Ten won, and other small words', price: '10', asset: KRW },
  { id: 'article-4', title: 'The night market counts in fifties', price: '50', asset: KRW },
  { id: 'article-5', title: 'Three hundred won of silence', price: '300', asset: KRW },
  { id: 'article-6', title: 'The long read', price: '500', asset: KRW },
  { id: 'article-7', title: 'Two tenths of a cent', price: '0.002', asset: USD },
  { id: 'article-8', title: 'Pay what you like', price: null, asset: KRW },
]

/** What is to be seeded, and with what. */
export interface Seeding {
  readonly app: App
  /** The file of {@link openSandboxKeys}. */
  readonly keysPath: string
  readonly origins: readonly string[]
  readonly clock: Clock
}

/**
 * Puts the sandbox's merchant, offers, keys and wallet there, if they are not. Changes that were made since stay.
 *
 * @returns the keys of the data directory
 */
export async function seedSandbox(seeding: Seeding): Promise<SandboxKeys> {
  const { app, keysPath, origins, clock } = seeding
  const keys = await openSandboxKeys(keysPath, clock)
  const { id, secret, page } = keys.merchant
  await app.merchants.save({ id, name: 'The Daily Jeon', origins, createdAtMs: clock.now() })
  await app.auth.keepKey(keys.operator, 'op', null)
  await app.auth.keepKey(secret, 'sk', id)
  await app.auth.keepKey(page, 'pk', id)
  for (const offer of seedOffers) {
    const { code } = offer.asset
    // The amount is checked where it is written down, so that a slip here fails at once.
    if (offer.price !== null) amountFrom(offer.price, offer.asset)
    await app.offers.create(id, {
      id: offer.id,
      title: offer.title,
      price: {
        ...(offer.price === null ? {} : { amount: offer.price }),
        currency: code === 'USD' ? 'USD' : 'KRW',
      },
      category: 'news',
      unlocks: offer.id,
    })
  }
  if (app.line !== undefined) {
    app.line.trials.merchantId = id
    for (const { price, ...offer } of trialOffers) {
      await app.offers.create(id, { ...offer, price: { amount: price, currency: 'KRW' } })
    }
  }
  if ((await app.wallets.find(keys.wallet.id)) !== undefined) return keys
  const wallet = await app.wallets.create('KRW', id)
  const withWallet = { ...keys, wallet: { id: wallet.id } }
  await writeKeys(keysPath, withWallet)
  return withWallet
}
