import { formatAmount, moneyFromJson } from '@jeon/money'
import {
  type Jeon,
  JeonProblem,
  type Limit,
  type NewLimit,
  type Pocket,
  type Wallet,
} from '@jeon/sdk'
import { Option } from 'commander'
import { CliFailure } from '../io.ts'
import { existingPurse, openPurse, type PurseEntry, pursePath, replacePurse } from '../purse.ts'
import { clientFor } from '../sandbox.ts'
import { barText, moneyText, timeText } from '../text.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

interface WalletOptions {
  readonly limits: readonly string[]
  readonly currency: string
  readonly isNew: boolean
}

export const wallet: CommandSpec<WalletOptions> = {
  name: 'wallet',
  summary: 'show balance and limits of this terminal’s wallet, or change the limits',
  options: [
    new Option('--new', 'make a guest wallet when there is none'),
    new Option(
      '--limits <per=amount...>',
      'change limits: payment=, day=, month=; none removes one',
    ),
    new Option('--currency <code>', 'whose limits').default('KRW'),
  ],
  examples: [
    ['jeon wallet', 'balance, spending and limits'],
    ['jeon wallet --limits day=50000 payment=1000', 'lower or raise limits'],
    ['jeon wallet --limits month=none', 'remove the limit of the month'],
  ],
  read: (parsed) => ({
    limits: Array.isArray(parsed.limits) ? parsed.limits.map((limit) => `${limit}`) : [],
    currency: optionText(parsed, 'currency') ?? 'KRW',
    isNew: parsed.new === true,
  }),
  async run(context, options) {
    const { io, server } = context
    const purse = options.isNew ? await openPurse(io, server) : await existingPurse(io, server)
    const changes = options.limits.map((text) => changeOf(text, options.currency))
    const { jeon, before } = await opened(context, purse, options.isNew)
    if (changes.length === 0) {
      show(context, before)
      return 0
    }
    const pocket = before.pockets.find(({ currency }) => currency === options.currency)
    const limits = mergedLimits(pocket?.limits ?? [], changes)
    show(context, await jeon.wallet.setLimits(options.currency, limits))
    return 0
  },
}

/** The wallet as it is. One that the server no longer knows is replaced when a new one was asked for. */
async function opened(
  context: Context,
  purse: PurseEntry,
  isNew: boolean,
): Promise<{ readonly jeon: Jeon; readonly before: Wallet }> {
  const jeon = clientFor(context.server, purse.token)
  try {
    return { jeon, before: await jeon.wallet.get() }
  } catch (error) {
    if (!isNew || !(error instanceof JeonProblem) || error.status !== 401) throw error
    const { token } = await replacePurse(context.io, context.server)
    const fresh = clientFor(context.server, token)
    return { jeon: fresh, before: await fresh.wallet.get() }
  }
}

interface LimitChange {
  readonly per: NewLimit['per']
  /** Undefined removes the limit. */
  readonly amountMax: string | undefined
}

function changeOf(text: string, currency: string): LimitChange {
  const [, per, amount] = /^(payment|day|month)=(.+)$/.exec(text) ?? []
  if (per !== 'payment' && per !== 'day' && per !== 'month') {
    throw new CliFailure('usage', `${text} is not a limit in ${currency}.`, {
      hint: 'Write payment=1000, day=50000 or month=none.',
      next: 'jeon wallet --help',
      exitCode: 2,
    })
  }
  if (amount === 'none') return { per, amountMax: undefined }
  const parsed = moneyFromJson({ amount, currency })
  if (parsed.ok && amount !== undefined) return { per, amountMax: amount }
  throw new CliFailure('usage', `${amount} is not an amount in ${currency}.`, { exitCode: 2 })
}

/** The limits as they are, with the changed ones replaced; the server takes the whole list. */
function mergedLimits(limits: readonly Limit[], changes: readonly LimitChange[]): NewLimit[] {
  const changed = new Set(changes.map(({ per }) => per))
  const kept = limits.flatMap((limit): NewLimit[] => {
    const { per, scope } = limit
    if (per !== 'payment' && per !== 'day' && per !== 'month') return []
    if (scope !== 'all' && scope !== 'merchant' && scope !== 'category') return []
    if (scope === 'all' && changed.has(per)) {
      return limit.countMax === undefined ? [] : [{ per, scope, countMax: limit.countMax }]
    }
    return [
      {
        per,
        scope,
        ...(limit.category === undefined ? {} : { category: limit.category }),
        ...(limit.amountMax === undefined ? {} : { amountMax: limit.amountMax }),
        ...(limit.countMax === undefined ? {} : { countMax: limit.countMax }),
      },
    ]
  })
  const merged: NewLimit[] = [...kept]
  for (const { per, amountMax } of changes) {
    if (amountMax === undefined) continue
    const at = merged.findIndex((limit) => limit.per === per && limit.scope === 'all')
    if (at < 0) merged.push({ per, scope: 'all', amountMax })
    else merged[at] = { ...merged[at], per, amountMax }
  }
  return merged
}

function show(context: Context, shown: Wallet): void {
  const { paints } = context
  const lines = [
    `${paints.bold('wallet')}  ${shown.id}  ${paints.dim(pursePath(context.io))}`,
    ...shown.pockets.flatMap((pocket) => pocketLines(context, pocket)),
    '',
    paints.dim(`page    ${context.server}/wallet`),
    paints.dim('next    jeon payments --follow'),
  ]
  context.print(lines.join('\n'), shown)
}

function pocketLines(context: Context, pocket: Pocket): readonly string[] {
  const money = (amount: string) => moneyText({ amount, currency: pocket.currency })
  const isHolding = Number(pocket.held) !== 0
  const held = isHolding ? `, and ${money(pocket.held)} is held until it is decided` : ''
  const counted = isHolding ? ', with what is held' : ''
  const spent = `today ${money(pocket.spentToday)}, this month ${money(pocket.spentThisMonth)}`
  return [
    '',
    `${context.paints.bold(pocket.currency)}     ${money(ownOf(pocket))}${held}`,
    `        ${spent}${counted}`,
    ...pocket.limits.flatMap((limit) => limitLines(limit, money)),
  ]
}

/** What is held is spent already, or only passes through to a phone bill: neither is there to be spent. */
function ownOf({ balance, held, currency }: Pocket): string {
  const all = moneyFromJson({ amount: balance, currency }, { sign: 'signed' })
  const taken = moneyFromJson({ amount: held, currency })
  if (!all.ok || !taken.ok) return balance
  return formatAmount(all.money.amount - taken.money.amount, all.money.asset)
}

const barWidth = 20

function limitLines(limit: Limit, money: (amount: string) => string): readonly string[] {
  const scope = limit.scope === 'all' ? '' : ` (${limit.category ?? limit.merchant ?? limit.scope})`
  const name = `${limit.per}${scope}`.padEnd(8)
  const resets = limit.resetsAt === undefined ? '' : `  until ${timeText(limit.resetsAt)}`
  const lines: string[] = []
  if (limit.amountMax !== undefined && limit.per === 'payment') {
    lines.push(`  ${name}      at most ${money(limit.amountMax)}`)
  } else if (limit.amountMax !== undefined) {
    // Only the length of a bar: a number is good enough, and the figures beside it are exact.
    const bar = barText(Number(limit.amountUsed) / Number(limit.amountMax), barWidth)
    lines.push(`  ${name}${bar}  ${money(limit.amountUsed)} of ${money(limit.amountMax)}${resets}`)
  }
  if (limit.countMax !== undefined) {
    const bar = barText(limit.countUsed / limit.countMax, barWidth)
    lines.push(`  ${name}${bar}  ${limit.countUsed} of ${limit.countMax} payments${resets}`)
  }
  return lines
}
