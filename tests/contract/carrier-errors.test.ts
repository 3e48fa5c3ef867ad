/** Every documented refusal of every operation, by the magic number that asks for it. */
import { randomUUID } from 'node:crypto'
import {
  type Api,
  carrierBillingApi,
  deviceSwapApi,
  kycAgeApi,
  kycTenureApi,
  numberVerificationApi,
  type Operation,
  otpSmsApi,
  refundApi,
  simSwapApi,
  subscriptionStatusApi,
} from '@jeon/camara'
import { magicNumbers } from '@jeon/carrier'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CarrierWorld,
  numberOf,
  openCarrierWorld,
  paymentOf,
  purchase,
} from './carrier-world.ts'
import { officialAbsent } from './official.ts'

const digitsOf = new Map(magicNumbers.map(({ fault, digits }) => [String(fault), digits]))

/** The operation's own name to what it is sent; what is not here takes the number alone. */
const bodies: Readonly<Record<string, (phoneNumber: string) => unknown>> = {
  createPayment: (phoneNumber) => purchase({ phoneNumber }),
  preparePayment: (phoneNumber) => purchase({ phoneNumber }),
  validatePayment: () => ({ authorizationId: 'a', code: '123456' }),
  createRefund: () => ({
    type: 'total',
    amountTransaction: { referenceCode: randomUUID(), refundAmount: {} },
  }),
  sendCode: (phoneNumber) => ({ phoneNumber, message: '{{code}}' }),
  verifyAge: (phoneNumber) => ({ phoneNumber, ageThreshold: 19 }),
  checkTenure: (phoneNumber) => ({ phoneNumber, tenureDate: '2020-01-01' }),
}

describe.skipIf(officialAbsent)('the carrier fails on demand', () => {
  let world: CarrierWorld

  beforeAll(async () => {
    world = await openCarrierWorld()
  })
  afterAll(() => world?.close())

  async function ask(api: Api, operation: Operation, phoneNumber: string) {
    const paymentId = operation.path.includes('{paymentId}')
      ? await paymentOf(world.carriers, phoneNumber)
      : ''
    const path = operation.path
      .replace('{paymentId}', paymentId)
      .replace('{refundId}', randomUUID())
    const isBound = api === numberVerificationApi || operation.id === 'retrievePayments'
    const authenticationId = operation.id === 'validateCode' ? await codeOf(phoneNumber) : ''
    const body =
      operation.id === 'validateCode'
        ? { authenticationId, code: 'x' }
        : (bodies[operation.id]?.(phoneNumber) ?? { phoneNumber })
    return world.ask(operation.method, `${api.basePath}${path}`, {
      ...(isBound ? { token: await world.boundToken(phoneNumber) } : {}),
      ...(operation.method === 'POST' ? { body } : {}),
    })
  }

  async function codeOf(phoneNumber: string): Promise<string> {
    const { core, outside } = world.carriers
    const line = await core.lines.byNumber('skt', phoneNumber)
    if (line === undefined) throw new Error(`no line ${phoneNumber}`)
    const sent = await outside.codes.send(line, 'otp')
    if (!sent.ok) throw new Error(sent.code)
    return sent.id
  }

  test.each([
    carrierBillingApi,
    refundApi,
    numberVerificationApi,
    simSwapApi,
    deviceSwapApi,
    otpSmsApi,
    kycAgeApi,
    kycTenureApi,
    subscriptionStatusApi,
  ] satisfies Api[])('in all ways of $name', async (api: Api) => {
    const asked: string[] = []
    for (const operation of Object.values(api.operations)) {
      for (const code of operation.errors) {
        const digits = digitsOf.get(`error:${code}`)
        if (digits === undefined) continue
        const { status, json } = await ask(api, operation, numberOf(digits))
        asked.push(`${operation.id} ${code}`)
        expect(`${operation.id} ${json.code}`).toBe(`${operation.id} ${code}`)
        expect(status).toBe(api.statuses[code])
      }
    }
    expect(asked.length).toBeGreaterThan(2)
  })
})
