import type { Language } from '../language.ts'

export interface LoginText {
  readonly title: string
  readonly why: string
  readonly phoneNumber: string
  readonly send: string
  readonly sent: string
  readonly code: string
  readonly password: string
  readonly confirm: string
  readonly cancel: string
  readonly gone: string
  readonly goneWhy: string
  readonly errors: {
    readonly code_wrong: string
    readonly code_over: string
    readonly password_wrong: string
    readonly password_locked: string
    readonly password_unset: string
    readonly too_many_codes: string
  }
}

/** What the page says on which an owner proves a line. */
export const loginTexts: Readonly<Record<Language, LoginText>> = {
  ko: {
    title: '회선 확인',
    why: '모바일 데이터로 접속하지 않아 자동으로 확인하지 못했습니다. 문자 인증번호와 결제 비밀번호로 확인합니다.',
    phoneNumber: '휴대폰 번호',
    send: '인증번호 받기',
    sent: '이 번호가 고객님의 회선이면 인증번호를 문자로 보냈습니다.',
    code: '인증번호',
    password: '결제 비밀번호',
    confirm: '확인',
    cancel: '취소',
    gone: '더 이상 유효하지 않습니다',
    goneWhy:
      '시간이 지났거나 다른 브라우저에서 시작한 요청입니다. 처음 화면에서 다시 시작해 주세요.',
    errors: {
      code_wrong: '인증번호가 맞지 않습니다.',
      code_over: '인증번호를 더 쓸 수 없습니다. 취소하고 다시 받아 주세요.',
      password_wrong: '결제 비밀번호가 맞지 않습니다.',
      password_locked: '결제 비밀번호를 여러 번 틀려 잠겼습니다. 셀프케어에서 다시 설정해 주세요.',
      password_unset: '결제 비밀번호가 없습니다. 셀프케어에서 먼저 설정해 주세요.',
      too_many_codes: '인증번호를 너무 자주 요청했습니다. 잠시 뒤에 다시 해 주세요.',
    },
  },
  en: {
    title: 'Confirm your line',
    why: 'You are not on mobile data, so your line could not be recognised by itself. A code by SMS and your payment password will do.',
    phoneNumber: 'Phone number',
    send: 'Send a code',
    sent: 'If this number is your line, a code is on its way to it.',
    code: 'Code',
    password: 'Payment password',
    confirm: 'Confirm',
    cancel: 'Cancel',
    gone: 'No longer valid',
    goneWhy:
      'It took too long, or began in another browser. Please start again where you came from.',
    errors: {
      code_wrong: 'That is not the code.',
      code_over: 'This code cannot be used any more. Cancel and ask for another.',
      password_wrong: 'That is not the payment password.',
      password_locked:
        'The payment password is locked after too many tries. Set it anew in self-care.',
      password_unset: 'There is no payment password yet. Set one in self-care first.',
      too_many_codes: 'Too many codes were asked for. Please try again later.',
    },
  },
}
