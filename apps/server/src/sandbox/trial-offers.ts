/** What the sandbox's merchant sells through a phone line, to try each way that a purchase can go. */
export interface TrialOffer {
  readonly id: string
  readonly title: string
  /** In won. */
  readonly price: string
  /** A word of the market's rules. */
  readonly category: 'digital' | 'content' | 'voucher'
  readonly charge: 'each' | 'collected' | 'auto'
}

/** Who sells them: told when the sandbox is seeded. */
export class Trials {
  merchantId = ''
}

export const trialOffers: readonly TrialOffer[] = [
  {
    id: 'line-coins-3000',
    title: 'Coins · 코인',
    price: '3000',
    category: 'digital',
    charge: 'each',
  },
  {
    id: 'line-game-9900',
    title: 'Game pass · 게임 이용권',
    price: '9900',
    category: 'content',
    charge: 'each',
  },
  {
    id: 'line-webtoon-500',
    title: 'Webtoon episode · 웹툰 한 화',
    price: '500',
    category: 'digital',
    charge: 'collected',
  },
  {
    id: 'line-concert-33000',
    title: 'Concert stream · 공연 중계',
    price: '33000',
    category: 'digital',
    charge: 'auto',
  },
  {
    id: 'line-voucher-10000',
    title: 'Gift voucher · 상품권',
    price: '10000',
    category: 'voucher',
    charge: 'auto',
  },
  {
    id: 'line-voucher-50000',
    title: 'Gift voucher · 상품권',
    price: '50000',
    category: 'voucher',
    charge: 'auto',
  },
]
