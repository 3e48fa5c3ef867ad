import type { CareBlockKind, CareService } from '@jeon/camara'
import type { Rung } from '../dunning/model.ts'
import type { Language } from '../language.ts'

/** What self-care says in plain words. The same sentence for the same thing wherever it is shown. */
type Words = Readonly<Record<Language, string>>

/** What each block does, for the person who sets it or finds it. */
export const blockWords: Readonly<Record<CareBlockKind, Words>> = {
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
  operator: {
    ko: '통신사가 소액결제를 막았습니다.',
    en: 'The carrier has stopped purchases on this line.',
  },
  dormant: {
    ko: '오랫동안 쓰지 않아 소액결제가 자동으로 막혔습니다. 본인 확인을 거쳐 직접 풀 수 있습니다.',
    en: 'Purchases were stopped because they had not been used for long. You can lift it yourself by proving who you are.',
  },
  fraud: {
    ko: '부정 사용이 의심되어 소액결제를 멈췄습니다.',
    en: 'Purchases are on hold because something looked like fraud.',
  },
}

/** What the owner may set; the others are set by the carrier. */
export const choosableBlocks = ['payer', 'permanent', 'voucher', 'auto_pay'] as const

interface ServiceWords {
  readonly text: Words
  readonly remedy: Words | null
}

/** Whether payments work, why not, and what helps. `{contact}`, `{pay}` and `{until}` are replaced. */
export const serviceWords = {
  enabled: {
    text: { ko: '소액결제를 쓸 수 있습니다.', en: 'Payments on this line work.' },
    remedy: null,
  },
  no_consent: {
    text: {
      ko: '소액결제 이용에 아직 동의하지 않았습니다.',
      en: 'You have not agreed to payments on this line yet.',
    },
    remedy: {
      ko: '본인 확인 후 이용에 동의하면 바로 쓸 수 있습니다.',
      en: 'Prove who you are and agree to them: they work at once.',
    },
  },
  user_blocked: {
    text: { ko: '직접 소액결제를 막았습니다.', en: 'You have blocked payments on this line.' },
    remedy: {
      ko: '다시 쓰려면 본인 확인을 거쳐 차단을 푸세요.',
      en: 'To use them again, lift the block by proving who you are.',
    },
  },
  hard_blocked: {
    text: {
      ko: '소액결제를 영구히 막았습니다.',
      en: 'Payments on this line are blocked for good.',
    },
    remedy: {
      ko: '본인 확인을 거쳐 차단을 풀 수 있습니다. 풀리기까지 시간이 더 걸립니다.',
      en: 'You can lift the block by proving who you are; it takes effect only after a while.',
    },
  },
  limit_exhausted: {
    text: { ko: '이번 달 한도를 모두 썼습니다.', en: 'This month’s limit is used up.' },
    remedy: {
      ko: '{until}에 한도가 새로 시작됩니다. 그 전이라도 한도를 올리거나 미리 납부하면 됩니다.',
      en: 'It starts anew on {until}. Before that you can raise the limit or pay early.',
    },
  },
  arrears_blocked: {
    text: {
      ko: '미납 요금이 있어 소액결제가 막혔습니다.',
      en: 'Payments are blocked because a bill is overdue.',
    },
    remedy: {
      ko: '{pay}을 납부하면 풀립니다.',
      en: 'Pay {pay} and the block is lifted.',
    },
  },
  dormant_blocked: {
    text: {
      ko: '오랫동안 쓰지 않아 소액결제가 막혔습니다.',
      en: 'Payments are blocked because they were not used for long.',
    },
    remedy: {
      ko: '본인 확인을 거쳐 차단을 풀면 다시 쓸 수 있습니다.',
      en: 'Lift the block by proving who you are.',
    },
  },
  fraud_hold: {
    text: {
      ko: '부정 사용이 의심되어 소액결제를 멈췄습니다.',
      en: 'Payments are on hold because something looked like fraud.',
    },
    remedy: { ko: '고객센터 {contact}에 연락하세요.', en: 'Contact {contact}.' },
  },
  operator_blocked: {
    text: {
      ko: '통신사가 소액결제를 막았습니다.',
      en: 'The carrier has blocked payments on this line.',
    },
    remedy: { ko: '고객센터 {contact}에 연락하세요.', en: 'Contact {contact}.' },
  },
  not_eligible: {
    text: {
      ko: '이 회선은 지금 소액결제를 쓸 수 없습니다.',
      en: 'This line cannot use payments now.',
    },
    remedy: null,
  },
  suspended: {
    text: { ko: '미납으로 회선이 정지되었습니다.', en: 'The line is suspended for unpaid bills.' },
    remedy: {
      ko: '{pay}을 모두 납부하면 회선이 다시 열립니다.',
      en: 'Pay {pay} in full and the line works again.',
    },
  },
  terminated: {
    text: { ko: '회선이 해지되었습니다.', en: 'The line has been terminated.' },
    remedy: null,
  },
} as const satisfies Readonly<Record<CareService['state'], ServiceWords>>

/** Of a used-up limit where paying early makes no room. */
export const raiseAloneWords: Words = {
  ko: '{until}에 한도가 새로 시작됩니다. 그 전이라도 한도를 올리면 됩니다.',
  en: 'It starts anew on {until}. Before that you can raise the limit.',
}

/** What is meant while the line can still be called. */
export const outgoingSuspendedWords: Words = {
  ko: '미납으로 발신이 정지되었습니다. 전화와 문자를 받을 수는 있습니다.',
  en: 'Outgoing calls and messages are suspended for unpaid bills; the line can only receive.',
}

/** A block of the carrier's that its owner may lift: set when a suspended line was restored. */
export const afterSuspensionWords: Words = {
  ko: '정지되었던 회선이 다시 열렸습니다. 소액결제는 저절로 켜지지 않으며, 본인 확인을 거쳐 직접 켤 수 있습니다.',
  en: 'The line works again after its suspension. Payments do not come back by themselves; you can allow them by proving who you are.',
}

/** Every block that stops all payments has been granted its unblock. `{at}` is replaced. */
export const unblockPendingWords = {
  text: {
    ko: '차단 해제가 접수되었습니다. {at}부터 소액결제를 다시 쓸 수 있습니다.',
    en: 'An unblock was granted. Payments work again from {at}.',
  },
  remedy: {
    ko: '그때까지 기다리세요. 본인이 신청하지 않았다면 바로 다시 차단하세요.',
    en: 'Wait until then. If you did not ask for it, block payments again at once.',
  },
} as const satisfies Record<string, Words>

/** Why a block holds on after an unblock. `{contact}` is replaced. */
export const heldWords: Words = {
  ko: '통신사만 풀 수 있는 차단입니다. 고객센터 {contact}에 문의하세요.',
  en: 'Only the carrier can lift it. Contact {contact}.',
}

/** What agreeing means, kept with the consent. */
export const consentWords = {
  payments: {
    ko: '이 회선으로 산 것의 값을 다음 달 통신요금과 함께 내는 데 동의합니다. 언제든지 철회할 수 있습니다.',
    en: 'I agree that what is bought with this line is charged on next month’s phone bill. I can withdraw this at any time.',
  },
  guardian: {
    ko: '미성년 자녀가 이 회선으로 산 것의 값을 통신요금과 함께 내는 데 법정대리인으로서 동의합니다. 언제든지 철회할 수 있습니다.',
    en: 'As the guardian I agree that what my child buys with this line is charged on the phone bill. I can withdraw this at any time.',
  },
  limit_raise: {
    ko: '소액결제 한도를 올리는 데 동의합니다. 한도까지 쓴 금액은 다음 달 통신요금과 함께 청구됩니다.',
    en: 'I agree to raise the limit for payments. What is spent up to it is charged on next month’s phone bill.',
  },
} as const satisfies Record<string, Words>

/** What each step after a missed due date means. */
export const stageWords: Readonly<Record<Rung, Words>> = {
  notice: {
    ko: '미납을 알리는 문자를 보냅니다.',
    en: 'A message tells you that the bill is overdue.',
  },
  blocked: { ko: '소액결제가 막힙니다.', en: 'Payments on the line are blocked.' },
  outgoing_suspended: {
    ko: '전화와 문자를 보낼 수 없게 됩니다. 받을 수는 있습니다.',
    en: 'Calls and messages can no longer be made, only received.',
  },
  fully_suspended: {
    ko: '전화와 문자를 받을 수도 없게 됩니다.',
    en: 'Calls and messages can no longer be received either.',
  },
  terminated: {
    ko: '회선이 해지됩니다. 갚을 금액은 그대로 남습니다.',
    en: 'The line is terminated. What is owed stays owed.',
  },
}

/** What restores service. `{pay}` is replaced. */
export const restoreWords = {
  /** Overdue, but nothing is blocked yet. */
  preventing: {
    ko: '가장 오래된 청구서의 {pay}을 납부하면 다음 단계로 넘어가지 않습니다.',
    en: 'Pay {pay}, the oldest bill, and none of this follows.',
  },
  oldest_month: {
    ko: '가장 오래된 청구서의 {pay}을 납부하면 바로 풀립니다.',
    en: 'Pay {pay}, the oldest bill, and service is restored at once.',
  },
  full_balance: {
    ko: '{pay}을 모두 납부하면 회선이 다시 열립니다. 소액결제는 그 뒤에 직접 켜야 합니다.',
    en: 'Pay {pay} in full and the line works again. Payments stay off until you allow them.',
  },
  enabling: {
    ko: '{pay}을 모두 납부하면 회선과 소액결제가 다시 열립니다.',
    en: 'Pay {pay} in full and both the line and payments work again.',
  },
  /** Terminated: what is owed stays owed, and nothing restores it. */
  gone: {
    ko: '해지된 회선은 다시 열리지 않습니다. 남은 금액은 {pay}입니다.',
    en: 'A terminated line does not come back. {pay} is still owed.',
  },
} as const satisfies Record<string, Words>

export const pauseWords = {
  dispute: {
    ko: '이의 제기를 처리하는 동안 미납 절차가 멈춰 있습니다.',
    en: 'While your dispute is looked into, nothing further happens.',
  },
  relief: {
    ko: '채무조정을 진행하는 동안 미납 절차가 멈춰 있습니다.',
    en: 'While a debt relief plan runs, nothing further happens.',
  },
} as const satisfies Record<string, Words>

interface NamedSurcharge {
  /** Which missed due date it is for, counted from 1. */
  readonly missed: number
  /** Of what was not paid then; undefined where it is not known. */
  readonly percent: string | undefined
}

/** What a surcharge is called: `Late surcharge (3% of the unpaid sum)`. */
export function surchargeText({ missed, percent }: NamedSurcharge, language: Language): string {
  if (language === 'ko') {
    const name =
      missed > 2 ? `${missed}차 연체 가산금` : `${missed === 2 ? '추가 ' : ''}연체 가산금`
    return percent === undefined ? name : `${name}(미납액의 ${Number(percent)}%)`
  }
  const name =
    missed > 2 ? `Late surcharge no. ${missed}` : `${missed === 2 ? 'Second l' : 'L'}ate surcharge`
  return percent === undefined ? name : `${name} (${Number(percent)}% of the unpaid sum)`
}

/** Where a credit on a bill comes from. */
export const creditWords = {
  refund: { ko: '지난 결제의 환불', en: 'Refund of an earlier payment' },
  receipt: { ko: '더 낸 금액', en: 'Paid beyond what was owed' },
  early: { ko: '미리 낸 금액', en: 'Paid early' },
} as const satisfies Record<string, Words>

/** How to object, at the foot of a bill (Network Act art. 58). `{contact}` is replaced. */
export const objectionWords: Words = {
  ko: '청구 내용에 이의가 있으면 고객센터 {contact} 또는 이 화면에서 알려 주세요. 2주 안에 답변드립니다.',
  en: 'If you object to a charge, tell us here or at {contact}. You get an answer within two weeks.',
}

/** A request for a written statement (Network Act art. 58(2)). */
export const statementPendingWords: Words = {
  ko: '내역서를 준비하고 있습니다.',
  en: 'The statement is being prepared.',
}
