import { expect, test } from 'vitest'
import { reasonText } from './reasons.ts'

test('says what remains, and leaves out what is not known', () => {
  const detail = {
    limit: '300000',
    left: '12000',
    currency: 'KRW',
    zone: 'Asia/Seoul',
    resets_at: '2026-11-30T15:00:00.000Z',
  }
  const ko = reasonText('month_limit', detail, 'ko')
  expect(ko.text).toBe('이번 달 결제 한도(300,000원)를 초과합니다. 남은 한도: 12,000원')
  expect(ko.remedy).toContain('12월 1일에 한도가')
  const en = reasonText('month_limit', detail, 'en')
  expect(en.text).toBe('This passes the limit of KRW 300,000 for this month. Left: KRW 12,000')
  expect(en.remedy).toBe('Raise the limit. The limit begins anew on 1 December.')
  const freeing = reasonText('month_limit', { ...detail, frees: '500000' }, 'en').remedy
  expect(freeing).toContain('Paying early makes room again, up to KRW 500,000 a month.')
  expect(reasonText('month_limit', {}, 'en')).toEqual({
    text: 'This passes the limit for this month.',
    remedy: 'Raise the limit.',
  })
  expect(reasonText('second_factor_missing', { missing: 'sms_code,password' }, 'en').text).toBe(
    'This purchase needs more proof (code by SMS, payment password).',
  )
  expect(reasonText('amount_not_a_step', { step: '0.01', currency: 'GBP' }, 'en').text).toBe(
    'Amounts are charged in steps of GBP 0.01.',
  )
})
