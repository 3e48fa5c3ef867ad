import { Ledger, type Outcome, verifyJournal } from '@jeon/ledger'
import pg from 'pg'
import {
  commandAt,
  groupLength,
  idAt,
  isLinked,
  linkedLength,
  openPlayers,
  type Plan,
  type Players,
  shards,
  topupsOf,
} from './writer-plan.ts'

type Words = readonly (string | undefined)[]

/**
 * Takes the shards over from the dead writer and compares its journal with what it had told.
 *
 * @param sent - every id that was sent in the rounds before; this round's are added
 * @returns what is wrong
 */
export async function proveWriter(
  plan: Plan,
  words: Words,
  sent: Set<string>,
): Promise<readonly string[]> {
  const { databaseUrl } = plan
  const ledger = await Ledger.open({ databaseUrl, shards, clock: Date.now })
  try {
    const players = await openPlayers(ledger, plan.seed)
    for (const { id } of topupsOf(players, plan.seed)) sent.add(id)
    for (const index of words.keys()) sent.add(idAt(plan, index))
    const before = await journalOf(databaseUrl)
    return [
      ...compare(plan, words, before),
      ...strangers(sent, before),
      ...(await sendAgain(ledger, plan, players, words, before)),
      ...(await verifyJournal(databaseUrl)).problems,
    ]
  } finally {
    await ledger.close()
  }
}

/** `shard/sequence` by id. The unique index and this map would both notice an id that is there twice. */
type JournalMap = ReadonlyMap<string, string>

async function journalOf(databaseUrl: string): Promise<JournalMap> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ shard: number; seq: string; id: string }>(
      'select shard, seq, id from ledger.transfer',
    )
    const journal = new Map<string, string>()
    for (const { shard, seq, id } of rows) {
      const key = id.replaceAll('-', '')
      if (journal.has(key)) throw new Error(`${key} stands in the journal twice`)
      journal.set(key, `${shard}/${seq}`)
    }
    return journal
  } finally {
    await client.end()
  }
}

/** What was acknowledged is there; what was refused is not; groups are whole. */
function compare(plan: Plan, words: Words, journal: JournalMap): readonly string[] {
  const problems: string[] = []
  for (const [index, word] of words.entries()) {
    const place = journal.get(idAt(plan, index))
    if (word?.includes('/') && word !== place) {
      problems.push(`${index} was acknowledged at ${word} and is at ${place ?? 'no place'}`)
    }
    const isRefused = word !== undefined && word !== 'unknown' && !word.includes('/')
    if (isRefused && place !== undefined) problems.push(`${index} was ${word} and is at ${place}`)
    if (!isLinked(index) || index % linkedLength !== 0) continue
    const members = Array.from({ length: linkedLength }, (_, at) => idAt(plan, index + at))
    const present = members.filter((id) => journal.has(id)).length
    if (present !== 0 && present !== linkedLength) {
      problems.push(`of the linked group at ${index}, ${present} of ${linkedLength} are there`)
    }
  }
  return problems
}

/** What stands in the journal and was sent by nobody. */
function strangers(sent: ReadonlySet<string>, journal: JournalMap): readonly string[] {
  return [...journal].flatMap(([id, place]) =>
    sent.has(id) ? [] : [`${id} at ${place} was sent by nobody`],
  )
}

/** The same commands again: those that are there replay, those that are not happen once at most. */
async function sendAgain(
  ledger: Ledger,
  plan: Plan,
  players: Players,
  words: Words,
  journal: JournalMap,
): Promise<readonly string[]> {
  const problems: string[] = []
  for (let from = 0; from < words.length; from += groupLength) {
    const indexes = Array.from({ length: groupLength }, (_, at) => from + at)
    const commands = indexes.map((index) => commandAt(plan, players, index))
    const outcomes: Outcome[] = []
    if (!isLinked(from)) outcomes.push(...(await ledger.submitAll(commands)))
    for (let at = 0; isLinked(from) && at < groupLength; at += linkedLength) {
      outcomes.push(...(await ledger.submitLinked(commands.slice(at, at + linkedLength))))
    }
    for (const [at, outcome] of outcomes.entries()) {
      const place = journal.get(idAt(plan, from + at))
      const now = outcome.ok
        ? `${outcome.transfer.shard}/${outcome.transfer.sequence}`
        : outcome.code
      if (place !== undefined && (now !== place || !outcome.ok || !outcome.replayed)) {
        problems.push(`${from + at} is at ${place} and, sent again, ${now}`)
      }
      if (place === undefined && outcome.ok && outcome.replayed) {
        problems.push(`${from + at} was not there and, sent again, is a replay at ${now}`)
      }
    }
  }
  return problems
}
