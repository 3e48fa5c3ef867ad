/** A language in which carriers speak to people. */
export type Language = 'ko' | 'en'
