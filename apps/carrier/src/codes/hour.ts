import type pg from 'pg'
import type { CarrierId } from '../model.ts'
import type { CodePurpose, CodeSent } from './model.ts'

const HOUR_MS = 3_600_000

type Refused = Extract<CodeSent, { ok: false }>

interface OfLine {
  readonly lineId: string
  readonly purpose: CodePurpose
  /** `null`: the owner. */
  readonly clientId: string | null
  readonly nowMs: number
  readonly most: number
}

interface OfClient {
  readonly carrier: CarrierId
  readonly clientId: string | null
  readonly nowMs: number
  readonly most: number
}

/** Whether the last hour is full, and when it no longer is. */
export const hourOf = {
  /** Of one line, for one purpose, because of one client or the owner. */
  async line(client: pg.PoolClient, of: OfLine): Promise<Refused | undefined> {
    const { lineId, purpose, clientId, nowMs, most } = of
    const { rows } = await client.query<{ sent_at: Date }>(
      `select sent_at from carrier.code
       where line_id = $1 and sent_at > $2 and purpose = $3 and client_id is not distinct from $4
       order by sent_at desc offset $5 limit 1`,
      [lineId, new Date(nowMs - HOUR_MS), purpose, clientId, most - 1],
    )
    return refusedBy(rows, 'line')
  },

  /** Of one client, to all lines. */
  async client(client: pg.PoolClient, of: OfClient): Promise<Refused | undefined> {
    const { carrier, clientId, nowMs, most } = of
    if (clientId === null) return undefined
    const { rows } = await client.query<{ sent_at: Date }>(
      `select sent_at from carrier.code where carrier = $1 and client_id = $2 and sent_at > $3
       order by sent_at desc offset $4 limit 1`,
      [carrier, clientId, new Date(nowMs - HOUR_MS), most - 1],
    )
    return refusedBy(rows, 'client')
  },
}

function refusedBy(
  [oldest]: readonly { readonly sent_at: Date }[],
  of: Refused['of'],
): Refused | undefined {
  if (oldest === undefined) return undefined
  return { ok: false, code: 'too_many_codes', of, againAtMs: oldest.sent_at.getTime() + HOUR_MS }
}
