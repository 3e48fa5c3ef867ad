import type { Clock } from '@jeon/clock'
import type { Ledger } from '@jeon/ledger'
import type pg from 'pg'
import { Agenda } from './agenda/service.ts'
import { Postings } from './bills/postings.ts'
import { Bills } from './bills/service.ts'
import type { Core } from './core.ts'
import { CreditBook } from './credits/service.ts'
import { Disputes } from './disputes/service.ts'
import { Restorer } from './dunning/restore.ts'
import { Dunning } from './dunning/service.ts'
import type { Changes } from './live/model.ts'
import { MessageOutbox } from './messages/outbox.ts'
import { WaitingMessages } from './messages/waiting.ts'
import type { Carrier, CarrierId } from './model.ts'
import { Receipts } from './receipts/service.ts'
import { Reliefs } from './relief/service.ts'
import { Retention } from './retention/service.ts'
import { Statements } from './statements/service.ts'

interface Parts {
  readonly pool: pg.Pool
  readonly ledger: Ledger
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly changes: Changes
}

/** What the core needs of the bills: made first, since the bills need the core. */
export interface CoreNeeds {
  readonly outbox: MessageOutbox
  readonly credits: CreditBook
  readonly postings: Postings
}

export function createCoreNeeds(parts: Parts): CoreNeeds {
  const postings = new Postings(parts)
  const credits = new CreditBook({ ...parts, postings })
  return { outbox: new MessageOutbox(parts), credits, postings }
}

/** What a cycle cost, what was paid of it, and what happens when it is not. */
export interface BillParts extends CoreNeeds {
  readonly bills: Bills
  readonly receipts: Receipts
  readonly dunning: Dunning
  readonly disputes: Disputes
  readonly relief: Reliefs
  readonly statements: Statements
  readonly retention: Retention
  readonly agenda: Agenda
  /** Books what a crash left between SQL and ledger: run once at the start, after the core's. */
  resolve(): Promise<void>
}

/** Builds the bills over a core that was given `needs`. Nothing is read before it is asked. */
export function createBills(parts: Parts & { readonly core: Core }, needs: CoreNeeds): BillParts {
  const { postings } = needs
  const restorer = new Restorer({ ...parts, ...needs })
  const rich = { ...parts, ...needs, restorer }
  const bills = new Bills(rich)
  const dunning = new Dunning(rich)
  const disputes = new Disputes(rich)
  const relief = new Reliefs(rich)
  const statements = new Statements(rich)
  const retention = new Retention(rich)
  needs.credits.onApplied(async (lineId) => {
    await restorer.look(lineId)
  })
  return {
    ...needs,
    ...{ bills, dunning, disputes, relief, statements, retention },
    receipts: new Receipts(rich),
    agenda: new Agenda({
      ...rich,
      ...{ bills, dunning, disputes, relief, statements, retention },
      waiting: new WaitingMessages(parts),
    }),
    resolve: async () => {
      await postings.book()
    },
  }
}
