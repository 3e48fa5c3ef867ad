import { afterEach, expect, test, vi } from 'vitest'
import { MemoryDatabase } from '../test/memory-database.ts'
import { FAIR, MemoryStore } from '../test/memory-store.ts'
import { Random } from '../test/random.ts'
import { VirtualTime } from '../test/virtual-time.ts'
import { accountId } from './ids.ts'
import type { AccountSpec, Command, Outcome } from './model.ts'
import { DEFAULT_WRITER_OPTIONS } from './runtime.ts'
import { ShardWriter } from './writer.ts'

const START_MS = Date.UTC(2026, 10, 10)
const LEGS = [0, 1] as const

afterEach(() => vi.restoreAllMocks())

/** A writer that counts how often it asks the database for ids. */
async function openCounted() {
  const random = new Random(7)
  const time = new VirtualTime(random, START_MS)
  const database = new MemoryDatabase(0)
  const spec = { shard: 0, asset: 'KRW/3', kind: 'wallet', overdraft: null } satisfies Omit<
    AccountSpec,
    'reference'
  >
  database.openAccounts(['line', 'person', 'shop'].map((reference) => ({ ...spec, reference })))
  const process = { isDead: false }
  const store = new MemoryStore(database, time, random, { ...FAIR }, process)
  const find = vi.spyOn(store, 'findByIds')
  const settled = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false
    work.then(
      () => (isDone = true),
      () => (isDone = true),
    )
    await time.run(() => isDone)
    return work
  }
  const opening = ShardWriter.open(
    store,
    time.runtimeFor(process),
    DEFAULT_WRITER_OPTIONS,
    () => undefined,
  )
  const writer = await settled(opening)
  const submit = (commands: readonly Command[]): Promise<readonly Outcome[]> =>
    settled(writer.submit(commands, true))
  return { time, random, find, submit }
}

test('no leg of a new purchase, confirmation or cancellation is looked up in the database', async () => {
  const { time, random, find, submit } = await openCounted()
  const [line, person, shop] = [1, 2, 3].map((number) => accountId(0, number))
  if (line === undefined || person === undefined || shop === undefined) throw new Error('accounts')
  /** Two ids of now that differ in the last bit alone, as those of linked legs may. */
  const pair = () => {
    const start = `${time.nowMs.toString(16).padStart(12, '0')}7${random.hex(18)}`
    return [`${start}4`, `${start}5`] as const
  }
  const movement = (id: string, leg: 0 | 1) => ({
    ...{ id, debit: leg === 0 ? line : person, credit: shop, amount: 5n },
  })
  const settle = async (commands: readonly Command[]) => {
    const outcomes = await submit(commands)
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true])
  }
  // Accounts are read once.
  await settle(pair().map((id, leg) => ({ type: 'pay', ...movement(id, leg === 0 ? 0 : 1) })))
  find.mockClear()

  const [paid, kept, given] = [pair(), pair(), pair()]
  await settle(LEGS.map((leg) => ({ type: 'pay', ...movement(paid[leg], leg) })))
  await settle(LEGS.map((leg) => ({ type: 'hold', ttlS: 600, ...movement(kept[leg], leg) })))
  await settle(LEGS.map((leg) => ({ type: 'hold', ttlS: 600, ...movement(given[leg], leg) })))
  const [captures, voids] = [pair(), pair()]
  await settle(
    LEGS.map((leg) => ({ type: 'capture', shard: 0, id: captures[leg], hold: kept[leg] })),
  )
  await settle(LEGS.map((leg) => ({ type: 'void', shard: 0, id: voids[leg], hold: given[leg] })))
  expect(find).not.toHaveBeenCalled()

  // Each of them is remembered under its own id: to ask again is a replay, which is looked up.
  const again = await submit(
    LEGS.map((leg) => ({ type: 'void', shard: 0, id: voids[leg], hold: given[leg] })),
  )
  expect(again).toMatchObject([
    { ok: true, replayed: true },
    { ok: true, replayed: true },
  ])
  expect(find).toHaveBeenCalled()
})
