import type { RefusalCode, Unknown } from '@jeon/ledger'
import type { AmountCode, WireCode } from '@jeon/money'
import { authErrors, requestErrors } from './auth/errors.ts'
import { carrierErrors } from './carriers/errors.ts'
import type { ErrorEntry } from './error-entry.ts'
import { holdErrors } from './holds/errors.ts'
import { offerErrors } from './offers/errors.ts'
import { moneyErrors, paymentErrors } from './payments/errors.ts'
import { railErrors } from './rails/errors.ts'

/**
 * The one table of everything this platform refuses. It makes the problem of every reply, the page /docs/errors and
 * GET /v1/errors. A code of the ledger or of money that is missing here does not compile.
 */
export const errors = {
  ...requestErrors,
  ...authErrors,
  ...offerErrors,
  ...moneyErrors,
  ...paymentErrors,
  ...holdErrors,
  ...carrierErrors,
  ...railErrors,
} as const satisfies Record<RefusalCode | Unknown['code'] | AmountCode | WireCode, ErrorEntry>

/** A stable code; never renamed. */
export type ErrorCode = keyof typeof errors

/** Every code, in the order of the table. */
export const errorCodes: readonly ErrorCode[] = Object.keys(errors).filter(isErrorCode)

/** Whether a text is one of the codes. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errors, text)
}

export type Language = 'en' | 'ko'

/** An expected refusal, as a value. */
export interface Refusal {
  readonly refused: ErrorCode
  /** Which field, header or parameter it is about. */
  readonly param?: string
  /** What replaces `{name}` in the table's texts. */
  readonly values?: Readonly<Record<string, string>>
  /** Further members of the problem. */
  readonly extras?: Readonly<Record<string, unknown>>
  readonly retryAfterS?: number
}

/** Makes a {@link Refusal}. */
export function refuse(code: ErrorCode, more?: Omit<Refusal, 'refused'>): Refusal {
  return { refused: code, ...more }
}

/** Tells a refusal from a result. */
export function isRefusal(value: object): value is Refusal {
  return 'refused' in value
}

/** An RFC 9457 problem, as it goes over the wire as application/problem+json. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly param?: string
  readonly retryable: boolean
  readonly hint: string
  readonly doc_url: string
  readonly request_id: string
}

/** Where a refusal is shown: in which language, for which request, with which server's documentation. */
export interface ProblemContext {
  readonly language: Language
  readonly requestId: string
  readonly publicUrl: string
}

/** The problem of a refusal. Extras come after the standard members and never replace them. */
export function problemOf(refusal: Refusal, context: ProblemContext): Problem {
  const entry: ErrorEntry = errors[refusal.refused]
  const text = entry[context.language]
  const values = { param: refusal.param ?? '', ...refusal.values }
  const docUrl = `${context.publicUrl}/docs/errors#${refusal.refused}`
  return {
    ...refusal.extras,
    type: docUrl,
    title: text.title,
    status: entry.status,
    detail: filled(text.detail, values) ?? text.title,
    code: refusal.refused,
    ...(refusal.param === undefined ? {} : { param: refusal.param }),
    retryable: entry.retryable,
    hint: filled(text.hint, values) ?? text.title,
    doc_url: docUrl,
    request_id: context.requestId,
  }
}

/** Undefined when the text asks for a value that is not there: half a sentence helps nobody. */
function filled(text: string, values: Readonly<Record<string, string>>): string | undefined {
  if (!text.includes('{')) return text
  let complete = true
  const result = text.replaceAll(/\{([a-z]+)\}/g, (_whole, name: string) => {
    const value = values[name]
    if (value === undefined) complete = false
    return value ?? ''
  })
  return complete ? result : undefined
}
