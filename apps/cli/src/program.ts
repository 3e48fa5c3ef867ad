import { Command, CommanderError } from 'commander'
import { bench } from './commands/bench.ts'
import { clockAdvance, clockFreeze, clockShow, clockThaw } from './commands/clock.ts'
import { completionFor } from './commands/completion.ts'
import { addCommand, type CommandSpec } from './commands/context.ts'
import { doctor } from './commands/doctor.ts'
import { ledgerVerify } from './commands/ledger.ts'
import {
  lineBills,
  lineCollect,
  lineHistory,
  lineInbox,
  lineLink,
  linePay,
  lineShow,
  lineUnlink,
} from './commands/line.ts'
import { lineBlock, lineUnblock } from './commands/line-blocks.ts'
import { lineDispute } from './commands/line-dispute.ts'
import { lineLimit } from './commands/line-limit.ts'
import { offers } from './commands/offers.ts'
import { pay } from './commands/pay.ts'
import { payments } from './commands/payments.ts'
import { wallet } from './commands/wallet.ts'
import { tellFailure } from './failure.ts'
import type { ExitCode, Io } from './io.ts'

/** Runs one command line; answers with its exit code and throws for nothing that was foreseen. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const program = buildProgram(io, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return isAsked(error) ? 0 : 2
    return tellFailure(io, error, args.includes('--json'))
  }
}

/** The whole command tree. */
export function buildProgram(io: Io, finish: (exitCode: ExitCode) => void): Command {
  const program = new Command('jeon')
    .description('Pay, watch, verify and measure from a terminal.')
    .version('0.1.0')
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(try --help)')
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      getOutHasColors: () => io.hasColor,
      getErrHasColors: () => io.hasColor,
    })
    .addHelpText('after', `\n${guide}`)

  const add = <Options>(parent: Command, spec: CommandSpec<Options>) =>
    addCommand(parent, io, finish, spec)
  add(program, pay)
  add(program, offers)
  add(program, wallet)
  add(program, payments)
  const line = program.command('line').description('a phone line behind this terminal’s wallet')
  add(line, lineShow)
  add(line, lineLink)
  add(line, lineUnlink)
  add(line, lineCollect)
  add(line, lineHistory)
  add(line, lineBlock)
  add(line, lineUnblock)
  add(line, lineLimit)
  add(line, lineDispute)
  add(line, lineBills)
  add(line, linePay)
  add(line, lineInbox)
  const clock = program.command('clock').description('show or move the sandbox’s time')
  add(clock, clockShow)
  add(clock, clockAdvance)
  add(clock, clockFreeze)
  add(clock, clockThaw)
  const ledger = program.command('ledger').description('look into the ledger')
  add(ledger, ledgerVerify)
  add(program, bench)
  add(program, doctor)
  add(
    program,
    completionFor(() => program),
  )
  return program
}

const guide = `Start here:
  $ jeon doctor                 what is missing, and the fix
  $ jeon offers                 what the sandbox sells
  $ jeon pay --offer article-1  the first payment makes a guest wallet
  $ jeon payments --follow      and this shows it arrive

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 outcome unknown (run it again).`

/** Whether help or the version was what was asked for. */
function isAsked(error: CommanderError): boolean {
  return ['commander.helpDisplayed', 'commander.version'].includes(error.code)
}
