import type { Language } from './errors.ts'

/** What of a request is looked at before its body, however it arrived. Header values are as they came. */
export interface RequestHead {
  readonly method: string
  /** Path without query. */
  readonly path: string
  readonly authorization: string | undefined
  readonly cookie: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly idempotencyKey: string | undefined
  readonly contentType: string | undefined
  readonly acceptLanguage: string | undefined
  readonly lastEventId: string | undefined
  readonly ip: string
}

/** The language that a person asked for. (Default: English) */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'en'
  for (const part of acceptLanguage.split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase()
    if (tag === 'ko' || tag === 'en') return tag
  }
  return 'en'
}
