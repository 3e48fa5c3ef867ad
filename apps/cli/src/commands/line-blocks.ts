import type { Fields } from '@jeon/sdk'
import { Argument } from 'commander'
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
import { zoneOf } from '../line/views.ts'
import { asFields, fieldText } from '../sandbox.ts'
import { timeText } from '../text.ts'
import type { CommandSpec, Context } from './context.ts'

export const lineBlock: CommandSpec<undefined> = {
  name: 'block',
  summary: 'block purchases on the line, at once',
  args: [
    new Argument('[kind]', 'what is stopped')
      .choices(['payer', 'permanent', 'voucher', 'auto_pay'])
      .default('payer'),
  ],
  examples: [
    ['jeon line block', 'nothing more can be bought until it is lifted'],
    ['jeon line block voucher', 'no vouchers; the rest goes on'],
  ],
  read: () => undefined,
  async run(context, _options, [kind = 'payer']) {
    const line = await askLine(context, {
      method: 'POST',
      path: '/line/care/blocks',
      body: { kind },
    })
    const block = objectsOf(line, 'blocks').find((each) => each.kind === kind)
    context.print(
      `${fieldText(block, 'does') ?? 'Blocked.'}\n\nnext    jeon line unblock ${kind}`,
      line,
    )
    return 0
  },
}

export const lineUnblock: CommandSpec<Shown> = {
  name: 'unblock',
  summary: 'lift a block, and with it all that are yours to lift: begins, then asks for proof',
  args: [new Argument('[kind]', 'which block').default('payer')],
  options: shownOptions,
  examples: [
    ['jeon line unblock', 'begins: says what is needed, sends a code where one is'],
    [
      'jeon line unblock --proof proof_… --name … --birthdate … --code … --password 135790',
      'gives it, and lifts the block',
    ],
  ],
  read: readShown,
  async run(context, shown, [kind = 'payer']) {
    const { id, liftsAt, zone } = await blockOf(context, kind)
    if (liftsAt !== undefined && !isShowing(shown)) {
      const text = `An unblock was granted already: it holds from ${timeText(liftsAt, zone)} on.`
      context.print(text, { id, lifts_at: liftsAt })
      return 0
    }
    const again = `jeon line unblock ${kind}`
    if (!isShowing(shown)) {
      await beginProof(context, 'unblock', again)
      return 0
    }
    const proof = await finishProof(context, shown, again)
    const path = `/line/care/blocks/${encodeURIComponent(id)}/lift`
    const lifted = await orBeginAnew(again, () =>
      askLine(context, { method: 'POST', path, body: { proof } }),
    )
    context.print(`${liftedText(context, lifted)}\n\nnext    jeon line show`, lifted)
    return 0
  },
}

/** Which blocks the proof lifts and from when, and what still holds, with its reason. */
function liftedText({ paints }: Context, lifted: Fields): string {
  const zone = zoneOf(asFields(lifted.line))
  const time = (row: Fields) => timeText(fieldText(row, 'lifts_at') ?? '', zone)
  return [
    ...objectsOf(lifted, 'lifted').map(
      (row) => `${paints.good('✓')} ${blockName(row)} is lifted from ${time(row)} on.`,
    ),
    ...objectsOf(lifted, 'remaining').map(
      (row) => `${paints.warn('!')} ${blockName(row)} stays. ${fieldText(row, 'why')}`,
    ),
  ].join('\n')
}

const blockNames: Readonly<Record<string, string>> = {
  payer: 'Your block',
  permanent: 'Your permanent block',
  voucher: 'The block of vouchers',
  auto_pay: 'The block of recurring payments',
  operator: 'The carrier’s block',
  dormant: 'The block of an unused line',
  fraud: 'The block of a check',
}

function blockName(row: Fields): string {
  const kind = fieldText(row, 'kind') ?? ''
  return blockNames[kind] ?? `The block ${kind}`
}

interface Found {
  readonly id: string
  /** From when on it is lifted, if that was granted. */
  readonly liftsAt: string | undefined
  readonly zone: string | undefined
}

/** The line's block of that kind. */
async function blockOf(context: Context, kind: string): Promise<Found> {
  if (blockNames[kind] === undefined) {
    throw new CliFailure('usage', `${kind} is no kind of block.`, {
      hint: `There are: ${Object.keys(blockNames).join(', ')}.`,
      next: 'jeon line show',
      exitCode: 2,
    })
  }
  const line: Fields = await askLine(context, { path: '/line/care/line' })
  const block = objectsOf(line, 'blocks').find((each) => each.kind === kind)
  const id = fieldText(block, 'id')
  if (id !== undefined) return { id, liftsAt: fieldText(block, 'lifts_at'), zone: zoneOf(line) }
  const service = asFields(line.service)
  const state = fieldText(service, 'state')
  if (state !== 'enabled' && objectsOf(line, 'blocks').length === 0) {
    throw new CliFailure('block_missing', `The line has no block of the kind ${kind}.`, {
      hint: [fieldText(service, 'text'), fieldText(service, 'remedy')].join(' ').trim(),
      next: 'jeon line show',
    })
  }
  const kinds = objectsOf(line, 'blocks').flatMap((each) => fieldText(each, 'kind') ?? [])
  const [first] = kinds
  throw new CliFailure('block_missing', `The line has no block of the kind ${kind}.`, {
    hint: first === undefined ? 'It is not blocked.' : `It has: ${kinds.join(', ')}.`,
    next: first === undefined ? 'jeon line show' : `jeon line unblock ${first}`,
  })
}
