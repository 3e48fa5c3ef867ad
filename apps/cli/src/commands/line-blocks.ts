import type { Fields } from '@jeon/sdk'
import { Argument, Option } from 'commander'
import { CliFailure } from '../io.ts'
import { askLine, listOf, objectsOf } from '../line/request.ts'
import { asFields, fieldText } from '../sandbox.ts'
import { type CommandSpec, type Context, optionText } from './context.ts'

export const lineBlock: CommandSpec<undefined> = {
  name: 'block',
  summary: 'block purchases on the line, at once',
  args: [new Argument('[kind]', 'payer, permanent, voucher or auto_pay').default('payer')],
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

interface UnblockOptions {
  readonly proof: string | undefined
  readonly name: string | undefined
  readonly birthdate: string | undefined
  readonly code: string | undefined
  readonly password: string | undefined
}

export const lineUnblock: CommandSpec<UnblockOptions> = {
  name: 'unblock',
  summary: 'lift a block: first without options, then with what it asks for',
  args: [new Argument('[kind]', 'which block').default('payer')],
  options: [
    new Option('--proof <id>', 'the proof that was begun'),
    new Option('--name <name>', 'the owner’s name'),
    new Option('--birthdate <date>', 'the owner’s birthdate, as in 1990-05-01'),
    new Option('--code <digits>', 'the code from the message'),
    new Option('--password <digits>', 'the payment password of the line'),
  ],
  examples: [
    ['jeon line unblock', 'begins: says what is needed, sends a code'],
    [
      'jeon line unblock --proof proof_… --name … --birthdate … --code … --password 135790',
      'gives it, and lifts the block',
    ],
  ],
  read: (parsed) => ({
    proof: optionText(parsed, 'proof'),
    name: optionText(parsed, 'name'),
    birthdate: optionText(parsed, 'birthdate'),
    code: optionText(parsed, 'code'),
    password: optionText(parsed, 'password'),
  }),
  async run(context, options, [kind = 'payer']) {
    const block = await blockOf(context, kind)
    if (options.proof === undefined) {
      if (Object.keys(givenBy(options)).length === 0) return begin(context, kind)
      throw new CliFailure('usage', 'What is shown belongs to a proof: begin one first.', {
        next: `jeon line unblock ${kind}`,
        exitCode: 2,
      })
    }
    const proof = await askLine(context, {
      method: 'POST',
      path: `/line/care/proofs/${encodeURIComponent(options.proof)}`,
      body: givenBy(options),
    })
    if (proof.complete !== true) {
      const missing = listOf(proof, 'needs').filter(
        (need) => !listOf(proof, 'given').includes(need),
      )
      throw new CliFailure('proof_incomplete', `Still missing: ${missing.join(', ')}.`, {
        next: `jeon line unblock ${kind} --proof ${options.proof} …`,
      })
    }
    const lifted = await askLine(context, {
      method: 'POST',
      path: `/line/care/blocks/${encodeURIComponent(block)}/lift`,
      body: { proof: options.proof },
    })
    context.print(`The block is lifted from ${fieldText(lifted, 'lifts_at') ?? 'now'} on.`, lifted)
    return 0
  },
}

async function begin(context: Context, kind: string): Promise<0> {
  const proof = await askLine(context, {
    method: 'POST',
    path: '/line/care/proofs',
    body: { purpose: 'unblock' },
  })
  const options = listOf(proof, 'needs').flatMap((need) => optionsFor[`${need}`] ?? [])
  const id = fieldText(proof, 'id') ?? ''
  const needsCode = listOf(proof, 'needs').includes('sms_code')
  const hint = needsCode ? 'jeon line inbox' : 'name and birthdate: http://localhost:4250 (sandbox)'
  context.print(
    `Lifting it needs ${listOf(proof, 'needs').join(', ')}.\n\nnext    ${hint}\n        jeon line unblock ${kind} --proof ${id} ${options.join(' ')}`,
    proof,
  )
  return 0
}

const optionsFor: Readonly<Record<string, readonly string[]>> = {
  identity: ['--name …', '--birthdate …'],
  sms_code: ['--code …'],
  password: ['--password …'],
}

function givenBy({ name, birthdate, code, password }: UnblockOptions): object {
  return {
    ...(code === undefined ? {} : { sms_code: code }),
    ...(password === undefined ? {} : { password }),
    ...(name === undefined || birthdate === undefined ? {} : { identity: { name, birthdate } }),
  }
}

/** The id of the block of that kind that the owner can lift. */
async function blockOf(context: Context, kind: string): Promise<string> {
  const line: Fields = await askLine(context, { path: '/line/care/line' })
  const block = objectsOf(line, 'blocks').find((each) => each.kind === kind)
  const id = fieldText(block, 'id')
  if (id !== undefined) return id
  const kinds = objectsOf(line, 'blocks').flatMap((each) => fieldText(asFields(each), 'kind') ?? [])
  throw new CliFailure('block_missing', `The line has no block of the kind ${kind}.`, {
    hint: kinds.length === 0 ? 'It is not blocked.' : `It has: ${kinds.join(', ')}.`,
    next: 'jeon line show',
  })
}
