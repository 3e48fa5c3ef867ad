/** What the platform says about one refusal, in one language. `{name}` is replaced by the value of that name. */
export interface ErrorText {
  readonly title: string
  readonly detail: string
  /** What to do about it. */
  readonly hint: string
}

/** One row of the error table. */
export interface ErrorEntry {
  readonly status: number
  /** Whether the same request, with the same key, may succeed later without being changed. */
  readonly retryable: boolean
  readonly en: ErrorText
  readonly ko: ErrorText
}

/** Title, detail and hint, in this order. */
type Texts = readonly [title: string, detail: string, hint: string]

/** A refusal that stays as it is until the request or the state of things changes. */
export function final(status: number, en: Texts, ko: Texts): ErrorEntry {
  return { status, retryable: false, en: textOf(en), ko: textOf(ko) }
}

/** A refusal that passes: send the same again, after `Retry-After` when there is one. */
export function passing(status: number, en: Texts, ko: Texts): ErrorEntry {
  return { status, retryable: true, en: textOf(en), ko: textOf(ko) }
}

function textOf([title, detail, hint]: Texts): ErrorText {
  return { title, detail, hint }
}
