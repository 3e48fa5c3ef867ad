import { type Fields, JeonProblem } from '@jeon/sdk'
import { Argument, Option } from 'commander'
import { CliFailure } from '../io.ts'
import {
  beginProof,
  finishProof,
  isShowing,
  orBeginAnew,
  readShown,
  type Shown,
  shownOptions,
} from '../line/proof.ts'
import { askLine, objectsOf } from '../line/request.ts'
import { careMoney, zoneOf } from '../line/views.ts'
import { asFields, fieldText } from '../sandbox.ts'
import { timeText } from '../text.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

interface LimitOptions {
  readonly bucket: string
  readonly isAgreed: boolean
  readonly shown: Shown
}

export const lineLimit: CommandSpec<LimitOptions> = {
  name: 'limit',
  summary: 'the line’s own limits: down at once, up with consent and a proof',
  args: [new Argument('[limits...]', 'month=200000, day=50000, payment=none')],
  options: [
    new Option('--bucket <name>', 'general, or content for what is bought in apps')
      .choices(['general', 'content'])
      .default('general'),
    new Option('--consent', 'you agree to a higher limit'),
    ...shownOptions,
  ],
  examples: [
    ['jeon line limit', 'shows them, and how high they may be'],
    ['jeon line limit month=100000', 'lowers one: holds at once'],
    ['jeon line limit month=400000 --consent', 'begins to raise one: says what is needed'],
    [
      'jeon line limit month=400000 --consent --proof proof_… --code … --password 135790',
      'and raises it',
    ],
  ],
  read: (parsed) => ({
    bucket: optionText(parsed, 'bucket') ?? 'general',
    isAgreed: parsed.consent === true,
    shown: readShown(parsed),
  }),
  async run(context, { bucket, isAgreed, shown }, wishes) {
    if (wishes.length === 0) {
      const [line, limits] = await Promise.all([
        askLine(context, { path: '/line/care/line' }),
        askLine(context, { path: '/line/care/limits' }),
      ])
      context.print(limitsText(limits, zoneOf(line)), limits)
      return 0
    }
    const again = [
      'jeon line limit',
      ...wishes,
      ...(bucket === 'general' ? [] : ['--bucket', bucket]),
      '--consent',
    ].join(' ')
    const wish = Object.assign({ bucket }, ...wishes.map(wishOf))
    const proof = isShowing(shown) ? await finishProof(context, shown, again) : undefined
    const body = {
      ...wish,
      ...(isAgreed ? { consent: true } : {}),
      ...(proof === undefined ? {} : { proof }),
    }
    const changed = await change(context, body, again)
    if (changed === undefined) return 0
    const line = await askLine(context, { path: '/line/care/line' })
    const at = timeText(fieldText(changed, 'effective_at') ?? '', zoneOf(line))
    const head = changed.raises === true ? `Granted. It holds from ${at} on.` : 'It holds now.'
    context.print(`${head}\n\n${limitsText(asFields(changed.limits) ?? {}, zoneOf(line))}`, changed)
    return 0
  },
}

/** Undefined when it is a raise and its proof was only begun. */
async function change(context: Context, body: object, again: string): Promise<Fields | undefined> {
  try {
    return await orBeginAnew(again, () =>
      askLine(context, { method: 'PUT', path: '/line/care/limits', body }),
    )
  } catch (error) {
    if (!(error instanceof JeonProblem)) throw error
    if (error.code === 'consent_missing') {
      const raise = asFields((await askLine(context, { path: '/line/care/line' })).raise)
      throw new CliFailure('consent_missing', 'A higher limit needs your consent.', {
        hint: `--consent says: ${fieldText(raise, 'consent_wording') ?? 'I agree.'}`,
        next: again,
      })
    }
    if (error.code !== 'proof_missing') throw error
    await beginProof(context, 'raise', again)
    return undefined
  }
}

/** The wire's name of each limit. */
const names: Readonly<Record<string, string>> = {
  payment: 'transaction',
  day: 'day',
  month: 'month',
}

function wishOf(text: string): Readonly<Record<string, string | null>> {
  const [, per = '', amount = ''] =
    /^(payment|day|month)=(\d{1,15}(?:\.\d{1,3})?|none)$/.exec(text.replaceAll(',', '')) ?? []
  const name = names[per]
  if (name !== undefined) return { [name]: amount === 'none' ? null : amount }
  throw new CliFailure('usage', `${text} is not a limit.`, {
    hint: 'Write payment=10000, day=50000 or month=none.',
    next: 'jeon line limit --help',
    exitCode: 2,
  })
}

function limitsText(limits: Fields, zone: string | undefined): string {
  const { currency } = limits
  const money = (fields: Fields | undefined, name: string) =>
    fieldText(fields, name) === undefined ? 'none' : careMoney({ ...fields, currency }, name)
  const ofBucket = (own: Fields): readonly string[] => {
    const [personal, ceiling] = [asFields(own.personal), asFields(own.ceiling)]
    const pending = asFields(own.pending)
    const rows = Object.entries(names).map(([per, name], index) => {
      const title = index === 0 ? (fieldText(own, 'bucket') ?? '') : ''
      const most =
        fieldText(ceiling, name) === undefined ? '' : `  (at most ${money(ceiling, name)})`
      return `${title.padEnd(10)}${per.padEnd(9)}${money(personal, name).padStart(10)}${most}`
    })
    if (pending === undefined) return rows
    const at = timeText(fieldText(pending, 'effective_at') ?? '', zone)
    const after = asFields(pending.after)
    const parts = Object.entries(names).map(([per, name]) => `${per} ${money(after, name)}`)
    return [...rows, `${''.padEnd(10)}from ${at} on: ${parts.join(', ')}`]
  }
  const left = typeof limits.changes_left_today === 'number' ? limits.changes_left_today : 0
  return [
    ...objectsOf(limits, 'buckets').flatMap(ofBucket),
    '',
    `steps of ${money(limits, 'step')}; lower at any time, raises left today: ${left}`,
  ].join('\n')
}
