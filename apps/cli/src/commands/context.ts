import { type Argument, Command, type Option } from 'commander'
import type { ExitCode, Io, Paints } from '../io.ts'
import { paintsFor } from '../io.ts'
import { serverFor } from '../sandbox.ts'

/** What every command is given. */
export interface Context {
  readonly io: Io
  readonly server: string
  readonly isJson: boolean
  readonly paints: Paints
  /** Prints for people, or, with --json, for programs: one of the two and never both. */
  print(text: string, json: unknown): void
}

/** A command's work; what it returns is the exit code. */
export type Run<Options> = (
  context: Context,
  options: Options,
  args: readonly string[],
) => Promise<ExitCode>

/** A command before it is put into the tree. */
export interface CommandSpec<Options> {
  readonly name: string
  readonly summary: string
  readonly args?: readonly Argument[]
  readonly options?: readonly Option[]
  /** Command lines with what each does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[]
  /** Reads what commander parsed. */
  readonly read: (parsed: Readonly<Record<string, unknown>>) => Options
  readonly run: Run<Options>
}

/** Puts a command into the tree, with the options that all of them have. */
export function addCommand<Options>(
  parent: Command,
  io: Io,
  finish: (exitCode: ExitCode) => void,
  spec: CommandSpec<Options>,
): Command {
  const command = new Command(spec.name)
    .description(spec.summary)
    .option('--json', 'print JSON on stdout and nothing else')
    .option('--server <url>', 'the platform (default: $JEON_SERVER or http://localhost:4242)')
    .addHelpText('after', examplesText(spec.examples))
  for (const argument of spec.args ?? []) command.addArgument(argument)
  for (const option of spec.options ?? []) command.addOption(option)
  command.copyInheritedSettings(parent)
  command.action(async () => {
    const parsed: Readonly<Record<string, unknown>> = command.opts()
    const isJson = parsed.json === true
    const context: Context = {
      io,
      server: serverFor(io, optionText(parsed, 'server')),
      isJson,
      paints: paintsFor(io.hasColor && !isJson),
      print: (text, json) => io.out(isJson ? `${JSON.stringify(json)}\n` : `${text}\n`),
    }
    finish(await spec.run(context, spec.read(parsed), command.args))
  })
  parent.addCommand(command)
  return command
}

/** An option's text. */
export function optionText(
  parsed: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const option = parsed[name]
  return typeof option === 'string' ? option : undefined
}

function examplesText(examples: CommandSpec<unknown>['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, meaning]) => `  $ ${line.padEnd(width)}  ${meaning}`)
  return `\nExamples:\n${lines.join('\n')}`
}
