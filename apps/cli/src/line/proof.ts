import { type Fields, JeonProblem } from '@jeon/sdk'
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
    birthdate: dateOf(optionText(parsed, 'birthdate')),
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
  context.print(`It needs ${needsText(needs)}.\n\nnext    ${hints.join('\n        ')}`, proof)
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
  const path = `/line/care/proofs/${encodeURIComponent(id)}`
  const proof = await orBeginAnew(again, () =>
    askLine(context, { method: 'POST', path, body: givenBy(shown) }),
  )
  if (proof.complete === true) return id
  const given = listOf(proof, 'given')
  const missing = listOf(proof, 'needs').filter((need) => !given.includes(need))
  throw new CliFailure('proof_incomplete', `Still missing: ${needsText(missing)}.`, {
    next: `${again} --proof ${id} ${missing.flatMap((need) => optionsFor[`${need}`] ?? []).join(' ')}`,
  })
}

/**
 * Asks something that a proof is given to or used for. One that is over, used or unknown is begun anew.
 *
 * @param again - the command that begins one
 */
export async function orBeginAnew(again: string, ask: () => Promise<Fields>): Promise<Fields> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof JeonProblem) || !overCodes.includes(error.code)) throw error
    const { code, title, detail } = error
    throw new CliFailure(code, title, { hint: detail, next: again })
  }
}

/** The carrier's codes of a proof, or of its code by SMS, that nothing more can be given to. */
const overCodes: readonly string[] = ['proof_not_found', 'code_expired']

/** What a proof needs, for people: `the code from the message and the payment password`. */
export function needsText(needs: readonly unknown[]): string {
  const names = needs.map((need) => needNames[`${need}`] ?? `${need}`)
  return new Intl.ListFormat('en', { style: 'long' }).format(names)
}

const needNames: Readonly<Record<string, string>> = {
  sms_code: 'the code from the message',
  password: 'the payment password',
  identity: 'the owner’s name and birthdate',
}

/** Whether anything is shown, or a proof was begun. */
export function isShowing(shown: Shown): boolean {
  return Object.values(shown).some((each) => each !== undefined)
}

const optionsFor: Readonly<Record<string, readonly string[]>> = {
  identity: ['--name …', '--birthdate …'],
  sms_code: ['--code …'],
  password: ['--password …'],
}

function dateOf(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined
  const time = new Date(`${typed}T00:00:00Z`)
  const isDate = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(typed)
  if (isDate && /^\d{4}-\d\d-\d\d$/.test(typed)) return typed
  throw new CliFailure('usage', `--birthdate ${typed} is not a date.`, {
    hint: 'Write it as 1990-05-01.',
    exitCode: 2,
  })
}

function givenBy({ name, birthdate, code, password }: Shown): object {
  return {
    ...(code === undefined ? {} : { sms_code: code }),
    ...(password === undefined ? {} : { password }),
    ...(name === undefined || birthdate === undefined ? {} : { identity: { name, birthdate } }),
  }
}
