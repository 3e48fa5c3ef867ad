import type {
  CareBill,
  CareEntry,
  CareLimits,
  CareLine,
  CareStanding,
  CareUsage,
  CareWindow,
} from '@jeon/camara'
import type { FakeCarrier } from './fake-carrier.ts'

/** What the stand-in says, in both languages. */
export const words = {
  consent: {
    ko: '휴대폰 소액결제 이용에 동의합니다.',
    en: 'I agree to purchases on my phone bill.',
  },
  blocks: {
    payer: {
      ko: '지금부터 이 회선의 모든 소액결제를 막습니다. 이미 한 결제는 청구서에 그대로 남습니다. 본인 확인을 거쳐 직접 풀 수 있습니다.',
      en: 'Stops every purchase on this line from now on. What was bought before stays on the bill. You can lift it yourself by proving who you are.',
    },
    permanent: {
      ko: '이 회선의 모든 소액결제를 영구히 막습니다. 풀려면 본인 확인을 거치고 더 오래 기다려야 합니다.',
      en: 'Stops every purchase on this line for good. To lift it you prove who you are and then wait longer.',
    },
    voucher: {
      ko: '상품권과 그처럼 현금화하기 쉬운 것만 막습니다. 다른 결제는 계속 됩니다.',
      en: 'Stops vouchers and the like, which are easily turned into cash. Everything else goes on.',
    },
    auto_pay: {
      ko: '자동 결제만 막습니다. 직접 하는 결제는 계속 됩니다.',
      en: 'Stops payments that repeat by themselves. What you buy yourself goes on.',
    },
    operator: { ko: '통신사가 소액결제를 막았습니다.', en: 'The carrier has stopped purchases.' },
    dormant: { ko: '오랫동안 쓰지 않아 막혔습니다.', en: 'Stopped because long unused.' },
    fraud: { ko: '부정 사용이 의심되어 멈췄습니다.', en: 'On hold because of suspected fraud.' },
  },
  heldBlock: { ko: '고객센터 114에 연락하세요.', en: 'Call 114.' },
  statement: {
    ko: '11월 21일 14:02  전일보  기사 묶음 12편  5,150원\n11월 22일 11:59  전일보  긴 읽을거리  3,500원\n\n합계 8,650원',
    en: '21 Nov 14:02  Daily  Twelve articles  5,150 won\n22 Nov 11:59  Daily  A long read  3,500 won\n\nTotal 8,650 won',
  },
  purposes: {
    unblock: { ko: '차단 해제', en: '차단 해제' },
    raise: { ko: '한도 상향', en: '한도 상향' },
    password: { ko: '결제 비밀번호 변경', en: '결제 비밀번호 변경' },
    consent: { ko: '소액결제 이용 동의', en: '소액결제 이용 동의' },
  },
  declinedBlock: {
    text: { ko: '직접 소액결제를 막아 두었습니다.', en: 'You have blocked payments on this line.' },
    remedy: { ko: '차단을 풀면 다시 살 수 있습니다.', en: 'Lift the block to buy again.' },
  },
  declinedLimit: {
    text: { ko: '이번 달 한도를 넘습니다.', en: 'This is more than is left of the month’s limit.' },
    remedy: {
      ko: '12월 1일에 새로 시작합니다. 그 전에는 한도를 올리거나 미리 납부하세요.',
      en: 'It starts over on 1 December; before that, raise the limit or pay early.',
    },
  },
  wrongFactor: { ko: '맞지 않습니다. 다시 확인하세요.', en: 'That is not right. Check it again.' },
  proofMissing: { ko: '본인 확인이 필요합니다.', en: 'A proof is needed.' },
  earlyPart: { ko: '이번 달 미리 납부', en: 'Paid early this month' },
  billPart: { ko: '청구서 납부', en: 'Bill paid' },
  states: {
    enabled: { ko: '소액결제를 쓸 수 있습니다.', en: 'Payments on this line work.' },
    no_consent: {
      ko: '소액결제 이용에 아직 동의하지 않았습니다.',
      en: 'You have not agreed to payments on this line yet.',
    },
    user_blocked: {
      ko: '직접 소액결제를 막았습니다.',
      en: 'You have blocked payments on this line.',
    },
    hard_blocked: { ko: '소액결제를 영구히 막았습니다.', en: 'Payments are blocked for good.' },
    limit_exhausted: { ko: '이번 달 한도를 모두 썼습니다.', en: 'This month’s limit is used up.' },
    arrears_blocked: {
      ko: '미납 요금이 있어 소액결제가 막혔습니다.',
      en: 'Payments are blocked because a bill is overdue.',
    },
    suspended: {
      ko: '미납으로 발신이 정지되었습니다.',
      en: 'Outgoing calls are suspended because a bill is overdue.',
    },
    fraud_hold: {
      ko: '부정 사용이 의심되어 소액결제를 멈췄습니다. 고객센터 114에 연락하세요.',
      en: 'Payments are on hold because something looked like fraud. Contact 114.',
    },
  },
  remedies: {
    user_blocked: {
      ko: '다시 쓰려면 본인 확인을 거쳐 차단을 푸세요.',
      en: 'To use them again, lift the block by proving who you are.',
    },
    limit_exhausted: {
      ko: '12월 1일에 한도가 새로 시작됩니다. 그 전에는 한도를 올리거나 미리 납부하면 됩니다.',
      en: 'It starts anew on 1 December. Before that you can raise the limit or pay early.',
    },
    arrears_blocked: {
      ko: '가장 오래된 달을 납부하면 풀립니다.',
      en: 'Pay the oldest month and the block is lifted.',
    },
  },
} as const

/** A text in both languages. */
export type Pair = { readonly ko: string; readonly en: string }

export interface FakeOrder {
  readonly merchant: string
  readonly description: string
  readonly amount: number
  readonly category?: string
  readonly status?: string
}

export function entryOf(
  order: FakeOrder,
  made: Pick<CareEntry, 'id' | 'at' | 'reason'>,
): CareEntry {
  const isDeclined = made.reason !== null
  return {
    ...made,
    kind: isDeclined ? 'declined' : 'payment',
    amount: `${order.amount}`,
    currency: 'KRW',
    merchant: { id: order.merchant, name: order.merchant, contact: '02-1234-5678' },
    description: order.description,
    items: [],
    category: order.category ?? 'digital',
    bucket: 'general',
    status: isDeclined ? 'denied' : (order.status ?? 'succeeded'),
    refunded: '0',
    bill_cycle: isDeclined || order.status === 'reserved' ? null : '2026-11',
    dispute: null,
    can_dispute: !isDeclined,
  }
}

export function lineOf(carrier: FakeCarrier): CareLine {
  const { blocks } = words
  const state = carrier.state()
  const texts: Readonly<Partial<Record<string, Pair>>> = words.states
  const remedies: Readonly<Partial<Record<string, Pair>>> = words.remedies
  const remedy = remedies[state]
  return {
    phone_number: carrier.phoneNumber,
    carrier: { id: 'skt', name: 'SKT', contact: '114' },
    kind: 'postpaid',
    currency: 'KRW',
    zone: 'Asia/Seoul',
    profile_version: 'KR-2026-01',
    stage: carrier.stage,
    service: {
      state,
      text: carrier.say(texts[state] ?? words.states.enabled),
      remedy: remedy === undefined ? null : carrier.say(remedy),
    },
    blocks: carrier.blocks,
    block_choices: (['payer', 'permanent', 'voucher', 'auto_pay'] as const).map((kind) => ({
      kind,
      does: carrier.say(blocks[kind]),
    })),
    payment_password: 'set',
    unblock: { factors: ['identity', 'sms_code', 'password'], cooling_off_hours: 12, per_day: 1 },
    raise: {
      factors: ['sms_code', 'password'],
      cooling_off_hours: 0,
      consent_wording:
        carrier.language === 'ko'
          ? '소액결제 한도를 올리는 데 동의합니다.'
          : 'I agree to a higher limit for payments on my phone bill.',
    },
  }
}

const nextMonth = '2026-11-30T15:00:00.000Z'
const tomorrow = '2026-11-22T15:00:00.000Z'

export function usageOf(carrier: FakeCarrier): CareUsage {
  const used = carrier.used()
  const window = (
    per: CareWindow['per'],
    limit: number,
    spent: number,
    more?: Partial<CareWindow>,
  ): CareWindow => ({
    per,
    scope: 'all',
    of: null,
    limit: `${limit}`,
    used: `${spent}`,
    held: '0',
    available: `${Math.max(0, limit - spent)}`,
    resets_at: per === 'month' ? nextMonth : per === 'day' ? tomorrow : null,
    ...more,
  })
  const vouchers = carrier.entries
    .filter(({ kind, category }) => kind === 'payment' && category === 'voucher')
    .reduce((sum, { amount }) => sum + Number(amount), 0)
  const items = carrier.entries.filter(
    ({ kind, status }) => kind === 'payment' && status === 'succeeded',
  )
  return {
    at: carrier.now(),
    currency: 'KRW',
    cycle: '2026-11',
    buckets: [
      {
        bucket: 'general',
        windows: [
          window('payment', carrier.transactionLimit ?? 300_000, 0),
          window('day', carrier.monthLimit, Math.min(used, 18_000)),
          window('month', carrier.monthLimit, used, { held: `${carrier.held}` }),
          window('month', 100_000, vouchers, { scope: 'category', of: 'voucher' }),
        ],
        person: [window('month', 1_000_000, used + 42_000)],
      },
      { bucket: 'content', windows: [window('month', 300_000, 12_900)], person: [] },
    ],
    coming_bill: {
      amount: `${used}`,
      items: items.length,
      bill_on: '2026-12-01',
      due_on: '2026-12-25',
      paid_early: `${carrier.earlyPaid}`,
    },
    early_payment_frees: `${Math.min(used, 500_000)}`,
  }
}

export function limitsOf(carrier: FakeCarrier): CareLimits {
  const ceiling = { transaction: '1000000', day: '1000000', month: '1000000' }
  const { pendingMonth } = carrier
  const transaction = carrier.transactionLimit === null ? null : `${carrier.transactionLimit}`
  const personal = { transaction, day: null, month: `${carrier.monthLimit}` }
  const pending =
    pendingMonth === null
      ? null
      : { after: { ...personal, month: `${pendingMonth.limit}` }, effective_at: pendingMonth.at }
  return {
    currency: 'KRW',
    step: '10000',
    buckets: [
      { bucket: 'general', personal, ceiling, pending },
      {
        bucket: 'content',
        personal: { transaction: null, day: null, month: '300000' },
        ceiling,
        pending: null,
      },
    ],
    changes_left_today: 1,
  }
}

export function standingOf(carrier: FakeCarrier): CareStanding {
  const overdue = carrier.overdue()
  const oldest = carrier.bills.findLast(({ owed }) => owed !== '0')
  const isKorean = carrier.language === 'ko'
  const isSuspended = carrier.stage !== 'active'
  const steps = [
    ['blocked', '2026-10-28', '2026-11-04', '소액결제가 막힙니다.', 'Payments are blocked.'],
    [
      'outgoing_suspended',
      '2026-11-17',
      '2026-11-24',
      '거는 전화가 막힙니다.',
      'Outgoing calls stop.',
    ],
    [
      'fully_suspended',
      '2026-12-17',
      '2026-12-24',
      '받는 전화도 막힙니다.',
      'Incoming calls stop too.',
    ],
    ['terminated', '2027-01-16', '2027-01-23', '회선이 해지됩니다.', 'The line ends.'],
  ] as const
  return {
    at: carrier.now(),
    currency: 'KRW',
    owed: `${carrier.owed()}`,
    overdue: `${overdue}`,
    charged_off: `${carrier.chargedOff()}`,
    stage: overdue === 0 ? 'current' : isSuspended ? carrier.stage : 'blocked',
    ladder:
      overdue === 0
        ? []
        : steps.map(([stage, notice_on, on, ko, en]) => ({
            stage,
            notice_on,
            on,
            done: stage === 'blocked' || (isSuspended && stage === 'outgoing_suspended'),
            text: isKorean ? ko : en,
          })),
    paused: carrier.disputes.some(({ state }) => state === 'open')
      ? isKorean
        ? '이의 제기를 확인하는 동안에는 다음 단계로 가지 않습니다.'
        : 'Nothing follows while a dispute is looked into.'
      : null,
    restore:
      overdue === 0
        ? null
        : {
            pay: isSuspended ? `${overdue}` : (oldest?.owed ?? '0'),
            rule: isSuspended ? 'full_balance' : 'oldest_month',
            text: isKorean
              ? isSuspended
                ? '밀린 것을 모두 납부하면 전화가 다시 됩니다.'
                : '가장 오래된 달을 납부하면 바로 풀립니다.'
              : isSuspended
                ? 'Pay everything overdue and calls work again.'
                : 'Pay the oldest month and it is lifted at once.',
            enables_payments: !isSuspended,
          },
    consequences: steps.map(([stage, , , ko, en], index) => ({
      day: [10, 30, 60, 90][index] ?? 0,
      stage,
      text: isKorean ? ko : en,
    })),
    credit: '0',
  }
}

export function billOf(
  id: string,
  cycle: string,
  due_on: string,
  amounts: readonly number[],
  surcharge: number,
  { language }: FakeCarrier,
): CareBill {
  const total = amounts.reduce((sum, amount) => sum + amount, surcharge)
  const isLate = due_on < '2026-11-22'
  const merchants = ['전일보', '별빛게임즈', '모두의상품권']
  const item = (number: number, text: string, amount: number, merchant: string | undefined) => ({
    number,
    at: `${cycle}-${String(10 + number)}T05:00:00.000Z`,
    text,
    merchant:
      merchant === undefined ? null : { id: merchant, name: merchant, contact: '02-1234-5678' },
    payment_id: null,
    amount: `${amount}`,
    owed: `${amount}`,
  })
  return {
    id,
    cycle,
    made_on: `${due_on.slice(0, 8)}01`,
    due_on,
    state: isLate ? 'overdue_1' : 'open',
    currency: 'KRW',
    total: `${total}`,
    owed: `${total}`,
    charged_off: '0',
    tax_included: true,
    third_party: amounts.map((amount, index) =>
      item(
        index + 1,
        ['기사 묶음', '보석 100개', '문화 이용권'][index % 3] ?? '',
        amount,
        merchants[index % 3],
      ),
    ),
    surcharges:
      surcharge === 0
        ? []
        : [
            item(
              9,
              language === 'ko' ? '첫 미납 가산금 3%' : 'Surcharge of 3%, first missed due date',
              surcharge,
              undefined,
            ),
          ],
    credits: [],
    paid: '0',
    objection:
      language === 'ko'
        ? '이 청구에 이의가 있으면 114로 알려 주세요. 2주 안에 답합니다.'
        : 'Objections: call 114. You are answered within two weeks.',
  }
}
