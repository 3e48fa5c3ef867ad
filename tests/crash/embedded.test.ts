import { expect, test } from 'vitest'
import { crashEmbedded } from './embedded.ts'
import { createRandom } from './random.ts'
import { chooseSeed } from './seed.ts'

const seed = chooseSeed()

test('a server that brings its own PostgreSQL finds everything again', async () => {
  expect(await crashEmbedded(createRandom(seed), 1), `JEON_SEED=${seed}`).toEqual([])
}, 90_000)
