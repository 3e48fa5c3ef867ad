import type pg from 'pg'

/** Rows to be written, as one statement with parameters from `$1` on. */
export interface Writing {
  /**
   * One short word, the same for the same text. A statement is kept prepared under the names of its parts, which
   * PostgreSQL limits to 63 bytes together.
   */
  readonly name: string
  /** Returns something. (In SQL: `insert`, `update` or `delete` with `returning`) */
  readonly text: string
  readonly values: readonly unknown[]
  /** So many rows have to be written, or nothing is. (Default: any number) */
  readonly rows?: number
}

/**
 * Writes all of it or nothing, in a single statement: the database is asked once and commits by itself, where a
 * transaction would ask for the begin, every part and the commit one after another. The parts see what was there before, not each other, and
 * must not touch the same row.
 *
 * @throws when a part writes other than its `rows`
 */
export async function writeTogether(
  pool: Pick<pg.Pool, 'query'>,
  writings: readonly Writing[],
): Promise<void> {
  if (writings.length === 0) return
  const values: unknown[] = []
  const parts: string[] = []
  const checks: string[] = []
  for (const [at, writing] of writings.entries()) {
    parts.push(`part_${at} as (${shifted(writing.text, values.length)})`)
    values.push(...writing.values)
    if (writing.rows === undefined) continue
    values.push(writing.rows)
    checks.push(`carrier.expect_rows((select count(*) from part_${at}), $${values.length})`)
  }
  const found = checks.length === 0 ? 'true' : checks.join(', ')
  await pool.query({
    name: writings.map(({ name, rows }) => (rows === undefined ? name : `${name}!`)).join('+'),
    text: `with ${parts.join(',\n')}\nselect ${found}`,
    values,
  })
}

/** The same text with its parameters counted from another place on. */
function shifted(text: string, by: number): string {
  return by === 0 ? text : text.replaceAll(/\$(\d+)/g, (_, place) => `$${Number(place) + by}`)
}
