import { JeonProblem } from '@jeon/sdk'
import { Option } from 'commander'
import { type Context, optionText } from '../commands/context.ts'
import { CliFailure } from '../io.ts'
import { fieldText } from '../sandbox.ts'
import { askLine, listOf } from './request.ts'

/** What a person shows to a carrier, as options of a command that is given twice: to begin, and to go through with it. */
export interface Shown {
  readonly proof: string | undefined
  readonly name: string | undefined
  readonly birthdate: string | undefined
  readonly code: string | undefined
  readonly password: string | undefined
}

/** The options behind {@link readShown}. */
export const shownOptions: readonly Option[] = [
  new Option('--proof <id>', 'the proof that was begun'),
  new Option('--name <name>', 'the owner’s name'),
  new Option('--birthdate <date>', 'the owner’s birthdate, as in 1990-05-01'),
  new Option('--code <digits>', 'the code from the message'),
  new Option('--password <digits>', 'the payment password of the line'),
]

export function readShown(parsed: Readonly<Record<string, unknown>>): Shown {
  return {
    proof: optionText(parsed, 'proof'),
    name: optionText(parsed, 'name'),
    birthdate: optionText(parsed, 'birthdate'),
    code: optionText(parsed, 'code'),
    password: optionText(parsed, 'password'),
  }
}

/**
 * Begins a proof, which sends a code where one is needed, and says how the command goes on.
 *
 * @param again - the command without what is shown: `jeon line unblock payer`
 */
export async function beginProof(
  context: Context,
  purpose: 'unblock' | 'raise',
  again: string,
): Promise<void> {
  const body = { purpose }
  const proof = await askLine(context, { method: 'POST', path: '/line/care/proofs', body })
  const needs = listOf(proof, 'needs').map((need) => `${need}`)
  const options = needs.flatMap((need) => optionsFor[need] ?? [])
  const hints = [
    ...(needs.includes('sms_code') ? ['jeon line inbox'] : []),
    ...(needs.includes('identity')
      ? ['name and birthdate: on the page of the phone companies that npm start prints (sandbox)']
      : []),
    `${again} --proof ${fieldText(proof, 'id') ?? ''} ${options.join(' ')}`,
  ]
  context.print(`It needs ${needs.join(', ')}.\n\nnext    ${hints.join('\n        ')}`, proof)
}

/** Gives what is shown to the proof that was begun. @returns its id, once it is complete */
export async function finishProof(context: Context, shown: Shown, again: string): Promise<string> {
  const { proof: id } = shown
  if (id === undefined) {
    throw new CliFailure('usage', 'What is shown belongs to a proof: begin one first.', {
      next: again,
      exitCode: 2,
    })
  }
  const proof = await give(context, id, givenBy(shown), again)
  if (proof.complete === true) return id
  const given = listOf(proof, 'given')
  const missing = listOf(proof, 'needs').filter((need) => !given.includes(need))
  throw new CliFailure('proof_incomplete', `Still missing: ${missing.join(', ')}.`, {
    next: `${again} --proof ${id} ${missing.flatMap((need) => optionsFor[`${need}`] ?? []).join(' ')}`,
  })
}

async function give(context: Context, id: string, body: object, again: string) {
  const path = `/line/care/proofs/${encodeURIComponent(id)}`
  try {
    return await askLine(context, { method: 'POST', path, body })
  } catch (error) {
    if (!(error instanceof JeonProblem) || !overCodes.includes(error.code)) throw error
    const { title, detail } = error
    throw new CliFailure(error.code, title, { hint: detail, next: again })
  }
}

const overCodes: readonly string[] = ['proof_unknown', 'proof_expired', 'not_found']

/** Whether anything is shown, or a proof was begun. */
export function isShowing(shown: Shown): boolean {
  return Object.values(shown).some((each) => each !== undefined)
}

const optionsFor: Readonly<Record<string, readonly string[]>> = {
  identity: ['--name …', '--birthdate …'],
  sms_code: ['--code …'],
  password: ['--password …'],
}

function givenBy({ name, birthdate, code, password }: Shown): object {
  return {
    ...(code === undefined ? {} : { sms_code: code }),
    ...(password === undefined ? {} : { password }),
    ...(name === undefined || birthdate === undefined ? {} : { identity: { name, birthdate } }),
  }
}
