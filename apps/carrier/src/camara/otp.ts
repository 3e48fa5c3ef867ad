import { otpSmsApi, sendCodeBody, validateCodeBody } from '@jeon/camara'
import type { Hono } from 'hono'
import type { Codes } from '../codes/service.ts'
import type { CallParts } from './call.ts'
import { otpWording } from './otp-message.ts'
import { apiRoutes } from './routes.ts'
import { refusal } from './statuses.ts'

export interface OtpParts extends CallParts {
  readonly codes: Codes
}

/**
 * One-time password SMS. `phoneNumber` is part of the body with every kind of token here; one that is bound to another
 * number may not use it.
 */
export function otpRoutes(parts: OtpParts): Hono {
  const { operations } = otpSmsApi
  return apiRoutes(parts, otpSmsApi, (on) => {
    on(operations.sendCode, sendCodeBody, async (call) => {
      const { phoneNumber, message } = call.body
      if (call.token.phoneNumber !== null && call.token.phoneNumber !== phoneNumber) {
        throw refusal('PERMISSION_DENIED', 'The token is bound to another phone number')
      }
      const line = await parts.lines.byNumber(parts.carrier.id, phoneNumber)
      if (line === undefined) {
        throw refusal(
          'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED',
          'The phone number is no line of this carrier',
        )
      }
      await call.about(line)
      const wording = otpWording(call.client, message)
      if (wording === undefined) {
        throw refusal(
          'INVALID_ARGUMENT',
          'message: links are sent only for clients that are registered for them (smsLinks)',
        )
      }
      if (line.stage === 'fully_suspended' || line.stage === 'terminated') {
        throw refusal('ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED', 'The line receives no messages')
      }
      const sent = await parts.codes.send(line, 'otp', { clientId: call.client.id, wording })
      if (!sent.ok && sent.of === 'client') {
        throw refusal('QUOTA_EXCEEDED', 'More codes within an hour than one client may send')
      }
      if (!sent.ok) {
        throw refusal(
          'ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED',
          'More codes within an hour than the market allows',
        )
      }
      return { status: 200, body: { authenticationId: sent.id } }
    })
    on(operations.validateCode, validateCodeBody, async (call) => {
      const lineId = await parts.codes.lineOf(call.body.authenticationId, 'otp')
      const line = lineId === undefined ? undefined : await parts.lines.byId(lineId)
      if (line === undefined || line.carrier !== parts.carrier.id) {
        throw refusal('NOT_FOUND', 'There is no such authenticationId')
      }
      await call.about(line)
      const checked = await parts.codes.check(call.body.authenticationId, call.body.code)
      switch (checked) {
        case 'ok':
          return { status: 204 }
        case 'wrong':
          throw refusal('ONE_TIME_PASSWORD_SMS.INVALID_OTP', 'The code is wrong')
        case 'used_up':
          throw refusal('ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED', 'Too many wrong codes')
        case 'expired':
        case 'unknown':
          throw refusal('ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED', 'The code is over')
      }
    })
  })
}
