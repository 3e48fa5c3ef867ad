import { parseArgs } from 'node:util'

/** What `npm run simulate` was asked for. */
export type SimulateOptions =
  | { readonly command: 'help' }
  | ({ readonly command: 'year' } & YearChoices)
  | ({ readonly command: 'rush' } & RushChoices)

export interface YearChoices {
  readonly lines: number
  /** `undefined`: another one each time. */
  readonly seed: number | undefined
  readonly months: number
  readonly jsonFile: string | undefined
}

export interface RushChoices {
  /** How many purchases of a price fit into what may still be spent. */
  readonly limit: number
  /** How many are tried at once. */
  readonly buyers: number
  readonly carrier: string
  /** Where the carriers of a running sandbox are. */
  readonly carriersUrl: string
}

/** What somebody typed makes no sense; its message is one sentence that says what would. */
export class BadOptions extends Error {
  override readonly name = 'BadOptions'
}

export const helpText = `Lives through what is hard to wait for, and checks that every won and every limit held.

  npm run simulate -- year               a year of many owners, month after month, on a simulated clock
  npm run simulate -- rush               many purchases at the same instant, against a running sandbox

year
  --lines N           phone lines                              (Default: 1000)
  --months N          how long                                 (Default: 12)
  --seed N            the same year again                      (Default: JEON_SEED, or another each time)
  --json FILE         writes what it found to FILE

rush                  begins with npm start in another terminal
  --limit N           how many purchases fit into the limit    (Default: 37)
  --buyers N          how many are tried at once               (Default: 1000)
  --carrier ID        skt, kt or lgu                           (Default: skt)
  --carriers URL      where the carriers are                   (Default: http://localhost:4250)

It ends with 0 when all held, with 1 when something did not, and with 2 when it could not begin.
`

/** The most that one line may spend in a month in Korea, in purchases of 100 won. */
const LIMIT_MAX = 1_000
const BUYERS_MAX = 5_000
const LINES_MAX = 1_000_000
const MONTHS_MAX = 120

/** @throws {@link BadOptions} */
export function readOptions(parameters: readonly string[]): SimulateOptions {
  const { values, positionals } = parsed(parameters)
  const [command, ...more] = positionals
  if (values.help === true || command === undefined) return { command: 'help' }
  if (more.length > 0) throw new BadOptions(`After ${command} come options alone, not ${more[0]}.`)
  switch (command) {
    case 'year':
      return {
        command,
        lines: whole(values.lines, '--lines', 1, LINES_MAX),
        months: whole(values.months, '--months', 1, MONTHS_MAX),
        seed: values.seed === undefined ? undefined : whole(values.seed, '--seed', 0, 2 ** 31),
        jsonFile: values.json,
      }
    case 'rush': {
      const limit = whole(values.limit, '--limit', 1, LIMIT_MAX)
      const buyers = whole(values.buyers, '--buyers', 1, BUYERS_MAX)
      if (buyers <= limit) {
        throw new BadOptions('--buyers has to be more than --limit, or nobody is declined.')
      }
      return {
        ...{ command, limit, buyers, carrier: values.carrier },
        carriersUrl: urlOf(values.carriers),
      }
    }
    default:
      throw new BadOptions(`There is no ${command}: choose year or rush.`)
  }
}

function parsed(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        lines: { type: 'string', default: '1000' },
        months: { type: 'string', default: '12' },
        seed: { type: 'string' },
        json: { type: 'string' },
        limit: { type: 'string', default: '37' },
        buyers: { type: 'string', default: '1000' },
        carrier: { type: 'string', default: 'skt' },
        carriers: { type: 'string', default: 'http://localhost:4250' },
      },
    })
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new BadOptions(`${sentence}.`)
  }
}

function whole(text: string, name: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new BadOptions(`${name} is a whole number from ${least} to ${most}, not "${text}".`)
}

function urlOf(text: string): string {
  if (URL.canParse(text) && /^https?:\/\//.test(text)) return text.replace(/\/+$/, '')
  throw new BadOptions(`--carriers is an address as in http://localhost:4250, not "${text}".`)
}
