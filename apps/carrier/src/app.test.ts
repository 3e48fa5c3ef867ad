import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createApp } from './app.ts'
import { createLog } from './log.ts'

const sandbox = new Hono()
  .get('/sandbox/numbers', (context) => context.text('numbers'))
  .post('/sandbox/lines', async (context) => context.text(await context.req.text()))
const app = createApp({
  ...{ sandbox, selfcare: new Hono(), outside: new Hono() },
  log: createLog({ level: 'silent' }),
  publicUrl: 'http://localhost:4250',
})
const ask = (headers: Record<string, string>) =>
  app.request('http://localhost:4250/sandbox/numbers', { headers })

test('the sandbox is for this machine’s own names and pages', async () => {
  for (const headers of [
    {},
    { host: 'localhost:4250' },
    { host: '127.0.0.1:4250', origin: 'http://127.0.0.1:4250' },
  ]) {
    expect((await ask(headers)).status).toBe(200)
  }
  for (const headers of [
    { origin: 'http://evil.example' },
    { host: 'evil.example:4250' },
    { host: 'localhost:4250', origin: 'http://localhost:4300' },
  ]) {
    expect((await ask(headers)).status).toBe(404)
  }
})

test('a body that nobody needs is refused before it is read', async () => {
  const send = (bytes: number) =>
    app.request('http://localhost:4250/sandbox/lines', { method: 'POST', body: 'x'.repeat(bytes) })
  expect((await send(1_000)).status).toBe(200)
  expect((await send(2_000_000)).status).toBe(413)
})

test('names with a zero byte, and paths that are no text, are just not there', async () => {
  for (const path of ['/skt/selfcare/v1/bills/%00', '/skt/%E0%A4%A']) {
    expect((await app.request(`http://localhost:4250${path}`)).status).toBe(404)
  }
})
