export type Language = 'ko' | 'en'

const keptAs = 'jeon.language'

/** A text with `{name}` replaced. */
export function filledText(text: string, values?: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => values?.[name] ?? whole)
}

/** What the address asks for (`?lang=en`), what was chosen before, or what the browser prefers. */
export function preferredLanguage(
  search: string,
  chosen: string | null,
  preferred: readonly string[],
): Language {
  for (const wish of [new URLSearchParams(search).get('lang'), chosen, ...preferred]) {
    if (wish?.startsWith('ko') === true) return 'ko'
    if (wish?.startsWith('en') === true) return 'en'
  }
  return 'ko'
}

/** The language that the pages were last read in. */
export function keptLanguage(): string | null {
  try {
    return localStorage.getItem(keptAs)
  } catch {
    return null
  }
}

/** Keeps the language, and tells the browser what it is reading. */
export function keepLanguage(language: Language, title: string): void {
  document.documentElement.lang = language
  document.title = title
  try {
    localStorage.setItem(keptAs, language)
  } catch {
    // Some browsers forbid storage; then the choice lasts as long as the page.
  }
}
