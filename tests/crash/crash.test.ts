import { afterAll, beforeAll, expect, test } from 'vitest'
import { Campaign } from './campaign.ts'
import { createRandom } from './random.ts'
import { chooseSeed } from './seed.ts'

const seed = chooseSeed()

let campaign: Campaign
beforeAll(async () => {
  campaign = await Campaign.open(createRandom(seed))
})
afterAll(async () => {
  expect(await campaign.close()).toEqual([])
})

// Seven SIGKILLs, and a PostgreSQL that says nothing for longer than callers wait.
test.each(['server', 'postgres', 'both', 'freeze', 'postgres', 'both'] as const)(
  'the server loses nothing and does nothing twice: %s',
  async (fault) => {
    const { problems, accepted } = await campaign.round(fault)
    // The seed repeats the choices; when exactly a blow falls is up to the machine.
    expect(problems, `JEON_SEED=${seed}`).toEqual([])
    expect(accepted).toBeGreaterThan(0)
  },
  60_000,
)
