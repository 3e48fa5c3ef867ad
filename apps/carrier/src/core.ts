import type { Clock } from '@jeon/clock'
import type { Ledger } from '@jeon/ledger'
import type pg from 'pg'
import type { Blocks } from './blocks/model.ts'
import { BlockService } from './blocks/service.ts'
import { CarrierClock } from './carrier-clock.ts'
import type { Consents } from './consents/model.ts'
import { ConsentService } from './consents/service.ts'
import type { Credits } from './credits/model.ts'
import type { Database } from './database.ts'
import type { Limits } from './limits/model.ts'
import { Readiness } from './limits/readiness.ts'
import { LimitService } from './limits/service.ts'
import type { Lines, ServiceState } from './lines/model.ts'
import { LineBook } from './lines/service.ts'
import type { Changes } from './live/model.ts'
import type { Log } from './log.ts'
import type { Outbox } from './messages/model.ts'
import type { Carrier, CarrierId, Line } from './model.ts'
import { HouseAccounts } from './payments/accounts.ts'
import { Decider } from './payments/decision.ts'
import { type Payments, RESERVATION_MAX_MS, RESERVATION_MS } from './payments/model.ts'
import { Resolution } from './payments/resolution.ts'
import { PaymentService } from './payments/service.ts'
import { PaymentSteps } from './payments/steps.ts'
import { PaymentStore } from './payments/store.ts'
import { PaymentTelling } from './payments/telling.ts'
import { PaymentWriter } from './payments/writer.ts'
import { Allowances } from './proofs/allowance.ts'
import { createAllowanceStore } from './proofs/allowance-store.ts'
import type { Refunds } from './refunds/model.ts'
import { RefundService } from './refunds/service.ts'
import { RefundStore } from './refunds/store.ts'
import { Turns } from './turns.ts'

export interface CoreParts {
  readonly database: Database
  readonly pool: pg.Pool
  /** One shard per carrier. Its `clock` is this clock's `now`, its `wallClock` this clock's `machineNow`. */
  readonly ledger: Ledger
  readonly clock: Clock
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
  readonly log: Log
  readonly outbox: Outbox
  readonly credits: Credits
  readonly changes: Changes
  /** How long a reservation waits for its confirmation, at most an hour. (Default: ten minutes, in milliseconds) */
  readonly reservationMs?: number
}

/** What a carrier decides: lines and their owners, limits, blocks, consents, payments and refunds. */
export interface Core {
  readonly lines: Lines
  readonly limits: Limits
  readonly blocks: Blocks
  readonly consents: Consents
  readonly payments: Payments
  readonly refunds: Refunds
  /** Ledger accounts that are no line's. */
  readonly accounts: HouseAccounts
  /** `lines.service`, and also whether the general limit is used up. */
  service(line: Line): Promise<ServiceState>
  /** Settles what a crash left open: run once before the first order. */
  resolve(): Promise<void>
  /** Waits for what is under way. Nothing may be asked afterwards. */
  close(): Promise<void>
}

/** Builds the core. Nothing is read before it is asked. Throws RangeError for a reservation of an impossible length. */
export function createCore(parts: CoreParts): Core {
  const { database, pool, ledger } = parts
  const time = new CarrierClock(parts.clock, parts.carriers)
  const lines = new LineBook({ ...parts, time })
  const readiness = new Readiness({ ledger, lines, time })
  const limits = new LimitService({ database, ledger, lines, time, readiness })
  const accounts = new HouseAccounts(ledger, time)
  const allowances = new Allowances({ time, store: createAllowanceStore(pool) })
  const payments = createPayments(parts, { time, lines, readiness, allowances, accounts })
  const refunds = new RefundService({
    ...parts,
    lines,
    time,
    accounts,
    store: new RefundStore(database, pool),
    findPayment: (paymentId) => payments.find(paymentId),
  })
  return {
    lines,
    limits,
    blocks: new BlockService({ database, lines, time }),
    consents: new ConsentService({ database, lines, time }),
    payments,
    refunds,
    accounts,
    async service(line) {
      const state = lines.service(line, time.now())
      if (state.state !== 'enabled') return state
      const isExhausted = await limits.isExhausted(line, 'general')
      return isExhausted ? { state: 'limit_exhausted', reason: null } : state
    },
    async resolve() {
      await allowances.load()
      await payments.resolve()
      // What a crash left open counts as it was found to have ended.
      await allowances.load()
      await refunds.resolve()
    },
    async close() {
      refunds.close()
      await payments.close()
    },
  }
}

interface Shared {
  readonly time: CarrierClock
  readonly lines: LineBook
  readonly readiness: Readiness
  readonly allowances: Allowances
  readonly accounts: HouseAccounts
}

function createPayments(parts: CoreParts, shared: Shared): PaymentService {
  const { database, pool, ledger, outbox, changes, log } = parts
  const { time, lines } = shared
  const reservationMs = parts.reservationMs ?? RESERVATION_MS
  if (!(reservationMs > 0 && reservationMs <= RESERVATION_MAX_MS)) {
    throw new RangeError(`a reservation waits at most ${RESERVATION_MAX_MS} ms`)
  }
  const decider = new Decider({ ledger, ...shared, reservationMs })
  const store = new PaymentStore(database)
  const writer = new PaymentWriter({ pool, outbox, now: () => time.now() })
  const telling = new PaymentTelling({ writer, lines, time, outbox, changes, log })
  telling.listen((payment) => shared.allowances.heard(payment))
  const turns = new Turns()
  const common = { time, lines, log, decider, store, telling, turns }
  const steps = new PaymentSteps({
    ...common,
    ledger,
    doubt: (paymentId) => resolution.doubt(paymentId),
  })
  const resolution: Resolution = new Resolution({
    ...common,
    ...{ writer, steps, allowances: shared.allowances },
  })
  return new PaymentService({ ...common, writer, steps, resolution })
}
