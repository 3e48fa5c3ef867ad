import { expect, test } from 'vitest'
import { GroupCommit } from './group-commit.ts'

test('shares commits, answers each, and one that is refused spoils nobody else’s', async () => {
  const commits: number[][] = []
  const group = new GroupCommit<number, string>(async (items) => {
    if (items.includes(13)) throw new Error('unlucky')
    commits.push([...items])
    return items.map((item) => `=${item}`)
  }, 10)
  const answers = await Promise.allSettled(Array.from({ length: 25 }, (_, at) => group.add(at)))
  await group.idle()
  expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(answers[13]).toMatchObject({ status: 'rejected' })
  expect(answers[14]).toEqual({ status: 'fulfilled', value: '=14' })
  expect(commits[0]).toHaveLength(10)
  expect(commits.flat().toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 25 }, (_, at) => at).filter((at) => at !== 13),
  )
  expect(await group.add(7)).toBe('=7')
})
