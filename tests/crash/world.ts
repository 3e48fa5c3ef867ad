import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { HttpClient } from './http.ts'

/** Who pays, who is paid, and with which keys. */
export interface World {
  /** The merchant's secret key. */
  readonly secret: string
  readonly operator: string
  readonly wallets: readonly WorldWallet[]
}

export interface WorldWallet {
  readonly id: string
  /** Reads the wallet as its payer does. */
  readonly cookie: string
}

const keysSchema = z.object({
  operator: z.string(),
  merchant: z.object({ secret: z.string(), page: z.string() }),
})

/** Reads the sandbox's keys and makes wallets on the merchant's page. */
export async function makeWorld(
  http: HttpClient,
  directory: string,
  walletCount: number,
): Promise<World> {
  const keys = keysSchema.parse(JSON.parse(await readFile(join(directory, 'keys.json'), 'utf8')))
  const wallets: WorldWallet[] = []
  for (let index = 0; index < walletCount; index += 1) {
    wallets.push(await makeWallet(http, keys.merchant.page))
  }
  return { secret: keys.merchant.secret, operator: keys.operator, wallets }
}

async function makeWallet(http: HttpClient, key: string): Promise<WorldWallet> {
  const json = { currency: 'KRW' }
  const answer = await http.send({ method: 'POST', path: '/v1/wallets', key, json })
  if (answer.lost || answer.status !== 201) {
    throw new Error(`no wallet could be made: ${JSON.stringify(answer)}`)
  }
  const { id } = z.object({ id: z.string() }).parse(answer.json)
  const cookies = z.array(z.string()).parse(answer.headers['set-cookie'])
  return { id, cookie: cookies.map((line) => line.slice(0, line.indexOf(';'))).join('; ') }
}
