import { type Check, runChecks } from '../checks.ts'
import type { CommandSpec, Context } from './context.ts'

export const doctor: CommandSpec<undefined> = {
  name: 'doctor',
  summary: 'say what is installed, reachable and wrong, and how to mend it',
  examples: [
    ['jeon doctor', 'one line for each thing that is needed'],
    ['jeon doctor --json', 'the same for a program'],
  ],
  read: () => undefined,
  async run(context) {
    const checks = await runChecks(context.io, context.server)
    const failed = checks.filter(({ state }) => state === 'fail')
    const lines = checks.flatMap((check) => checkLines(context, check))
    const end =
      failed.length === 0
        ? 'Nothing stands in the way.'
        : `${failed.length} ${failed.length === 1 ? 'thing has' : 'things have'} to be mended.`
    context.print([...lines, '', end].join('\n'), { ok: failed.length === 0, checks })
    return failed.length === 0 ? 0 : 1
  },
}

function checkLines({ paints }: Context, { name, state, found, fix }: Check): readonly string[] {
  const mark = { ok: paints.good('ok  '), warn: paints.warn('warn'), fail: paints.bad('fail') }[
    state
  ]
  const line = `${mark}  ${name.padEnd(10)}  ${found}`
  return fix === undefined ? [line] : [line, `${' '.repeat(18)}${paints.dim('fix')}  ${fix}`]
}
