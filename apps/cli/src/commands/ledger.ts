import type { Fields } from '@jeon/sdk'
import { Option } from 'commander'
import { CliFailure } from '../io.ts'
import { type Progress, withProgress } from '../progress.ts'
import { asFields, clientFor, operatorKey } from '../sandbox.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

interface VerifyOptions {
  readonly database: string | undefined
}

export const ledgerVerify: CommandSpec<VerifyOptions> = {
  name: 'verify',
  summary: 'prove the ledger from its rows: sums, balances, numbering, hash chain',
  options: [new Option('--database <url>', 'read this database directly, without a server')],
  examples: [
    ['jeon ledger verify', 'ask the running server'],
    ['jeon ledger verify --database postgres://…', 'read the rows directly, changing nothing'],
  ],
  read: (parsed) => ({ database: optionText(parsed, 'database') }),
  async run(context, options) {
    const report = await withProgress(context.io, 'verifying', (progress) =>
      options.database === undefined
        ? askServer(context)
        : readDatabase(options.database, progress),
    )
    const problems = Array.isArray(report.problems) ? report.problems.map((text) => `${text}`) : []
    const isOk = report.ok === true && problems.length === 0
    const { paints } = context
    const head = isOk ? `${paints.good('✓')} clean` : `${paints.bad('✗')} not clean`
    const counts = Object.entries(report)
      .filter(([, count]) => ['number', 'string', 'bigint'].includes(typeof count))
      .map(([name, count]) => `  ${name.padEnd(12)}  ${count}`)
    const sums = Object.entries(asFields(report.sums) ?? {}).map(
      ([asset, sum]) => `  ${`sum ${asset}`.padEnd(12)}  ${sum}`,
    )
    const lines = [
      head,
      ...counts,
      ...sums,
      ...problems.map((text) => `  ${paints.bad('✗')} ${text}`),
    ]
    context.print(lines.join('\n'), JSON.parse(jsonWithBigints(report)))
    return isOk ? 0 : 1
  },
}

async function askServer(context: Context): Promise<Fields> {
  const key = await operatorKey(context.io)
  const jeon = clientFor(context.server, key, { timeoutMs: 30 * 60_000 })
  const call = { method: 'POST', path: '/v1/operator/verify', body: {} } as const
  return jeon.transport.ask(call, reportOf)
}

async function readDatabase(databaseUrl: string, progress: Progress): Promise<Fields> {
  // Loaded only here: every other command works without a database driver.
  const ledgerPackage = '@jeon/ledger'
  const ledger = asFields(await import(ledgerPackage))
  const verifyJournal = ledger?.verifyJournal
  if (typeof verifyJournal !== 'function') {
    throw new CliFailure(
      'verify_missing',
      'This build of the ledger cannot read a database alone.',
      {
        next: 'jeon ledger verify',
      },
    )
  }
  const onProgress = (step: unknown) => {
    const fields = asFields(step)
    const read = Number(fields?.transfers)
    const all = Number(fields?.of)
    const note = `${read} of ${all} transfers, shard ${fields?.shard}`
    progress.update(all > 0 ? read / all : undefined, note)
  }
  const report: unknown = await verifyJournal(databaseUrl, onProgress)
  return reportOf(report)
}

function reportOf(json: unknown): Fields {
  const report = asFields(json)
  if (typeof report?.ok === 'boolean') return report
  throw new CliFailure('report_malformed', 'The verification gave no report.', {
    next: 'jeon doctor',
  })
}

function jsonWithBigints(report: Fields): string {
  return JSON.stringify(report, (_name, field: unknown) =>
    typeof field === 'bigint' ? field.toString() : field,
  )
}
