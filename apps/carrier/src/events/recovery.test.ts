import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { findFreePort, freshDatabase } from '@jeon/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KOREAN_CARRIERS } from '../carriers.ts'
import { openCarriers } from '../program.ts'

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let server: Server
let sink: string
const seen: unknown[] = []

beforeAll(async () => {
  fresh = await freshDatabase()
  server = createServer((req, res) => {
    req.setEncoding('utf8')
    req.on('data', (text) => seen.push(Object(JSON.parse(String(text))).id))
    req.on('end', () => res.writeHead(204).end())
  })
  const port = await findFreePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  sink = `http://127.0.0.1:${port}/`
})
afterAll(async () => {
  await new Promise((resolve) => server?.close(resolve))
  await fresh?.drop()
})

const open = () =>
  openCarriers({
    databaseUrl: fresh.url,
    carriers: KOREAN_CARRIERS.slice(0, 1),
    seed: 'none',
    tickEveryMs: 0,
  })

test('what became true while nobody listened is told after the next start', async () => {
  const before = await open()
  const line = await before.core.lines.open({
    carrier: 'skt',
    phoneNumber: '+821020000020',
    person: { name: '김지언', birthdate: '1990-03-01' },
    kind: 'postpaid',
    openedOn: '2020-01-01',
    usedAtMs: before.clock.now(),
    consents: [{ kind: 'payments', wording: 'test' }],
  })
  const made = await before.core.payments.create({
    ...{ carrier: 'skt', clientId: before.clientId, lineId: line.id, steps: 1 },
    ...{ clientCorrelator: null, referenceCode: randomUUID(), amount: 1_000_000n },
    ...{ currency: 'KRW', description: '기사', isTaxIncluded: false, taxAmount: null },
    merchant: { id: 'night-press', name: '밤의 신문', contact: '02-0000-0000' },
    ...{ category: 'digital', product: '', metaData: null, items: [], boundToPhone: false },
    ...{ shown: ['password'], sink, sinkToken: null, validation: 'none' },
  })
  if (!made.ok) throw new Error(made.code)
  // As if the payment had been settled at a start, before anybody listened.
  await before.pool.query('delete from carrier.delivery')
  await before.close()
  const after = await open()
  await after.tick()
  await after.tick()
  expect(seen).toEqual([`${made.payment.id}.succeeded`])
  await after.close()
})
