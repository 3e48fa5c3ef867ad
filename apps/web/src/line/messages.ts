import { filledText, type Language } from '../language.ts'
import { en } from './english.ts'
import { ko } from './korean.ts'

/** The name of a text of the line's page. */
export type LineMessageKey = keyof typeof en

/** Both languages, for the test that they say the same things. */
export const lineMessages: Readonly<Record<Language, Readonly<Record<LineMessageKey, string>>>> = {
  ko,
  en,
}

/** A text in a language, with `{name}` replaced. */
export function lineText(
  language: Language,
  key: LineMessageKey,
  values?: Readonly<Record<string, string>>,
): string {
  return filledText(lineMessages[language][key], values)
}
