/** `npm run crash`: kills the server, its ledger, its carriers and its database, as often as one likes. */
import { parseArgs } from 'node:util'
import { Campaign, type Fault } from './campaign.ts'
import { CarrierCampaign, type CarrierFault } from './carrier-campaign.ts'
import { createRandom, type Random } from './random.ts'
import { chooseSeed } from './seed.ts'
import { WriterCampaign, type WriterFault } from './writer-campaign.ts'

const help = `Kills the server and its PostgreSQL under load and checks that nothing was lost or done twice.

  npm run crash -- --kills 300   how many times SIGKILL is sent      (Default: 100)
                   --carrier     phone bills instead: the platform, its carriers and their PostgreSQL
                   --minutes 10  ends sooner, when the time is over  (Default: no limit)
                   --seed 7      the same choices again              (Default: JEON_SEED, or another each time)
`

/** Rounds on one database: a journal that grew for ever would make each proof slower than the one before. */
const roundsPerDatabase = 12
/** SIGKILLs that each fault costs. */
const killsOf: Readonly<Record<Fault | WriterFault, number>> = {
  server: 1,
  postgres: 1,
  both: 2,
  freeze: 0,
  writer: 1,
  database: 2,
  silence: 1,
}
const carrierKillsOf: Readonly<Record<CarrierFault, number>> = {
  carriers: 1,
  platform: 1,
  database: 1,
  all: 3,
  silence: 0,
}
const carrierFaults: readonly CarrierFault[] = [
  ...(['carriers', 'carriers', 'platform', 'platform', 'database', 'all', 'silence'] as const),
]
/** Blows between two proofs: each proof waits until the platform has found everything out. */
const blowsPerProof = 5

interface Plan {
  readonly kills: number
  readonly endsAtMs: number
  readonly seed: number
  /** Phone bills instead of the server and its ledger alone. */
  readonly carrier: boolean
}

interface Tally {
  kills: number
  rounds: number
  commands: number
  problems: number
  readonly byFault: Map<string, number>
}

let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isInterrupted = true
  })
}

process.exitCode = await main()

async function main(): Promise<number> {
  const plan = readPlan()
  if (plan === undefined) return 0
  say(`seed ${plan.seed}: ${plan.kills} kills`)
  const random = createRandom(plan.seed)
  const tally: Tally = { kills: 0, rounds: 0, commands: 0, problems: 0, byFault: new Map() }
  while (!isOver(plan, tally)) {
    if (plan.carrier) {
      await attackCarriers(plan, random, tally)
      continue
    }
    await attackServer(plan, random, tally)
    if (!isOver(plan, tally)) await attackWriter(plan, random, tally)
  }
  const faults = [...tally.byFault].map(([fault, count]) => `${fault} ${count}`).join(', ')
  say('')
  say(`${tally.kills} kills in ${tally.rounds} rounds (${faults}), ${tally.commands} commands`)
  say(
    tally.problems === 0
      ? 'nothing lost, nothing twice, every verify clean'
      : `${tally.problems} problems; again with --seed ${plan.seed}`,
  )
  return tally.problems === 0 ? 0 : 1
}

async function attackServer(plan: Plan, random: Random, tally: Tally): Promise<void> {
  const campaign = await Campaign.open(random)
  let isWhole = false
  try {
    for (let round = 0; round < roundsPerDatabase && !isOver(plan, tally); round += 1) {
      const dice = random.integer(1, 100)
      const fault = dice <= 40 ? 'server' : dice <= 70 ? 'postgres' : dice <= 96 ? 'both' : 'freeze'
      const { requests, ...found } = await campaign.round(fault)
      note(plan, tally, { ...found, commands: requests, faults: [fault], kills: killsOf[fault] })
    }
    isWhole = true
  } finally {
    if (!isWhole) await campaign.abandon()
  }
  for (const problem of await campaign.close()) report(tally, problem)
}

async function attackWriter(plan: Plan, random: Random, tally: Tally): Promise<void> {
  const campaign = await WriterCampaign.open(random)
  try {
    for (let round = 0; round < roundsPerDatabase && !isOver(plan, tally); round += 1) {
      const fault = random.pick(['writer', 'writer', 'database', 'silence'] as const)
      const found = await campaign.round(fault)
      note(plan, tally, { ...found, faults: [fault], kills: killsOf[fault] })
    }
  } finally {
    await campaign.close()
  }
}

async function attackCarriers(plan: Plan, random: Random, tally: Tally): Promise<void> {
  const campaign = await CarrierCampaign.open(random)
  let isWhole = false
  try {
    for (let round = 0; round < roundsPerDatabase && !isOver(plan, tally); round += 1) {
      const faults = Array.from({ length: blowsPerProof }, () => random.pick(carrierFaults))
      const { requests, ...found } = await campaign.round(faults)
      const kills = faults.reduce((sum, fault) => sum + carrierKillsOf[fault], 0)
      note(plan, tally, { ...found, commands: requests, faults, kills })
    }
    isWhole = true
  } finally {
    if (!isWhole) await campaign.abandon()
  }
  for (const problem of await campaign.close()) report(tally, problem)
}

interface Found {
  readonly faults: readonly (Fault | WriterFault | CarrierFault)[]
  readonly kills: number
  readonly commands: number
  readonly accepted: number
  readonly unknown: number
  readonly problems: readonly string[]
}

function note(plan: Plan, tally: Tally, found: Found): void {
  const { faults, kills, commands, accepted, unknown, problems } = found
  tally.kills += kills
  tally.rounds += 1
  tally.commands += commands
  for (const fault of faults) tally.byFault.set(fault, (tally.byFault.get(fault) ?? 0) + 1)
  const name = `${tally.kills}/${plan.kills}`.padEnd(10)
  say(
    `${name}${faults.join(', ').padEnd(10)} ${commands} sent, ${accepted} accepted, ${unknown} unknown`,
  )
  for (const problem of problems) report(tally, problem)
}

function report(tally: Tally, problem: string): void {
  tally.problems += 1
  say(`  PROBLEM ${problem}`)
}

function isOver({ kills, endsAtMs }: Plan, tally: Tally): boolean {
  return isInterrupted || tally.kills >= kills || performance.now() > endsAtMs
}

function readPlan(): Plan | undefined {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      kills: { type: 'string', default: '100' },
      carrier: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      seed: { type: 'string' },
    },
  })
  if (values.help === true) {
    process.stdout.write(help)
    return undefined
  }
  const { minutes } = values
  return {
    kills: wholeNumber(values.kills, '--kills'),
    carrier: values.carrier,
    endsAtMs:
      minutes === undefined
        ? Number.POSITIVE_INFINITY
        : performance.now() + wholeNumber(minutes, '--minutes') * 60_000,
    seed: values.seed === undefined ? chooseSeed() : wholeNumber(values.seed, '--seed'),
  }
}

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${name} is a whole number and not "${text}"`)
  return Number(text)
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`)
}
