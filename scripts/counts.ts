/**
 * The last line of `npm test`, from the report that Vitest writes.
 */
export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Counts the tests in a report of Vitest's JSON reporter; undefined for a text that is none. A file
 * that could not even be loaded has no tests and counts as one that failed.
 */
export function countTests(report: string): TestCounts | undefined {
  const files = readFiles(report)
  if (files === undefined) return undefined
  const statuses = files.flatMap(({ status, tests }) =>
    status === 'failed' && !tests.includes('failed') ? [...tests, 'failed'] : tests,
  )
  const passed = statuses.filter((status) => status === 'passed').length
  const failed = statuses.filter((status) => status === 'failed').length
  return { passed, failed, skipped: statuses.length - passed - failed }
}

/** `12 passed, 0 failed, 1 skipped` */
export function summaryLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

interface FileReport {
  readonly status: unknown
  readonly tests: readonly unknown[]
}

function readFiles(report: string): readonly FileReport[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(report)
  } catch {
    return undefined
  }
  const files = property(parsed, 'testResults')
  if (!Array.isArray(files)) return undefined
  return files.map((file: unknown) => {
    const tests = property(file, 'assertionResults')
    return {
      status: property(file, 'status'),
      tests: Array.isArray(tests) ? tests.map((one: unknown) => property(one, 'status')) : [],
    }
  })
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
