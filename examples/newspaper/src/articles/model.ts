/** The paper's two languages; Korean is the main one. */
export type Language = 'ko' | 'en'

export type Section = 'local' | 'science' | 'history' | 'column'

/** One article, as the desk hands it in. */
export interface Article {
  /** Also the id of the offer that opens it. */
  readonly id: string
  readonly section: Section
  readonly price: { readonly amount: string; readonly currency: 'KRW' | 'USD' }
  /** How long it takes to read. */
  readonly minutes: number
  readonly text: Readonly<Record<Language, ArticleText>>
}

export interface ArticleText {
  readonly title: string
  /** The line under the title. */
  readonly deck: string
  readonly byline: string
  /** What the drawing shows. */
  readonly caption: string
  /** The first paragraph: free, and the only one that is in the page before payment. */
  readonly teaser: string
  /** Heads the paid part. */
  readonly heading: string
  /** The paid part, a paragraph each. */
  readonly body: readonly string[]
}
