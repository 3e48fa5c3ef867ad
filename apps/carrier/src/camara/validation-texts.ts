import type { Language } from '../language.ts'

export interface ValidationText {
  readonly title: string
  readonly merchant: string
  readonly contact: string
  readonly what: string
  readonly code: string
  readonly password: string
  readonly approve: string
  readonly deny: string
  readonly note: string
  readonly done: string
  readonly doneWhy: string
  readonly denied: string
  readonly deniedWhy: string
  readonly over: string
  readonly overWhy: string
  readonly errors: {
    readonly code_wrong: string
    readonly code_over: string
    readonly password_wrong: string
    readonly password_locked: string
    readonly password_unset: string
  }
}

/** What the page says on which a payer approves a payment. */
export const validationTexts: Readonly<Record<Language, ValidationText>> = {
  ko: {
    title: '결제 확인',
    merchant: '가맹점',
    contact: '연락처',
    what: '상품',
    code: '문자 인증번호',
    password: '결제 비밀번호',
    approve: '결제하기',
    deny: '결제하지 않기',
    note: '다음 달 통신 요금과 함께 청구됩니다. 요청하지 않은 결제라면 "결제하지 않기"를 눌러 주세요.',
    done: '결제를 승인했습니다',
    doneWhy: '이 창을 닫고 가맹점 화면으로 돌아가세요.',
    denied: '결제하지 않았습니다',
    deniedWhy: '청구되는 금액이 없습니다. 이 창을 닫아도 됩니다.',
    over: '더 이상 유효하지 않습니다',
    overWhy: '시간이 지났거나 이미 끝난 결제입니다. 청구되는 금액이 없습니다.',
    errors: {
      code_wrong: '인증번호가 맞지 않습니다.',
      code_over: '인증번호를 더 쓸 수 없습니다. 가맹점에서 결제를 다시 시작해 주세요.',
      password_wrong: '결제 비밀번호가 맞지 않습니다.',
      password_locked: '결제 비밀번호를 여러 번 틀려 잠겼습니다. 셀프케어에서 다시 설정해 주세요.',
      password_unset: '결제 비밀번호가 없습니다. 셀프케어에서 먼저 설정해 주세요.',
    },
  },
  en: {
    title: 'Confirm the payment',
    merchant: 'Merchant',
    contact: 'Contact',
    what: 'For',
    code: 'Code by SMS',
    password: 'Payment password',
    approve: 'Pay',
    deny: 'Do not pay',
    note: 'It will be on next month’s phone bill. If you did not ask for it, press “Do not pay”.',
    done: 'The payment is approved',
    doneWhy: 'You can close this window and go back to the merchant.',
    denied: 'Nothing was paid',
    deniedWhy: 'You will not be charged. You can close this window.',
    over: 'No longer valid',
    overWhy: 'It took too long, or is settled already. Nothing will be charged by this page.',
    errors: {
      code_wrong: 'That is not the code.',
      code_over:
        'This code cannot be used any more. Please start the payment again at the merchant.',
      password_wrong: 'That is not the payment password.',
      password_locked:
        'The payment password is locked after too many tries. Set it anew in self-care.',
      password_unset: 'There is no payment password yet. Set one in self-care first.',
    },
  },
}
