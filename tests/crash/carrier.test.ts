import { afterAll, beforeAll, expect, test } from 'vitest'
import { CarrierCampaign } from './carrier-campaign.ts'
import { createRandom } from './random.ts'
import { chooseSeed } from './seed.ts'

const seed = chooseSeed()

let campaign: CarrierCampaign
beforeAll(async () => {
  campaign = await CarrierCampaign.open(createRandom(seed))
})
afterAll(async () => {
  expect(await campaign.close()).toEqual([])
})

// Three SIGKILLs, and carriers that say nothing for longer than the platform waits.
test('no phone bill is charged twice, and no charge is lost', async () => {
  const faults = ['silence', 'carriers', 'platform', 'database'] as const
  const { problems, accepted } = await campaign.round(faults)
  // The seed repeats the choices; when exactly a blow falls is up to the machine.
  expect(problems, `JEON_SEED=${seed}`).toEqual([])
  expect(accepted).toBeGreaterThan(0)
}, 120_000)

test('the comparison sees an amount that differs and a charge that one side does not know', async () => {
  const one = `(select min(id) from jeon.rail_charge where state = 'settled')`
  const amount = `update jeon.rail_charge set amount = amount + 1 where id = ${one}`
  expect(await campaign.compareAfter('platform', amount)).toEqual([
    expect.stringMatching(/^charge \w+ is 20001 here and 20000 there$/),
    expect.stringMatching(/^the rail moved/),
  ])
  const missing = `update jeon.rail_charge set state = 'declined', amount = amount - 1 where id = ${one}`
  expect(await campaign.compareAfter('platform', missing)).toEqual([
    expect.stringMatching(/a lost charge$/),
    expect.stringMatching(/not settled here: a double or lost charge$/),
    expect.stringMatching(/^the rail moved/),
  ])
  const twice = `insert into carrier.payment select (jsonb_populate_record(p, jsonb_build_object(
    'id', gen_random_uuid(), 'client_correlator', 'another'))).* from carrier.payment p
    where status = 'succeeded' limit 1`
  expect(await campaign.compareAfter('carriers', twice)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^another was charged there/),
      expect.stringMatching(/^lines paid \d+ in the ledger/),
    ]),
  )
})
