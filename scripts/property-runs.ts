/**
 * How often a property is tried, and from which seed: JEON_RUNS (default: 1,000, for properties
 * that do not name a number of their own) and JEON_SEED (default: another one each time).
 * fast-check prints the seed of a failure. Vitest loads this before every test file.
 */
import fc from 'fast-check'

const RUNS_DEFAULT = 1_000

function readInteger(name: string): number | undefined {
  const text = process.env[name]
  if (text === undefined || text === '') return undefined
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`${name} must be an integer and is "${text}"`)
  return Number(text)
}

const seed = readInteger('JEON_SEED')
fc.configureGlobal({
  numRuns: readInteger('JEON_RUNS') ?? RUNS_DEFAULT,
  ...(seed === undefined ? {} : { seed }),
})
