import type { FakeLine } from './fake-line.ts'

const hourMs = 3_600_000

/** What a line may look like, for tests and for looking at the page. */
export const scenes: Readonly<Record<string, (fake: FakeLine) => void>> = {
  unlinked: (fake) => {
    fake.isLinked = false
  },
  'no-wallet': (fake) => {
    fake.hasWallet = false
  },
  empty: () => undefined,
  enabled: (fake) => boughtSomething(fake),
  exhausted: (fake) => {
    boughtSomething(fake)
    fake.carrier.buy({ merchant: '별빛게임즈', description: '보석 1,000개', amount: 263_350 })
    fake.carrier.buy({ merchant: '별빛게임즈', description: '보석 30개', amount: 3_000 })
  },
  blocked: (fake) => {
    boughtSomething(fake)
    fake.carrier.block('payer')
    fake.carrier.buy({ merchant: '전일보', description: '긴 읽을거리', amount: 500 })
  },
  'blocked-twice': (fake) => {
    boughtSomething(fake)
    for (const kind of ['payer', 'voucher', 'fraud'] as const) fake.carrier.block(kind)
  },
  lifting: (fake) => {
    boughtSomething(fake)
    for (const kind of ['payer', 'voucher'] as const) fake.carrier.block(kind)
    fake.carrier.lift(fake.carrier.blocks[0]?.id ?? '')
  },
  'own-money': (fake) => {
    boughtSomething(fake)
    fake.ownMoney = 8_500
    fake.ownHeld = 33_000
    fake.collection = { owed: 0, blocked: null }
  },
  waiting: (fake) => {
    boughtSomething(fake)
    fake.asking = 'url'
    fake.carrier.buy({
      merchant: '전일보',
      description: '공연 중계',
      amount: 10_000,
      status: 'pending_validation',
    })
  },
  'no-consent': (fake) => {
    fake.carrier.isConsented = false
    fake.carrier.consents = []
  },
  overdue: (fake) => {
    boughtSomething(fake)
    owing(fake)
  },
  'overdue-blocked': (fake) => {
    boughtSomething(fake)
    owing(fake)
    fake.carrier.stage = 'outgoing_suspended'
    fake.carrier.block('payer')
  },
  suspended: (fake) => {
    boughtSomething(fake)
    owing(fake)
    fake.carrier.stage = 'outgoing_suspended'
    fake.carrier.send(
      'dunning_step',
      '[SKT] 10월 요금 미납으로 발신이 정지되었습니다. 모두 납부하면 풀립니다.',
    )
  },
  'charged-off': (fake) => {
    boughtSomething(fake)
    const { carrier } = fake
    carrier.addBill('2026-03', '2026-04-25', [12_000, 3_300])
    const [lost] = carrier.bills
    if (lost !== undefined)
      Object.assign(lost, { state: 'charged_off', owed: '0', charged_off: lost.total })
  },
  disputed: (fake) => {
    boughtSomething(fake)
    const { carrier } = fake
    carrier.dispute(carrier.entries[0]?.id ?? '', '제가 하지 않은 결제입니다.', true)
  },
  'collection-blocked': (fake) => {
    boughtSomething(fake)
    fake.collection = { owed: 5_150, blocked: '이번 달 한도를 넘어 통신사가 받지 않았습니다.' }
  },
}

function boughtSomething({ carrier }: FakeLine): void {
  const now = carrier.nowMs
  carrier.nowMs = now - 20 * 24 * hourMs
  carrier.buy({
    merchant: '모두의상품권',
    description: '문화 상품권',
    amount: 10_000,
    category: 'voucher',
  })
  carrier.nowMs = now - 24 * hourMs
  carrier.buy({ merchant: '전일보', description: '기사 묶음 12편', amount: 5_150 })
  carrier.nowMs = now - 3 * hourMs
  carrier.buy({
    merchant: '별빛게임즈',
    description: '별빛 원정대 시즌 이용권과 보석 꾸러미',
    amount: 18_000,
    status: 'reserved',
  })
  carrier.held = 18_000
  carrier.nowMs = now - 60_000
  carrier.buy({ merchant: '전일보', description: '긴 읽을거리', amount: 3_500 })
  carrier.nowMs = now
  carrier.addBill('2026-09', '2026-12-25', [4_400, 9_900])
  const [paid] = carrier.bills
  if (paid === undefined) return
  Object.assign(paid, { state: 'paid', owed: '0', paid: paid.total, due_on: '2026-10-25' })
}

function owing({ carrier }: FakeLine): void {
  carrier.addBill('2026-09', '2026-10-25', [12_000, 3_300], 459)
  carrier.addBill('2026-10', '2026-11-25', [5_500, 21_000, 10_000])
  carrier.send(
    'dunning_notice',
    '[SKT] 9월 요금 15,759원이 미납입니다. 11월 24일에 발신이 정지됩니다.',
  )
}
