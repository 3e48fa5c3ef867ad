/**
 * The table of magic numbers: which lines the sandbox has and what each is for. The last two digits mean the same at
 * every carrier. `GET /sandbox/numbers` and the sandbox's page show this table; nothing else decides by a number.
 */
import type { Ceiling } from '@jeon/billing'
import type { FaultName } from '../faults/model.ts'
import type { BlockKind, CarrierId } from '../model.ts'
import { errorRows } from './magic-errors.ts'

/** The payment password of every line that the sandbox opens. */
export const SANDBOX_PASSWORD = '135790'

/** How a line of the table is opened. What is missing is ordinary: an adult, long a customer, who consented. */
export interface MagicFacts {
  readonly name: string
  /** Whole years at the time of opening. (Default: 34) */
  readonly age?: number
  /** (Default: postpaid) */
  readonly kind?: 'prepaid' | 'corporate'
  /** Days since the line was opened. (Default: 1,500) */
  readonly openedDaysAgo?: number
  /** (Default: true) */
  readonly consent?: false
  readonly guardianConsent?: true
  /** The owner's own limits, in won. (Default: the market's) */
  readonly limit?: Ceiling
  /** A line of the person who owns this number. */
  readonly sameOwnerAs?: string
  /** (Default: false) */
  readonly paused?: true
  /** Has a bill of the month before last that was not paid. */
  readonly inArrears?: true
  /** Unused for longer than the market allows. */
  readonly dormant?: true
  /** Hours since the SIM was changed. (Default: long ago) */
  readonly simHoursAgo?: number
  readonly deviceHoursAgo?: number
  /** The network itself cannot vouch for the device. (Default: it can) */
  readonly offNetwork?: true
  readonly block?: BlockKind
  /** (Default: ko) */
  readonly language?: 'en'
}

export interface MagicNumber {
  /** The last two digits. */
  readonly digits: string
  readonly means: { readonly ko: string; readonly en: string }
  readonly facts: MagicFacts
  /** What the carrier does wrong, on purpose, with this number; `null`: nothing. */
  readonly fault: FaultName | null
}

/** Before the last two digits. */
const prefixes: Readonly<Record<CarrierId, string>> = {
  skt: '+8210200000',
  kt: '+8210300000',
  lgu: '+8210500000',
}

/** @returns undefined for a carrier that has no magic numbers */
export function magicPhoneNumber(carrier: CarrierId, digits: string): string | undefined {
  const prefix = prefixes[carrier]
  return prefix === undefined ? undefined : prefix + digits
}

/** The row of a phone number; undefined: an ordinary number. */
export function magicOf(phoneNumber: string): MagicNumber | undefined {
  const digits = phoneNumber.slice(-2)
  const isMagic = Object.values(prefixes).some((prefix) => prefix + digits === phoneNumber)
  return isMagic ? byDigits.get(digits) : undefined
}

const generous: Ceiling = { transaction: '600000', day: '600000', month: '600000' }

const lines: readonly MagicNumber[] = [
  line('01', '성인, 월 한도 60만 원', 'An adult with 600,000 won a month', {
    name: '김지언',
    limit: generous,
  }),
  line('02', '01과 같은 사람의 둘째 회선', 'The second line of the owner of 01', {
    name: '김지언',
    limit: generous,
    sameOwnerAs: '01',
  }),
  line('03', '성인, 기본 한도', 'An adult with the usual limit', { name: '이서준' }),
  line('04', '15세, 보호자 동의 있음', 'Aged 15, with a guardian’s consent', {
    name: '박하린',
    age: 15,
    guardianConsent: true,
  }),
  line('05', '15세, 보호자 동의 없음', 'Aged 15, without a guardian’s consent', {
    name: '최도윤',
    age: 15,
  }),
  line('06', '선불 회선', 'A prepaid line', { name: '정유나', kind: 'prepaid' }),
  line('07', '법인 회선', 'A corporate line', { name: '주식회사 한결', kind: 'corporate' }),
  line('08', '일시 정지된 회선', 'Paused by its owner', { name: '강민재', paused: true }),
  line('09', '요금 연체 중', 'In arrears: a bill is overdue', { name: '조수아', inArrears: true }),
  line('10', '소액결제에 동의하지 않음', 'Never consented to payments', {
    name: '윤지호',
    consent: false,
  }),
  line('11', '1년 넘게 쓰지 않아 차단됨', 'Unused for over a year', {
    name: '장은우',
    dormant: true,
  }),
  line('12', '어제 가입', 'Joined yesterday', { name: '임채원', openedDaysAgo: 1 }),
  line('13', '두 달 전 가입', 'Joined two months ago', { name: '한시우', openedDaysAgo: 61 }),
  line('14', '한 시간 전 유심 변경', 'The SIM was changed an hour ago', {
    name: '오지안',
    simHoursAgo: 1,
  }),
  line('15', '한 시간 전 기기 변경', 'The device was changed an hour ago', {
    name: '서하준',
    deviceHoursAgo: 1,
  }),
  line('16', '월 한도 1만 원', 'A limit of 10,000 won a month', {
    name: '신예린',
    limit: { month: '10000' },
  }),
  line('17', '와이파이만 사용: 망 인증 불가', 'On Wi-Fi only: the network cannot vouch', {
    name: '권태오',
    offNetwork: true,
  }),
  line('18', '영구 차단됨', 'Blocked permanently by its owner', {
    name: '황소율',
    block: 'permanent',
  }),
  line('19', '문자를 영어로 받음', 'Reads English messages', { name: 'Alex Kim', language: 'en' }),
]

const names = ['안재이', '송다온', '류건우', '홍나은', '문이준', '배서아', '노현우', '양지유']

/** For everybody: nothing special about them. */
const ordinary: readonly MagicNumber[] = Array.from({ length: 20 }, (_, index) =>
  index < 10
    ? line(String(20 + index), '평범한 회선', 'An ordinary line', nameAt(index))
    : line(String(20 + index), '첫 결제를 해 볼 회선', 'An ordinary line for first purchases', {
        ...nameAt(index),
        limit: generous,
      }),
)

const faults: readonly MagicNumber[] = [
  fault('40', 'slow', '응답이 느림', 'Answers slowly'),
  fault(
    '41',
    'timeout_after_accepting',
    '승인한 뒤 응답하지 않음',
    'Accepts, then does not answer',
  ),
  fault(
    '42',
    'timeout_before_accepting',
    '승인하지 않고 응답하지 않음',
    'Neither accepts nor answers',
  ),
  fault('43', 'duplicate_events', '알림을 두 번 보냄', 'Sends each event twice'),
  fault('44', 'late_events', '알림을 늦게 보냄', 'Sends events late'),
  fault('45', 'out_of_order_events', '알림 순서가 뒤바뀜', 'Sends events out of order'),
  fault('46', 'asynchronous', '나중에 승인함', 'Accepts later: processing first'),
  fault('47', 'asynchronous_denied', '나중에 거절함', 'Denies later: processing first'),
  fault('48', 'needs_code', '문자 인증번호가 필요함', 'Asks for a code by SMS'),
  fault('49', 'needs_url', '통신사 화면에서 확인이 필요함', 'Asks for the carrier’s own page'),
  fault('50', 'confirm_denied', '확정을 거절함', 'Denies when confirmed'),
  fault('51', 'prepare_denied', '예약을 거절함', 'Denies when prepared'),
  fault('52', 'refund_denied', '환불을 거절함', 'Denies refunds'),
  ...['53', '54', '55', '56', '57', '58', '59'].map((digits) =>
    line(digits, '평범한 회선', 'An ordinary line', nameAt(Number(digits))),
  ),
]

const errors: readonly MagicNumber[] = errorRows.map(([digits, code]) => ({
  ...fault(digits, `error:${code}`, `오류 ${code}`, `Fails with ${code}`),
}))

/** Every magic number, in the order of its digits. */
export const magicNumbers: readonly MagicNumber[] = [...lines, ...ordinary, ...faults, ...errors]

const byDigits = new Map(magicNumbers.map((each) => [each.digits, each]))

function line(digits: string, ko: string, en: string, facts: MagicFacts): MagicNumber {
  return { digits, means: { ko, en }, facts, fault: null }
}

function fault(digits: string, name: FaultName, ko: string, en: string): MagicNumber {
  const facts = { ...nameAt(Number(digits)), limit: generous }
  return { digits, means: { ko, en }, facts, fault: name }
}

function nameAt(index: number): { readonly name: string } {
  return { name: names[index % names.length] ?? '안재이' }
}
