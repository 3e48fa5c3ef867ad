import { expect, test } from 'vitest'
import { readConfig, StartFailure } from './config.ts'

const read = (parameters: readonly string[], env = {}) => readConfig(parameters, env, '/srv')

test('says where the carriers listen and keep their data', () => {
  expect(read([])).toMatchObject({
    host: '127.0.0.1',
    port: 4250,
    publicUrl: 'http://localhost:4250',
    databaseUrl: undefined,
    directory: '/srv/.jeon/carrier',
    reset: false,
  })
})

test('flags come before the environment', () => {
  const env = { JEON_CARRIER_PORT: '5000', DATABASE_URL: 'postgres://localhost/one' }
  expect(read([], env)).toMatchObject({ port: 5000, databaseUrl: 'postgres://localhost/one' })
  expect(read(['--port', '5001', '--public-url', 'https://tel.example/'], env)).toMatchObject({
    port: 5001,
    publicUrl: 'https://tel.example',
  })
})

test('refuses what makes no sense, and says how it is right', () => {
  for (const parameters of [
    ['--port', '70000'],
    ['--port', 'x'],
    ['--database-url', 'mysql://localhost'],
    ['--public-url', 'localhost'],
    ['--log-level', 'loud'],
    ['--unknown'],
  ]) {
    expect(() => read(parameters)).toThrow(StartFailure)
  }
})
