import { isDeepStrictEqual } from 'node:util'
import {
  type Book,
  type Content,
  type Intent,
  settle,
  type Verdict,
  verdictOf,
  verdictsOf,
} from './book.ts'
import type { HttpClient } from './http.ts'
import { batchOf, readPathOf } from './load.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

export interface ResolveParts {
  readonly book: Book
  readonly http: HttpClient
  readonly world: World
  readonly random: Random
}

const sendersAtOnce = 16
const batchLength = 500
/** Intents of earlier rounds that are sent once more. */
const oldOnes = 40

/**
 * After a failure: asks about everything whose outcome is unknown, and sends everything that was
 * acknowledged once more, which must change nothing. Returns what is wrong.
 */
export async function resolve(parts: ResolveParts): Promise<readonly string[]> {
  const { book, random } = parts
  const problems: string[] = []
  const recent = [...book.recent]
  for (const intent of recent) if (intent.state === 'sent') intent.state = 'unknown'
  const unknown = recent.filter(({ state }) => state === 'unknown')
  const sample = recent.filter(({ state }) => state === 'accepted' && random.chance(0.2))
  await each([...unknown, ...sample], async (intent) => {
    problems.push(...(await ask(parts, intent)))
  })
  // Half of those of which we heard that they did not happen are left alone: it has to stay true.
  const again = recent.filter(
    ({ state, denied }) =>
      state === 'accepted' || (state === 'unknown' && !(denied && random.chance(0.5))),
  )
  const everything = [...book.intents.values()].filter(({ state }) => state === 'accepted')
  const old =
    everything.length === 0 ? [] : Array.from({ length: oldOnes }, () => random.pick(everything))
  await each(withoutBatched([...again, ...old]), async (intent) => {
    const verdict = verdictOf(await parts.http.send(intent.sending))
    problems.push(...judge(intent, verdict))
  })
  const batched = [...new Set([...again, ...old])].filter((intent) => intent.batched)
  for (let from = 0; from < batched.length; from += batchLength) {
    problems.push(...(await sendBatchAgain(parts, batched.slice(from, from + batchLength))))
  }
  return problems
}

function withoutBatched(intents: readonly Intent[]): readonly Intent[] {
  return [...new Set(intents)].filter(({ batched }) => !batched)
}

async function sendBatchAgain(
  parts: ResolveParts,
  intents: readonly Intent[],
): Promise<readonly string[]> {
  const answer = await parts.http.send(batchOf(intents, parts.world.secret))
  const verdicts = verdictsOf(answer, intents.length)
  return intents.flatMap((intent, index) => judge(intent, verdicts[index] ?? noVerdict))
}

const noVerdict: Verdict = { is: 'unknown', code: 'no outcome in the batch' }

/** Reads the outcome of a payment or hold and compares it with what is known. */
async function ask({ http, world }: ResolveParts, intent: Intent): Promise<readonly string[]> {
  const path = readPathOf(intent)
  if (path === undefined) return []
  const answer = await http.send({ method: 'GET', path, key: world.secret })
  if (answer.lost) return [`${path} has no answer: ${answer.reason}`]
  if (answer.status === 404) {
    if (intent.state === 'accepted') return [`${path} was acknowledged and is not there`]
    intent.denied = true
    return []
  }
  if (answer.status !== 200) return [`${path} answers ${JSON.stringify(answer.json)}`]
  const verdict = verdictOf(answer)
  if (verdict.is !== 'accepted') return [`${path} is ${verdict.is}`]
  if (intent.denied) return [`${path} is there after the server had said that it did not happen`]
  return accept(intent, verdict.content)
}

/** What sending an intent again must answer. */
function judge(intent: Intent, verdict: Verdict): readonly string[] {
  const name = `${intent.verb} ${intent.key}`
  if (intent.state === 'accepted') {
    if (verdict.is !== 'accepted') return [`${name} was accepted and is now ${verdict.code}`]
    const problems = accept(intent, verdict.content)
    // The sandbox's credit does not mark its replays.
    return verdict.replayed || intent.verb === 'topup'
      ? problems
      : [...problems, `${name} was accepted before and is not marked as replayed`]
  }
  if (verdict.is === 'unknown') return [`${name} is still unknown: ${verdict.code}`]
  if (verdict.is === 'accepted' && verdict.replayed && intent.denied) {
    return [`${name} had happened although the server had said that it had not`]
  }
  settle(intent, verdict)
  return []
}

/** Takes an acknowledgement; each member that was known must be the same again. */
function accept(intent: Intent, content: Content): readonly string[] {
  const known = intent.content ?? {}
  const names = [
    'id',
    'sequence',
    'shard',
    'created_at',
    'reference',
    'amount',
    'credited',
  ] as const
  const problems = names.flatMap((name) => {
    const before = known[name]
    const now = content[name]
    if (before === undefined || now === undefined || isDeepStrictEqual(before, now)) return []
    const texts = [before, now].map((value) => JSON.stringify(value))
    return [`${intent.verb} ${intent.key}: ${name} was ${texts[0]} and is ${texts[1]}`]
  })
  intent.state = 'accepted'
  intent.content = { ...content, ...known }
  return problems
}

async function each(
  intents: readonly Intent[],
  work: (intent: Intent) => Promise<void>,
): Promise<void> {
  const waiting = intents.values()
  const senders = Array.from({ length: sendersAtOnce }, async () => {
    for (const intent of waiting) await work(intent)
  })
  await Promise.all(senders)
}
