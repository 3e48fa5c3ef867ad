import type { Clock } from '@jeon/clock'
import type { Ledger } from '@jeon/ledger'
import type { Hono } from 'hono'
import type pg from 'pg'
import type { Bills } from '../bills/service.ts'
import type { Clients } from '../clients/service.ts'
import type { Core } from '../core.ts'
import type { Disputes } from '../disputes/service.ts'
import type { Dunning } from '../dunning/service.ts'
import type { LiveHub } from '../live/hub.ts'
import type { Log } from '../log.ts'
import type { Outbox } from '../messages/model.ts'
import type { Carrier, CarrierId, Line } from '../model.ts'
import type { Token } from '../openid/tokens.ts'
import type { Proofs } from '../proofs/service.ts'
import type { Receipts } from '../receipts/service.ts'
import type { Statements } from '../statements/service.ts'
import { createBillEndpoints } from './bills.ts'
import { createLineEndpoints } from './blocks.ts'
import { createConsentEndpoints } from './consents.ts'
import { createDisputeEndpoints } from './disputes.ts'
import { createHistoryEndpoints } from './history.ts'
import { createLimitEndpoints } from './limits.ts'
import { createLiveEndpoints } from './live.ts'
import { mountSelfcare } from './mount.ts'
import { createProofEndpoints } from './proofs.ts'
import { createStandingEndpoints } from './standing.ts'
import { createStatementEndpoints } from './statements.ts'
import { createUsageEndpoints } from './usage.ts'

export interface SelfcareParts {
  readonly core: Core
  readonly bills: Bills
  readonly receipts: Receipts
  readonly dunning: Dunning
  readonly disputes: Disputes
  readonly statements: Statements
  readonly proofs: Proofs
  readonly clients: Clients
  readonly hub: LiveHub
  readonly outbox: Pick<Outbox, 'save'>
  readonly ledger: Ledger
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly log: Log
  readonly publicUrl: string
  verifyToken(bearer: string): Promise<Token | undefined>
}

/** What the owner of a line sees and does, below `/{carrier}/selfcare/v1`. */
export function createSelfcare(parts: SelfcareParts): Hono {
  const { core, bills, receipts, dunning, disputes, statements, proofs, clients, hub } = parts
  const { ledger, pool, clock, carriers, log, publicUrl, outbox } = parts
  const standing = async (line: Line) => {
    const found = await dunning.standing(line.id)
    if (found === undefined) throw new Error(`line ${line.id} has no standing`)
    return found
  }
  const toRestore = async (line: Line) => (await standing(line)).restore?.toPay ?? null
  return mountSelfcare({
    ...{ carriers, clock, log, publicUrl },
    verifyToken: (bearer) => parts.verifyToken(bearer),
    lineOf: (carrier, phoneNumber) => core.lines.byNumber(carrier, phoneNumber),
    endpoints: [
      ...createLineEndpoints({ core, proofs, outbox, toRestore }),
      ...createProofEndpoints(proofs),
      ...createUsageEndpoints({ core, bills, ledger, pool }),
      ...createHistoryEndpoints({ core, pool }),
      ...createLimitEndpoints({ limits: core.limits, proofs, outbox }),
      ...createConsentEndpoints({ consents: core.consents, proofs, clients, outbox }),
      ...createBillEndpoints({ bills, receipts, standing }),
      ...createStandingEndpoints({ standing }),
      ...createDisputeEndpoints({ disputes, outbox }),
      ...createStatementEndpoints(statements),
      ...createLiveEndpoints(hub),
    ],
  })
}
