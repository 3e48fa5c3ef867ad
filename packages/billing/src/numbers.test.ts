import { describe, expect, test } from 'vitest'
import { internationalNumber } from './numbers.ts'
import { EU, GB, JP, KR } from './profiles.fixture.ts'
import { overriddenProfile } from './profiles.ts'

describe('a phone number as people write it', () => {
  const IT = overriddenProfile(EU, 'it', { numbers: { callingCode: '39', trunkPrefix: '' } })
  test.each([
    [KR, '010-2000-0001', '+821020000001'],
    [KR, '+82 10-2000-0001', '+821020000001'],
    [JP, '090-1234-5678', '+819012345678'],
    [GB, '07700 900123', '+447700900123'],
    [EU, '(0151) 234.567.89', '+4915123456789'],
    [IT, '347 123 4567', '+393471234567'],
    [IT, '+39 347 123 4567', '+393471234567'],
    [GB, '7700900123', '7700900123'],
    [GB, '', ''],
  ])('%#: %o', (profile, written, number) => {
    expect(internationalNumber(profile, written)).toBe(number)
  })
})
