/** What the carrier tells about a line and its owner, both ways. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CarrierWorld,
  numberOf,
  ORDINARY,
  openCarrierWorld,
  type Reply,
  WIFI,
} from './carrier-world.ts'
import { officialAbsent } from './official.ts'

describe.skipIf(officialAbsent)('identity', () => {
  let world: CarrierWorld

  beforeAll(async () => {
    world = await openCarrierWorld()
  })
  afterAll(() => world?.close())

  test('of the device is told to tokens of the network alone', async () => {
    const verify = '/number-verification/v2/verify'
    const token = await world.boundToken(ORDINARY)
    const right = await world.ask('POST', verify, { token, body: { phoneNumber: ORDINARY } })
    expect(right.json).toEqual({ devicePhoneNumberVerified: true })
    const hashedPhoneNumber = createHash('sha256').update(ORDINARY).digest('hex')
    const hashed = await world.ask('POST', verify, { token, body: { hashedPhoneNumber } })
    expect(hashed.json).toEqual({ devicePhoneNumberVerified: true })
    const wrong = await world.ask('POST', verify, { token, body: { phoneNumber: WIFI } })
    expect(wrong.json).toEqual({ devicePhoneNumberVerified: false })
    const share = '/number-verification/v2/device-phone-number'
    const shared = await world.ask('GET', share, { token })
    expect(shared.json).toEqual({ devicePhoneNumber: ORDINARY })
    for (const other of [await world.boundToken(WIFI), world.token]) {
      const refused = await world.ask('GET', share, { token: other })
      expect(codeOf(refused)).toBe(
        '403 NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK',
      )
    }
  })

  test('of the owner, the SIM, the device and the contract', async () => {
    const changed = numberOf('25')
    const ask = async (path: string, extra: object = {}) =>
      (await world.ask('POST', path, { body: { phoneNumber: changed, ...extra } })).json
    expect(await ask('/sim-swap/v2/check')).toEqual({ swapped: false })
    const line = await world.carriers.core.lines.byNumber('skt', changed)
    const hourAgo = world.carriers.clock.now() - 3_600_000
    await world.carriers.core.lines.setSimChanged(line?.id ?? '', hourAgo)
    await world.carriers.core.lines.setDeviceChanged(line?.id ?? '', hourAgo)
    expect(await ask('/sim-swap/v2/check', { maxAge: 2 })).toEqual({ swapped: true })
    expect(await ask('/sim-swap/v2/retrieve-date')).toEqual({
      latestSimChange: new Date(hourAgo).toISOString(),
    })
    expect(await ask('/device-swap/v1/check')).toEqual({ swapped: true })
    expect(await ask('/device-swap/v1/retrieve-date')).toEqual({
      latestDeviceChange: new Date(hourAgo).toISOString(),
    })
    expect(await ask('/kyc-age-verification/v0.2/verify', { ageThreshold: 19 })).toMatchObject({
      ageCheck: 'true',
    })
    expect(await ask('/kyc-age-verification/v0.2/verify', { ageThreshold: 90 })).toMatchObject({
      ageCheck: 'false',
    })
    expect(await ask('/kyc-tenure/v0.2/check-tenure', { tenureDate: '2020-01-01' })).toEqual({
      tenureDateCheck: true,
      contractType: 'PAYM',
    })
    const future = { phoneNumber: changed, tenureDate: '2999-01-01' }
    const early = await world.ask('POST', '/kyc-tenure/v0.2/check-tenure', { body: future })
    expect(codeOf(early)).toBe('400 OUT_OF_RANGE')
    expect(await ask('/subscription-status/v0.1/retrive-subscription-status')).toEqual({
      ...{ voiceSmsIn: 'active', voiceSmsOut: 'active', dataService: 'active' },
    })
    const { rows } = await world.carriers.pool.query(
      'select distinct api from carrier.inquiry where line_id = $1',
      [line?.id],
    )
    expect(rows).toHaveLength(5)
  })

  test('follows a line’s suspension', async () => {
    const phoneNumber = numberOf('23')
    const { lines } = world.carriers.core
    const line = await lines.byNumber('skt', phoneNumber)
    const path = '/subscription-status/v0.1/retrive-subscription-status'
    await lines.setStage(line?.id ?? '', 'outgoing_suspended')
    const outgoing = await world.ask('POST', path, { body: { phoneNumber } })
    expect(outgoing.json).toMatchObject({ voiceSmsIn: 'active', voiceSmsOut: 'suspended' })
    await lines.setStage(line?.id ?? '', 'fully_suspended')
    const fully = await world.ask('POST', path, { body: { phoneNumber } })
    expect(fully.json).toMatchObject({ voiceSmsIn: 'suspended', dataService: 'suspended' })
  })

  test('by a code that the client words', async () => {
    const otp = '/one-time-password-sms/v1'
    const message = '{{code}} is your code at Night Press'
    const phoneNumber = numberOf('24')
    const sent = await world.ask('POST', `${otp}/send-code`, { body: { phoneNumber, message } })
    expect(sent.status).toBe(200)
    const authenticationId = String(sent.json.authenticationId)
    const code = await world.code(phoneNumber)
    const validate = (given: string, id = authenticationId) =>
      world.ask('POST', `${otp}/validate-code`, { body: { authenticationId: id, code: given } })
    expect(codeOf(await validate('wrong'))).toBe('400 ONE_TIME_PASSWORD_SMS.INVALID_OTP')
    expect((await validate(code)).status).toBe(204)
    expect(codeOf(await validate(code))).toBe('400 ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED')
    expect(codeOf(await validate(code, 'nobody'))).toBe('404 NOT_FOUND')
  })
})

function codeOf({ status, json }: Pick<Reply, 'status' | 'json'>): string {
  return `${status} ${json.code}`
}
