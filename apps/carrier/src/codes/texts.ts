import type { Language } from '../language.ts'
import type { CodePurpose } from './model.ts'

const purposes: Readonly<Record<CodePurpose, { readonly ko: string; readonly en: string }>> = {
  payment: { ko: '결제 확인', en: 'confirming a payment' },
  otp: { ko: '본인 확인', en: 'verification' },
  login: { ko: '회선 연결', en: 'linking your line' },
  unblock: { ko: '소액결제 차단 해제', en: 'unblocking payments' },
  raise: { ko: '한도 상향', en: 'raising a limit' },
  password: { ko: '결제 비밀번호 변경', en: 'changing the payment password' },
  consent: { ko: '소액결제 이용 동의', en: 'agreeing to payments' },
}

/** The carrier's own message with a code; `{{code}}` is where it goes. Says what for, and to tell it to nobody. */
export function codeText(carrierName: string, purpose: CodePurpose, language: Language): string {
  const what = purposes[purpose][language]
  return language === 'ko'
    ? `[${carrierName}] ${what} 인증번호는 {{code}}입니다. 다른 사람에게 알려 주지 마세요.`
    : `[${carrierName}] Your code for ${what} is {{code}}. Tell it to nobody.`
}
