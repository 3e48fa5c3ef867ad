import type { Clock, ClockClient } from '@jeon/sdk'
import { Argument } from 'commander'
import { CliFailure } from '../io.ts'
import { withProgress } from '../progress.ts'
import { clientFor, operatorKey } from '../sandbox.ts'
import type { CommandSpec } from './context.ts'

type Move = (clock: ClockClient, by: string) => Promise<Clock>

export const clockShow = clockCommand('show', 'show the sandbox’s time', [], (clock) => clock.get())

export const clockAdvance = clockCommand(
  'advance',
  'move the sandbox’s time forward',
  [new Argument('<by>', 'how far: 40d, 2h, 30m, 10s')],
  (clock, by) => {
    if (!/^\d{1,6}[smhdw]$/.test(by)) {
      throw new CliFailure('usage', `${by} is not a span of time.`, {
        hint: 'Write 40d, 2h, 30m or 10s.',
        next: 'jeon clock advance 40d',
        exitCode: 2,
      })
    }
    return clock.advance(by)
  },
)

export const clockFreeze = clockCommand('freeze', 'stop the sandbox’s time', [], (clock) =>
  clock.freeze(),
)

export const clockThaw = clockCommand('thaw', 'let the sandbox’s time run again', [], (clock) =>
  clock.thaw(),
)

function clockCommand(
  name: string,
  summary: string,
  args: readonly Argument[],
  move: Move,
): CommandSpec<undefined> {
  const line = name === 'advance' ? 'jeon clock advance 40d' : `jeon clock ${name}`
  return {
    name,
    summary,
    args,
    examples: [[line, summary]],
    read: () => undefined,
    async run(context, _options, [by = '']) {
      const key = await operatorKey(context.io)
      const jeon = clientFor(context.server, key, { timeoutMs: 120_000 })
      const clock = await withProgress(context.io, 'moving the clock', () => move(jeon.clock, by))
      const state = clock.frozen ? 'frozen' : 'running'
      context.print(`${clock.now}  ${context.paints.dim(state)}`, clock)
      return 0
    },
  }
}
