import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { openTestSandbox } from '../test/sandbox.ts'
import { createToken } from './auth/tokens.ts'
import { createLog, withoutSecrets } from './log.ts'

function createMemory() {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  return { stream, text: () => lines.join('') }
}

test('secrets are hidden wherever they turn up', () => {
  const key = createToken('sk_test')
  expect(withoutSecrets(`bad key ${key}!`)).toBe('bad key sk_test_[secret]!')
  expect(withoutSecrets('postgres://jeon:hush@db:5432/x')).toBe(
    'postgres://jeon:[secret]@db:5432/x',
  )
  const memory = createMemory()
  const log = createLog({ level: 'debug', stream: memory.stream })
  log.info('x', { token: key, headers: { authorization: key, cookie: key }, a: { b: { key } } })
  log.failure(new Error(`refused ${key}`), undefined, 'req_x')
  expect(memory.text()).toContain('[secret]')
  expect(memory.text()).not.toContain(key)
})

test('a platform that logs everything logs no secret', async () => {
  const memory = createMemory()
  const log = createLog({ level: 'trace', stream: memory.stream })
  const sandbox = await openTestSandbox({ log })
  const browser = await sandbox.browser()
  const { merchant, operator } = sandbox.platform.keys
  const token = String((await browser.send('POST', '/v1/wallet/token')).json.token)
  await sandbox.send('GET', `/v1/merchant?key=${merchant.secret}`, { key: merchant.secret })
  await sandbox.send('GET', '/v1/sandbox/clock', { key: operator })
  await sandbox.send('GET', '/v1/wallet', { key: token })
  await sandbox.close()
  expect(memory.text()).toContain('"route":"/v1/wallet/token"')
  const secrets = [merchant.secret, merchant.page, operator, token, ...browser.cookie.split('; ')]
  for (const secret of secrets) {
    expect(memory.text()).not.toContain(secret.slice(secret.lastIndexOf('_') + 1).slice(0, 30))
  }
})
