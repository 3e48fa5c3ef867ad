import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from './random.ts'
import { chooseSeed } from './seed.ts'
import { WriterCampaign } from './writer-campaign.ts'

const seed = chooseSeed()

let campaign: WriterCampaign
beforeAll(async () => {
  campaign = await WriterCampaign.open(createRandom(seed))
})
afterAll(() => campaign.close())

// Each ends the writer with SIGKILL, the second its PostgreSQL as well.
test.each(['writer', 'database', 'silence'] as const)(
  'the ledger at full speed loses nothing and does nothing twice: %s',
  async (fault) => {
    const { problems, commands } = await campaign.round(fault)
    expect(problems, `JEON_SEED=${seed}`).toEqual([])
    expect(commands).toBeGreaterThan(0)
  },
  60_000,
)
