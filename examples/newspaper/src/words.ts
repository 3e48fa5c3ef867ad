import type { Language, Section } from './articles/model.ts'

/** What the paper itself says, besides its articles. */
export interface Words {
  readonly paper: string
  readonly other_paper: string
  readonly motto: string
  readonly wallet_action: string
  /** What can be spent beyond the wallet's own money; `{}` is the sum. */
  readonly credit_label: string
  readonly language_action: string
  readonly read_action: string
  readonly minutes: (minutes: number) => string
  readonly rest: (paragraphs: number, minutes: number) => string
  readonly more_title: string
  readonly front_action: string
  readonly skip_action: string
  readonly noscript_hint: string
  readonly missing_title: string
  readonly missing_text: string
  readonly footer: string
  readonly sections: Readonly<Record<Section, string>>
}

export const words: Readonly<Record<Language, Words>> = {
  ko: {
    paper: '전일보',
    other_paper: 'The Daily Jeon',
    motto: '한 편씩, 한 닢씩',
    wallet_action: '지갑',
    credit_label: '+ 휴대폰 요금 {}',
    language_action: 'English',
    read_action: '읽기',
    minutes: (minutes) => `읽는 데 ${minutes}분`,
    rest: (paragraphs, minutes) => `여기서부터 ${paragraphs}문단, ${minutes}분`,
    more_title: '오늘의 다른 글',
    front_action: '1면으로',
    skip_action: '본문으로 건너뛰기',
    noscript_hint: '이 글의 나머지는 자바스크립트를 켜면 읽을 수 있습니다.',
    missing_title: '그런 글은 싣지 않았습니다',
    missing_text: '주소가 바뀌었거나 처음부터 없던 글입니다.',
    footer: '전일보의 마을과 사람은 모두 지어낸 것입니다. 값은 글마다 다르고, 구독은 없습니다.',
    sections: { local: '마을', science: '과학', history: '역사', column: '칼럼' },
  },
  en: {
    paper: 'The Daily Jeon',
    other_paper: '전일보',
    motto: 'One story, one small coin',
    wallet_action: 'Wallet',
    credit_label: '+ {} on the phone bill',
    language_action: '한국어',
    read_action: 'Read',
    minutes: (minutes) => `${minutes} min read`,
    rest: (paragraphs, minutes) => `${paragraphs} more paragraphs, ${minutes} min`,
    more_title: 'Also in today’s paper',
    front_action: 'Front page',
    skip_action: 'Skip to the article',
    noscript_hint: 'Turn on JavaScript to read the rest of this article.',
    missing_title: 'We did not print that',
    missing_text: 'The address has changed, or there never was such an article.',
    footer:
      'Every village and villager in this paper is invented. Each story has its own price; there is no subscription.',
    sections: { local: 'Local', science: 'Science', history: 'History', column: 'Column' },
  },
}

/** Where a page is in a language: Korean at the root, English below /en. */
export function pathIn(language: Language, path: string): string {
  if (language === 'ko') return path
  return path === '/' ? '/en' : `/en${path}`
}

/** The paper's date: it is printed in Seoul. */
export function dateLine(nowMs: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    dateStyle: 'full',
    timeZone: 'Asia/Seoul',
  }).format(nowMs)
}

/** A price with every digit that matters; `Intl` alone would round the small ones to nothing. */
export function priceText({
  amount,
  currency,
}: {
  amount: string
  currency: 'KRW' | 'USD'
}): string {
  return (currency === 'KRW' ? '₩' : '$') + amount
}
