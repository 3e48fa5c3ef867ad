/** What the tests of the outside share: real lines, ledger and Postgres; an inbox that is read, not sent. */
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Clock } from '@jeon/clock'
import { Ledger, migrateLedger } from '@jeon/ledger'
import { freshDatabase } from '@jeon/postgres'
import type pg from 'pg'
import { CarrierClock } from '../src/carrier-clock.ts'
import { createCarriers } from '../src/carriers.ts'
import { type Database, openDatabase } from '../src/database.ts'
import type { Outside } from '../src/http.ts'
import { LineBook } from '../src/lines/service.ts'
import type { Outbox } from '../src/messages/model.ts'
import { migrateCarrier } from '../src/migrate.ts'
import type { Line, NewMessage } from '../src/model.ts'

export const PASSWORD = '135790'

export class MovableClock implements Clock {
  ms = Date.now()
  machineMs = Date.now()
  now(): number {
    return this.ms
  }
  machineNow(): number {
    return this.machineMs
  }
}

/** Keeps messages; only what the outside uses of an outbox. */
export class Inbox implements Outbox {
  readonly messages: NewMessage[] = []
  chargeMessage(): NewMessage {
    throw new Error('no charge messages in these tests')
  }
  refundMessage(): NewMessage {
    throw new Error('no refunds in these tests')
  }
  async save(messages: readonly NewMessage[]): Promise<void> {
    this.messages.push(...messages)
  }
  async saveIn(_client: pg.PoolClient, messages: readonly NewMessage[]): Promise<void> {
    this.messages.push(...messages)
  }
  writing(): undefined {
    throw new Error('nothing is paid in these tests')
  }
  announce(): void {}
  /** The code in the last message to a number. */
  code(phoneNumber: string): string {
    const last = this.messages.findLast((message) => message.phoneNumber === phoneNumber)
    return /\b\d{6}\b/.exec(last?.text ?? '')?.[0] ?? 'none'
  }
}

export interface LineWorld {
  readonly pool: pg.Pool
  readonly database: Database
  readonly ledger: Ledger
  readonly clock: MovableClock
  readonly carriers: ReturnType<typeof createCarriers>
  readonly lines: LineBook
  readonly inbox: Inbox
  open(phoneNumber: string, onNetwork: boolean): Promise<Line>
  close(): Promise<void>
}

export async function createLineWorld(): Promise<LineWorld> {
  const fresh = await freshDatabase()
  await migrateLedger(fresh.url)
  await migrateCarrier(fresh.url)
  const clock = new MovableClock()
  const carriers = createCarriers()
  const { database, pool, close } = openDatabase(fresh.url)
  const ledger = await Ledger.open({
    databaseUrl: fresh.url,
    shards: [0, 1, 2],
    clock: () => clock.now(),
    wallClock: () => clock.machineNow(),
  })
  const time = new CarrierClock(clock, carriers)
  const lines = new LineBook({ database, pool, time, ledger, changes: { tell: () => undefined } })
  return {
    ...{ pool, database, ledger, clock, carriers, lines, inbox: new Inbox() },
    open: (phoneNumber, onNetwork) =>
      lines.open({
        carrier: 'skt',
        phoneNumber,
        person: { name: '김지언', birthdate: '1990-03-01' },
        kind: 'postpaid',
        openedOn: '2020-01-01',
        password: PASSWORD,
        onNetwork,
        consents: [{ kind: 'payments', wording: 'test' }],
      }),
    async close() {
      await ledger.close()
      await close()
      await fresh.drop()
    },
  }
}

export interface Listening {
  readonly url: string
  serve(outside: Pick<Outside, 'hono' | 'handleOpenid'>): void
  close(): Promise<void>
}

/** A server that listens before there is anything to serve, since its URL goes into what it serves. */
export async function listen(): Promise<Listening> {
  const serving: { outside?: Pick<Outside, 'hono' | 'handleOpenid'> } = {}
  const server = createServer((req, res) => {
    const { outside } = serving
    if (outside === undefined) res.writeHead(503).end()
    else if (!outside.handleOpenid(req, res)) void getRequestListener(outside.hono.fetch)(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${portOf(server)}`,
    serve(outside) {
      serving.outside = outside
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return address.port
}
