/**
 * A process that submits to a ledger as fast as it can and says on standard output what it was
 * told, until it is killed. One line a group: `sent`, the first number; then `told`, the first
 * number and one word a command: `shard/sequence`, `unknown` or a refusal's code.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Ledger, type Outcome } from '@jeon/ledger'
import {
  commandAt,
  groupLength,
  isLinked,
  linkedLength,
  openPlayers,
  type Plan,
  type Players,
  shards,
} from './writer-plan.ts'

const groupsAtOnce = 4
/** While nothing is accepted, to go on at full speed would only fill the book. */
const backoffMs = 100

const [databaseUrl = '', seed = '', round = '', baseMs = ''] = process.argv.slice(2)
const plan: Plan = {
  databaseUrl,
  seed: Number(seed),
  round: Number(round),
  baseMs: Number(baseMs),
}
const ledger = await Ledger.open({
  databaseUrl,
  shards,
  clock: Date.now,
  answerWithinMs: 200,
  commitTimeoutMs: 600,
  checkpointEvery: 3_000,
})
const players = await openPlayers(ledger, plan.seed)
let next = 0
await Promise.all(Array.from({ length: groupsAtOnce }, () => submitForEver(players)))

async function submitForEver(all: Players): Promise<never> {
  for (;;) {
    const from = next
    next += groupLength
    const commands = Array.from({ length: groupLength }, (_, at) => commandAt(plan, all, from + at))
    process.stdout.write(`sent ${from}\n`)
    const outcomes = isLinked(from)
      ? (await Promise.all(chunksOf(commands).map((part) => ledger.submitLinked(part)))).flat()
      : await ledger.submitAll(commands)
    process.stdout.write(`told ${from} ${outcomes.map(wordOf).join(' ')}\n`)
    if (outcomes.every(({ ok }) => !ok)) await sleep(backoffMs)
  }
}

function chunksOf<T>(list: readonly T[]): T[][] {
  return Array.from({ length: list.length / linkedLength }, (_, at) =>
    list.slice(at * linkedLength, (at + 1) * linkedLength),
  )
}

function wordOf(outcome: Outcome): string {
  if (!outcome.ok) return outcome.code === 'unknown_outcome' ? 'unknown' : outcome.code
  return `${outcome.transfer.shard}/${outcome.transfer.sequence}`
}
