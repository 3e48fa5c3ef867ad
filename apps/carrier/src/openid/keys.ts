import type { Clock } from '@jeon/clock'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type pg from 'pg'
import { z } from 'zod'
import type { CarrierId } from '../model.ts'

export const SIGNING_ALGORITHM = 'ES256'

const privateJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal(SIGNING_ALGORITHM),
  use: z.literal('sig'),
})
export type IssuerKey = z.infer<typeof privateJwk>

/** The signing key of a carrier's issuer; made at the first start. Two programs that start at once agree on one. */
export async function issuerKey(
  pool: pg.Pool,
  carrier: CarrierId,
  clock: Clock,
): Promise<IssuerKey> {
  const known = await find(pool, carrier)
  if (known !== undefined) return known
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })
  const made: JWK = await exportJWK(privateKey)
  const jwk = { ...made, kid: `${carrier}-1`, alg: SIGNING_ALGORITHM, use: 'sig' }
  await pool.query(
    `insert into carrier.issuer_key (carrier, jwk, created_at)
     values ($1, $2, to_timestamp($3::double precision / 1000)) on conflict do nothing`,
    [carrier, JSON.stringify(jwk), clock.now()],
  )
  const kept = await find(pool, carrier)
  if (kept === undefined) throw new Error(`the signing key of ${carrier} was not kept`)
  return kept
}

async function find(pool: pg.Pool, carrier: CarrierId): Promise<IssuerKey | undefined> {
  const { rows } = await pool.query<{ jwk: unknown }>(
    'select jwk from carrier.issuer_key where carrier = $1',
    [carrier],
  )
  return rows[0] === undefined ? undefined : privateJwk.parse(rows[0].jwk)
}
