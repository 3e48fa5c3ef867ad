/**
 * What a test needs: a fresh database on the one server that Vitest started for all test files.
 */
import { type CreateDatabaseOptions, createFreshDatabase, type FreshDatabase } from './databases.ts'

/** Names the server that tests use; set by `vitest-setup.ts`, or by hand to bring your own. */
export const TEST_DATABASE_VARIABLE = 'JEON_TEST_DATABASE_URL'

/**
 * A new, empty database for one test file.
 *
 * @example
 * const database = await freshDatabase()
 * afterAll(() => database.drop())
 */
export async function freshDatabase(options: CreateDatabaseOptions = {}): Promise<FreshDatabase> {
  return createFreshDatabase(testServerUrl(), options)
}

/** The server all test files share. */
export function testServerUrl(): string {
  const url = process.env[TEST_DATABASE_VARIABLE]
  if (url === undefined || url === '') {
    throw new Error(
      `${TEST_DATABASE_VARIABLE} is not set: run the tests with \`npm test\` or \`npx vitest run\`, which start a PostgreSQL, or set it to the URL of one.`,
    )
  }
  return url
}
