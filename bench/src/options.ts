import { parseArgs } from 'node:util'
import { PART_NAMES, type PartName } from './parts/index.ts'

export interface Options {
  readonly help: boolean
  readonly isQuick: boolean
  readonly jsonFile: string | undefined
  readonly parts: readonly PartName[]
  readonly writesDocs: boolean
  /** Fails when a ratio is less than half of the committed one. */
  readonly checks: boolean
  readonly writesBaseline: boolean
  /** Makes docs/benchmarks.md from the figures of an earlier run. */
  readonly docsFrom: string | undefined
  /** Where the database and the files of the run are put. */
  readonly directory: string | undefined
  readonly smallGrowth: boolean
}

export const helpText = `Measures how fast Jeon is on this machine, against floors in the same run.

  npm run bench                     everything, in about a quarter of an hour
  npm run bench -- --quick          about a minute; fails when a ratio fell by half

  --quick             small sizes, only to compare ratios with bench/baseline.json
  --only NAMES        some parts: ${PART_NAMES.join(', ')}
  --json FILE         writes all figures to FILE
  --write-docs        writes docs/benchmarks.md
  --docs-from FILE    measures nothing: writes docs/benchmarks.md from an earlier --json FILE
  --directory DIR     the disk to measure on (Default: the system's temporary directory)
  --small-growth      the growth part with sizes that only try it out
  --write-baseline    writes bench/baseline.json; with --quick
  --no-check          with --quick: does not compare with the baseline
`

/** @throws Error with a sentence for the person who typed it */
export function readOptions(parameters: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      'docs-from': { type: 'string' },
      'write-baseline': { type: 'boolean', default: false },
      'no-check': { type: 'boolean', default: false },
      'small-growth': { type: 'boolean', default: false },
      directory: { type: 'string' },
    },
  })
  if (values['write-baseline'] && !values.quick) {
    throw new Error('The baseline holds the ratios of the quick form: give --quick as well.')
  }
  return {
    help: values.help,
    isQuick: values.quick,
    jsonFile: values.json,
    parts: partsOf(values.only, values.quick),
    writesDocs: values['write-docs'],
    docsFrom: values['docs-from'],
    checks: values.quick && !values['no-check'] && !values['write-baseline'],
    writesBaseline: values['write-baseline'],
    directory: values.directory,
    smallGrowth: values['small-growth'],
  }
}

function partsOf(only: string | undefined, isQuick: boolean): readonly PartName[] {
  if (only === undefined) return PART_NAMES.filter((name) => !isQuick || name !== 'growth')
  const asked = only.split(',').map((name) => name.trim())
  const unknown = asked.find((name) => !PART_NAMES.some((part) => part === name))
  if (unknown !== undefined) {
    throw new Error(`There is no part ${unknown}: choose from ${PART_NAMES.join(', ')}.`)
  }
  return PART_NAMES.filter((name) => asked.includes(name))
}
