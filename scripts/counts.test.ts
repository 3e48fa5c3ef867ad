import { expect, test } from 'vitest'
import { countTests, summaryLine } from './counts.ts'

function report(...files: { status: string; tests: string[] }[]): string {
  return JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((one) => ({ status: one })),
    })),
  })
}

test('tests are counted over all files, by what became of them', () => {
  const counts = countTests(
    report(
      { status: 'passed', tests: ['passed', 'passed', 'skipped', 'todo', 'pending'] },
      { status: 'failed', tests: ['passed', 'failed', 'failed'] },
    ),
  )
  expect(counts).toEqual({ passed: 3, failed: 2, skipped: 3 })
})

test('a file that could not be loaded counts as failed', () => {
  expect(countTests(report({ status: 'failed', tests: [] }))).toMatchObject({ failed: 1 })
})

test('what is not a report has no counts, rather than none that failed', () => {
  for (const text of ['', '{', '[]', 'null', '{"testResults":7}']) {
    expect(countTests(text)).toBeUndefined()
  }
})

test('the line is plain', () => {
  expect(summaryLine({ passed: 12, failed: 0, skipped: 1 })).toBe('12 passed, 0 failed, 1 skipped')
})
