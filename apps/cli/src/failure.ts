import { JeonProblem, JeonUnreachable } from '@jeon/sdk'
import { CliFailure, type ExitCode, type Io, paintsFor } from './io.ts'

/** What is said about a failure, by people's eyes and by programs alike. */
interface Told {
  readonly code: string
  readonly title: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly next: string | undefined
  readonly request_id: string | undefined
}

/** Says what went wrong and what to type next; answers with the exit code. */
export function tellFailure(io: Io, error: unknown, isJson: boolean): ExitCode {
  const told = toldOf(error)
  const exitCode = exitCodeOf(error)
  if (isJson) {
    io.out(`${JSON.stringify({ status: exitCode === 3 ? 'unknown' : 'failed', error: told })}\n`)
    return exitCode
  }
  const paints = paintsFor(io.hasColor && io.isTty)
  const mark = exitCode === 3 ? paints.warn('?') : paints.bad('✗')
  const lines = [
    `${mark} ${told.title}`,
    told.detail === undefined || told.detail === told.title ? '' : `  ${told.detail}`,
    told.hint === undefined ? '' : `  ${paints.dim('hint')}  ${told.hint}`,
    told.next === undefined ? '' : `  ${paints.dim('next')}  ${told.next}`,
    told.request_id === undefined ? '' : `  ${paints.dim(`request ${told.request_id}`)}`,
  ]
  io.err(`${lines.filter((line) => line !== '').join('\n')}\n`)
  return exitCode
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliFailure) return error.exitCode
  // What was typed is not in the form of such a thing, whoever noticed it.
  return error instanceof JeonProblem && error.code === 'field_invalid' ? 2 : 1
}

function toldOf(error: unknown): Told {
  if (error instanceof JeonProblem) {
    const { code, title, detail, requestId } = error
    // Its hint is for programs: the schema that a request has to follow.
    const hint = code === 'field_invalid' ? undefined : error.hint
    return { code, title, detail, hint, next: nextFor(code), request_id: requestId }
  }
  if (error instanceof JeonUnreachable) {
    return {
      code: error.reason,
      title: 'The platform does not answer.',
      detail: error.message,
      hint: 'Is it running? Another address is given by --server or $JEON_SERVER.',
      next: 'jeon doctor',
      request_id: undefined,
    }
  }
  if (error instanceof CliFailure) {
    const { code, message, hint, next } = error
    return { code, title: message, detail: undefined, hint, next, request_id: undefined }
  }
  return {
    code: 'failed',
    title: error instanceof Error ? error.message : `${error}`,
    detail: undefined,
    hint: undefined,
    next: 'jeon doctor',
    request_id: undefined,
  }
}

/** The command that most often helps. */
function nextFor(code: string): string {
  if (code === 'line_not_linked') return 'jeon line link +821020000001'
  if (/^(not_a_step|above_ceiling|changes_too_many)$/.test(code)) return 'jeon line limit'
  if (/^(nothing_owed|amount_(invalid|too_large))$/.test(code)) return 'jeon line show'
  if (code === 'field_invalid') return 'the same command with --help'
  if (/^(line|carrier|credit|proof|block|password|identity|unblock|in_arrears|dispute)/.test(code))
    return 'jeon line show'
  if (/funds|limit|window|balance/.test(code)) return 'jeon wallet'
  if (/offer/.test(code)) return 'jeon offers'
  if (/session|wallet/.test(code)) return 'jeon wallet --new'
  if (/key|operator|clock/.test(code)) return 'jeon doctor'
  return 'jeon payments'
}
