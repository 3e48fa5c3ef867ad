/** Who holds a line, and whether it can be trusted: Number Verification, SIM and Device Swap, KYC, Subscription Status. */
import { createHash } from 'node:crypto'
import { ageOn, compareDates, dateOf } from '@jeon/billing'
import {
  type CheckSwapBody,
  type CheckTenureBody,
  checkSwapBody,
  checkTenureBody,
  deviceSwapApi,
  kycAgeApi,
  kycTenureApi,
  numberVerificationApi,
  type SubscriptionStatusResponse,
  SWAP_MAX_AGE_DEFAULT_HOURS,
  simSwapApi,
  subscriptionStatusApi,
  subscriptionStatusBody,
  swapDateBody,
  type VerifyAgeBody,
  verifyAgeBody,
  verifyNumberBody,
} from '@jeon/camara'
import { Hono } from 'hono'
import type { Line } from '../model.ts'
import { AMR_NETWORK, AMR_SIM } from '../openid/model.ts'
import { type Answer, type Call, type CallParts, noBody } from './call.ts'
import type { Inquiries } from './inquiries.ts'
import { apiRoutes } from './routes.ts'
import { refusal } from './statuses.ts'

export interface IdentityParts extends CallParts {
  readonly inquiries: Inquiries
}

const HOUR_MS = 3_600_000

export function identityRoutes(parts: IdentityParts): Hono {
  const routes = new Hono()
  routes.route(numberVerificationApi.basePath, numberVerificationRoutes(parts))
  routes.route(simSwapApi.basePath, simSwapRoutes(parts))
  routes.route(deviceSwapApi.basePath, deviceSwapRoutes(parts))
  routes.route(kycAgeApi.basePath, ageRoutes(parts))
  routes.route(kycTenureApi.basePath, tenureRoutes(parts))
  routes.route(subscriptionStatusApi.basePath, statusRoutes(parts))
  return routes
}

function numberVerificationRoutes(parts: IdentityParts): Hono {
  const { operations } = numberVerificationApi
  return apiRoutes(parts, numberVerificationApi, (on) => {
    on(operations.phoneNumberVerify, verifyNumberBody, async (call) => {
      const line = await networkLine(call)
      const { phoneNumber, hashedPhoneNumber } = call.body
      const hash = createHash('sha256').update(line.phoneNumber).digest('hex')
      const isVerified =
        hashedPhoneNumber === undefined
          ? phoneNumber === line.phoneNumber
          : hashedPhoneNumber.toLowerCase() === hash
      return told(parts, call, line, numberVerificationApi.name, {
        devicePhoneNumberVerified: isVerified,
      })
    })
    on(operations.phoneNumberShare, noBody, async (call) => {
      const line = await networkLine(call)
      return told(parts, call, line, numberVerificationApi.name, {
        devicePhoneNumber: line.phoneNumber,
      })
    })
  })
}

/** The line of a token that the network itself or the SIM vouched for; a code by SMS or a password does not count. */
async function networkLine(call: Call): Promise<Line> {
  const { amr, phoneNumber } = call.token
  if (phoneNumber === null || !(amr.includes(AMR_NETWORK) || amr.includes(AMR_SIM))) {
    throw refusal(
      'NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK',
      'The owner was not recognised by the mobile network',
    )
  }
  return call.identify(undefined)
}

function simSwapRoutes(parts: IdentityParts): Hono {
  const { operations } = simSwapApi
  return apiRoutes(parts, simSwapApi, (on) => {
    on(operations.checkSimSwap, checkSwapBody, async (call) => {
      const line = await call.identify(call.body.phoneNumber)
      const swapped = isWithin(parts, line.simChangedAtMs, call.body)
      return told(parts, call, line, simSwapApi.name, { swapped })
    })
    on(operations.retrieveSimSwapDate, swapDateBody, async (call) => {
      const line = await call.identify(call.body.phoneNumber)
      const latestSimChange = new Date(line.simChangedAtMs).toISOString()
      return told(parts, call, line, simSwapApi.name, { latestSimChange })
    })
  })
}

function deviceSwapRoutes(parts: IdentityParts): Hono {
  const { operations } = deviceSwapApi
  return apiRoutes(parts, deviceSwapApi, (on) => {
    on(operations.checkDeviceSwap, checkSwapBody, async (call) => {
      const line = await call.identify(call.body.phoneNumber)
      const swapped = isWithin(parts, line.deviceChangedAtMs, call.body)
      return told(parts, call, line, deviceSwapApi.name, { swapped })
    })
    on(operations.retrieveDeviceSwapDate, swapDateBody, async (call) => {
      const line = await call.identify(call.body.phoneNumber)
      const latestDeviceChange = new Date(line.deviceChangedAtMs).toISOString()
      return told(parts, call, line, deviceSwapApi.name, { latestDeviceChange })
    })
  })
}

function isWithin({ clock }: IdentityParts, atMs: number, { maxAge }: CheckSwapBody): boolean {
  return clock.now() - atMs <= (maxAge ?? SWAP_MAX_AGE_DEFAULT_HOURS) * HOUR_MS
}

function ageRoutes(parts: IdentityParts): Hono {
  return apiRoutes(parts, kycAgeApi, (on) => {
    on(kycAgeApi.operations.verifyAge, verifyAgeBody, async (call) => {
      const line = await call.identify(call.body.phoneNumber)
      return told(parts, call, line, kycAgeApi.name, ageAnswer(parts, line, call.body))
    })
  })
}

/** The owner of a corporate line is no person, whose age is known to nobody. */
function ageAnswer(parts: IdentityParts, line: Line, body: VerifyAgeBody) {
  const known = line.kind !== 'corporate'
  const isOldEnough = ageOn(line.person.birthdate, today(parts)) >= body.ageThreshold
  const isMinor = ageOn(line.person.birthdate, today(parts)) < profile(parts).eligibility.adultAge
  const locked = String(isMinor)
  return {
    ageCheck: known ? String(isOldEnough) : 'not_available',
    verifiedStatus: known,
    ...(body.includeContentLock === true ? { contentLock: known ? locked : 'not_available' } : {}),
    ...(body.includeParentalControl === true
      ? { parentalControl: known ? locked : 'not_available' }
      : {}),
  }
}

function tenureRoutes(parts: IdentityParts): Hono {
  return apiRoutes(parts, kycTenureApi, (on) => {
    on(kycTenureApi.operations.checkTenure, checkTenureBody, async (call) => {
      checkTenureDate(parts, call.body)
      const line = await call.identify(call.body.phoneNumber)
      const contractType = { prepaid: 'PAYG', postpaid: 'PAYM', corporate: 'Business' }[line.kind]
      const tenureDateCheck = compareDates(line.openedOn, call.body.tenureDate) <= 0
      return told(parts, call, line, kycTenureApi.name, { tenureDateCheck, contractType })
    })
  })
}

function checkTenureDate(parts: IdentityParts, { tenureDate }: CheckTenureBody): void {
  if (compareDates(tenureDate, today(parts)) > 0) {
    throw refusal('OUT_OF_RANGE', 'tenureDate is in the future')
  }
}

function statusRoutes(parts: IdentityParts): Hono {
  const { retriveSubscriptionStatus } = subscriptionStatusApi.operations
  return apiRoutes(parts, subscriptionStatusApi, (on) => {
    on(retriveSubscriptionStatus, subscriptionStatusBody, async (call) => {
      const line = await call.identify(call.body.phoneNumber)
      return told(parts, call, line, subscriptionStatusApi.name, { ...subscriptionStatusOf(line) })
    })
  })
}

/** Outgoing first, then everything, as dunning goes; a paused line is reached but does not call. */
export function subscriptionStatusOf({
  stage,
  paused,
}: Pick<Line, 'stage' | 'paused'>): SubscriptionStatusResponse {
  const isDead = stage === 'fully_suspended' || stage === 'terminated'
  const noOutgoing = isDead || stage === 'outgoing_suspended' || paused
  return {
    voiceSmsIn: isDead ? 'suspended' : 'active',
    voiceSmsOut: noOutgoing ? 'suspended' : 'active',
    dataService: noOutgoing ? 'suspended' : 'active',
  }
}

/** Answers, and notes for the owner of the line that this was told. */
async function told(
  { inquiries }: IdentityParts,
  { client }: Call,
  line: Line,
  api: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const words = Object.entries(body).map(([name, value]) => `${name}: ${String(value)}`)
  await inquiries.note(line, client.id, api, words.join(', '))
  return { status: 200, body }
}

function profile({ carrier, clock }: IdentityParts) {
  return carrier.profileAt(clock.now())
}

function today(parts: IdentityParts) {
  return dateOf(parts.clock.now(), profile(parts).zone)
}
