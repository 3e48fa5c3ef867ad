/** `npm run simulate`: a year in minutes, and a thousand purchases at one instant. */
import { chooseSeed } from '../crash/seed.ts'
import { BadOptions, helpText, readOptions } from './options.ts'
import { runRush, SandboxMissing } from './rush.ts'
import { runYear } from './year/run.ts'

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  switch (options.command) {
    case 'help':
      process.stdout.write(helpText)
      return 0
    case 'year': {
      const { lines, months, jsonFile, seed = chooseSeed() } = options
      return runYear({ lines, seed, months, jsonFile, say })
    }
    case 'rush':
      return runRush(options, say)
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** It could not begin. */
const NOT_BEGUN = 2

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const isExpected = error instanceof BadOptions || error instanceof SandboxMissing
    const text = error instanceof Error ? (isExpected ? error.message : error.stack) : String(error)
    process.stderr.write(`${text}\n${error instanceof BadOptions ? `\n${helpText}` : ''}`)
    process.exitCode = isExpected ? NOT_BEGUN : 1
  },
)
