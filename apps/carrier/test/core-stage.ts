/** A core on a database of its own, with a clock that stands still until it is moved. */
import { TestClock } from '@jeon/clock'
import { Ledger, migrateLedger } from '@jeon/ledger'
import { amountFrom, KRW } from '@jeon/money'
import { freshDatabase } from '@jeon/postgres'
import { createCarriers } from '../src/carriers.ts'
import { type Core, type CoreParts, createCore } from '../src/core.ts'
import { openDatabase } from '../src/database.ts'
import type { NewLine } from '../src/lines/model.ts'
import { migrateCarrier } from '../src/migrate.ts'
import type { Change, Line, NewMessage, PaymentOrder } from '../src/model.ts'

/** Noon of 10 November 2026 in Seoul. */
export const NOON = Date.parse('2026-11-10T12:00:00+09:00')
export const DAY_MS = 24 * 60 * 60_000

export interface Stage extends Awaited<ReturnType<typeof openCore>> {
  readonly url: string
  readonly clock: TestClock
  moveTo(ms: number): Promise<void>
  again(): Promise<Stage>
  close(how?: { readonly keep: boolean }): Promise<void>
}

/** Won in smallest units. */
export const won = (whole: number) => amountFrom(String(whole), KRW)

export async function openStage(): Promise<Stage> {
  const { url, drop } = await freshDatabase()
  await migrateLedger(url)
  await migrateCarrier(url)
  const clock = new TestClock({
    machineMs: () => Date.now(),
    save: async () => undefined,
    position: { offsetMs: 0, frozenAtMs: NOON },
  })
  return stageOn(url, clock, drop)
}

/** `again`: another core on the same database, after this one was closed with `keep`. */
async function stageOn(url: string, clock: TestClock, drop: () => Promise<void>): Promise<Stage> {
  const opened = await openCore(url, clock)
  return {
    ...opened,
    url,
    clock,
    moveTo: (ms: number) => clock.move({ offsetMs: 0, frozenAtMs: ms }),
    again: (): Promise<Stage> => stageOn(url, clock, drop),
    async close({ keep }: { readonly keep: boolean } = { keep: false }) {
      await opened.close()
      if (!keep) await drop()
    },
  }
}

async function openCore(url: string, clock: TestClock) {
  const carriers = createCarriers()
  const shards = [...carriers.values()].map(({ shard }) => shard)
  const { database, pool, close: closeDatabase } = openDatabase(url)
  const ledger = await Ledger.open({
    databaseUrl: url,
    shards,
    clock: () => clock.now(),
    wallClock: () => clock.machineNow(),
    tickEveryMs: 100,
  })
  const messages: NewMessage[] = []
  const changes: Change[] = []
  const failures: unknown[] = []
  const faults = { outbox: false }
  const credits: { lineId: string; refundId: string; amount: bigint }[] = []
  const parts: CoreParts = {
    database,
    pool,
    ledger,
    clock,
    carriers,
    log: {
      info: () => undefined,
      warn: () => undefined,
      failure: (event, error) => failures.push([event, error]),
      flush: () => undefined,
    },
    outbox: {
      chargeMessage: ({ id }, { id: lineId, phoneNumber, carrier }) => {
        return { lineId, phoneNumber, carrier, kind: 'charge', text: 'paid', about: id }
      },
      refundMessage: ({ id }, _payment, { id: lineId, phoneNumber, carrier }) => {
        return { lineId, phoneNumber, carrier, kind: 'refund', text: 'back', about: id }
      },
      save: async (all) => void messages.push(...all),
      async saveIn(_client, all) {
        if (faults.outbox) throw new Error('the outbox is broken')
        messages.push(...all)
      },
      writing(all) {
        if (faults.outbox) throw new Error('the outbox is broken')
        messages.push(...all)
        return undefined
      },
      announce: () => undefined,
    },
    credits: {
      async add(lineId, refundId, amount) {
        if (!credits.some((credit) => credit.refundId === refundId)) {
          credits.push({ lineId, refundId, amount })
        }
      },
    },
    changes: { tell: (change) => void changes.push(change) },
  }
  const core: Core = createCore(parts)
  let isClosed = false
  return {
    ...{ core, parts, ledger, database, pool, messages, changes, failures, faults, credits },
    async close() {
      if (isClosed) return
      isClosed = true
      await core.close()
      await ledger.close()
      await closeDatabase()
    },
  }
}

let numbers = 0

/** A grown-up with a line since 2020, consent and a password, whose limit is high. */
export function newLine(more: Partial<NewLine> = {}): NewLine {
  numbers += 1
  const limit = { transaction: '1000000', day: '1000000', month: '1000000' }
  return {
    carrier: 'kt',
    phoneNumber: `+8210${String(30_000_000 + numbers)}`,
    person: { name: '홍길동', birthdate: '1990-05-05' },
    kind: 'postpaid',
    openedOn: '2020-01-02',
    usedAtMs: NOON - 7 * DAY_MS,
    personal: { general: limit, content: limit },
    consents: [{ kind: 'payments', wording: '동의합니다' }],
    ...more,
  }
}

let orders = 0

/** An order that nothing speaks against: small, and with the password shown. */
export function orderOn(line: Line, more: Partial<PaymentOrder> = {}): PaymentOrder {
  orders += 1
  return {
    carrier: line.carrier,
    clientId: 'jeon-platform',
    lineId: line.id,
    steps: 1,
    clientCorrelator: `correlator-${orders}`,
    referenceCode: `reference-${orders}`,
    amount: won(1_000),
    currency: 'KRW',
    description: '기사 한 편',
    isTaxIncluded: true,
    taxAmount: null,
    merchant: { id: 'daily', name: '데일리', contact: '02-0000-0000' },
    category: 'digital',
    product: '',
    metaData: null,
    items: [],
    boundToPhone: true,
    shown: ['network', 'password'],
    sink: null,
    sinkToken: null,
    validation: 'none',
    ...more,
  }
}
