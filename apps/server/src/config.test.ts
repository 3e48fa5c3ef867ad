import { describe, expect, test } from 'vitest'
import { readConfig, StartFailure } from './config.ts'

describe('the configuration', () => {
  test('is sensible when nobody says anything', () => {
    expect(readConfig([], {}, '/srv/x')).toMatchObject({
      port: 4242,
      newspaperPort: 4300,
      publicUrl: 'http://localhost:4242',
      directory: '/srv/x/.jeon',
      databaseUrl: undefined,
      examples: true,
      carriers: true,
      carrierPort: 4250,
      reset: false,
      shards: [0, 1],
    })
  })

  test('takes flags before the environment', () => {
    const env = { JEON_PORT: '5000', DATABASE_URL: 'postgres://a/b', JEON_RATE_KEY: '7' }
    const config = readConfig(
      ['--port', '6000', '--no-examples', '--no-carriers', '--reset'],
      env,
      '/',
    )
    expect(config).toMatchObject({
      port: 6000,
      publicUrl: 'http://localhost:6000',
      databaseUrl: 'postgres://a/b',
      examples: false,
      carriers: false,
      reset: true,
      limits: { perKey: { perSecond: 7, burst: 14 } },
    })
  })

  test.each([
    [['--port', '99999'], {}],
    [['--port', 'x'], {}],
    [['--nonsense'], {}],
    [['surprise'], {}],
    [['--public-url', 'localhost'], {}],
    [['--log-level', 'loud'], {}],
    [['--shards', '0'], {}],
    [[], { DATABASE_URL: 'mysql://x' }],
    [[], { JEON_CONCURRENCY: '-1' }],
  ])('says in one sentence what is wrong with %j %j', (parameters, env) => {
    const read = () => readConfig(parameters, env, '/')
    expect(read).toThrow(StartFailure)
    expect(read).toThrow(/^[^\n]+\.$/)
  })
})
