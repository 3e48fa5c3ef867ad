import { freshDatabase } from '@jeon/postgres'
import { expect, test } from 'vitest'
import { openCarriers } from './program.ts'
import { magicNumbers, magicPhoneNumber } from './sandbox/magic.ts'
import { openTestCarriers } from './selfcare/care.fixture.ts'

test('an empty sandbox lives through the past of those in arrears, and starts again as it was', async () => {
  const database = await freshDatabase()
  const options = { databaseUrl: database.url, tickEveryMs: 0, clientSecret: 'sandbox-secret-x' }
  const first = await openCarriers(options)
  expect(Math.abs(first.clock.now() - Date.now())).toBeLessThan(60_000)
  for (const carrier of first.carriers.keys()) {
    const late = await first.core.lines.byNumber(carrier, magicPhoneNumber(carrier, '09') ?? '')
    expect(late).toMatchObject({ inArrears: true })
    const bills = await first.bills.bills.list(late?.id ?? '')
    expect(bills).toHaveLength(1)
    expect(bills[0]?.owed).toBeGreaterThan(0n)
  }
  const states = new Map<string, string>()
  for (const { digits } of magicNumbers) {
    const number = magicPhoneNumber('lgu', digits) ?? ''
    const line = await first.core.lines.byNumber('lgu', number)
    states.set(digits, line === undefined ? 'missing' : (await first.core.service(line)).state)
  }
  expect(states.get('01')).toBe('enabled')
  expect(states.get('05')).toBe('not_eligible')
  expect(states.get('06')).toBe('not_eligible')
  expect(states.get('08')).toBe('not_eligible')
  expect(states.get('10')).toBe('no_consent')
  expect(states.get('11')).toBe('dormant_blocked')
  expect(states.get('12')).toBe('not_eligible')
  expect(states.get('18')).toBe('hard_blocked')
  for (const digits of ['03', '04', '13', '16', '17', '19', '20', '30', '40', '60', '99']) {
    expect([digits, states.get(digits)]).toEqual([digits, 'enabled'])
  }
  expect((await first.ledger.verify()).ok).toBe(true)
  await first.close()

  const second = await openCarriers(options)
  const { rows } = await second.pool.query<{ lines: number; blocks: number }>(
    `select (select count(*)::int from carrier.line) as lines,
            (select count(*)::int from carrier.block) as blocks`,
  )
  expect(rows).toEqual([{ lines: 3 * magicNumbers.length, blocks: 6 }])
  await second.close()
  await database.drop()
})

test('over a socket: self-care passes, OpenID answers, and closing ends a feed that is open', async () => {
  const sandbox = await openTestCarriers()
  const owner = await sandbox.owner('20')
  const feed = await fetch(`${sandbox.url}/skt/selfcare/v1/live`, {
    headers: { authorization: `Bearer ${owner.token}` },
  })
  expect(feed.headers.get('content-type')).toBe('text/event-stream')
  const told = feed.text()
  await sandbox.buy(await sandbox.line('20'), '1000')
  const beganMs = performance.now()
  await sandbox.close()
  expect(performance.now() - beganMs).toBeLessThan(5_000)
  expect(await told).toContain('retry: 2000')
  await expect(fetch(`${sandbox.url}/healthz`)).rejects.toThrow()
})
