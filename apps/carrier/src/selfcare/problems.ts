import type { CareFactor, CareProblem } from '@jeon/camara'
import type { Language } from '../language.ts'
import { type CareProblemCode, careProblems, fieldWords, thingWords } from './problem-texts.ts'
import { filledText } from './view.ts'

/**
 * The language that a person asked for.
 *
 * @param otherwise - the carrier's own, where it is known which. (Default: Korean, the sandbox's)
 */
export function languageOf(
  acceptLanguage: string | undefined,
  otherwise: Language = 'ko',
): Language {
  for (const part of (acceptLanguage ?? '').slice(0, 200).split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase()
    if (tag === 'ko' || tag === 'en') return tag
  }
  return otherwise
}

/** An expected refusal, as a value. */
export interface CareRefusal {
  readonly refused: CareProblemCode
  /** What replaces `{name}` in the texts. */
  readonly values?: Readonly<Record<string, string>>
  /** Where a proof is needed: what it has to show. */
  readonly factors?: readonly CareFactor[]
}

/** Makes a {@link CareRefusal}. */
export function refuse(
  code: CareProblemCode,
  values?: Readonly<Record<string, string>>,
): CareRefusal {
  return { refused: code, ...(values === undefined ? {} : { values }) }
}

/** Refuses because it is not shown yet who is asking. */
export function refuseProof(
  code: 'proof_missing' | 'proof_incomplete',
  factors: readonly CareFactor[],
): CareRefusal {
  return { refused: code, factors }
}

/** Tells a refusal from a result. */
export function isRefusal(value: object): value is CareRefusal {
  return 'refused' in value
}

/** The refusal in words. */
export function problemOf(
  { refused, values, factors }: CareRefusal,
  language: Language,
): CareProblem {
  const { status, ...texts } = careProblems[refused]
  const { title, detail, hint } = texts[language]
  const what = values?.what === undefined ? undefined : thingWords[values.what]?.[language]
  const field = values?.field === undefined ? undefined : fieldWords[values.field]?.[language]
  const said = {
    ...values,
    ...(what === undefined ? {} : { what }),
    ...(field === undefined ? {} : { field }),
  }
  return {
    status,
    code: refused,
    title,
    detail: filledText(detail, said),
    hint: filledText(hint, said),
    ...(factors === undefined ? {} : { factors }),
  }
}

/** The refusal as application/problem+json. */
export function problemResponse(refusal: CareRefusal, language: Language): Response {
  const problem = problemOf(refusal, language)
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Content-Language': language,
      ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    },
  })
}
