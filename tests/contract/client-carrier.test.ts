/** The platform's client and the carrier, the real ones, together: tokens by every grant, payments, lost answers. */
import { randomBytes, randomUUID } from 'node:crypto'
import { type CamaraClient, createCamaraClient, createTokens } from '@jeon/camara'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CarrierWorld,
  numberOf,
  ORDINARY,
  openCarrierWorld,
  PASSWORD,
  WIFI,
} from './carrier-world.ts'
import { officialAbsent } from './official.ts'

const REDIRECT = 'https://platform.example/back'

describe.skipIf(officialAbsent)('the client at the carrier', () => {
  let world: CarrierWorld
  let tokens: ReturnType<typeof createTokens>
  let client: CamaraClient

  beforeAll(async () => {
    world = await openCarrierWorld('signing-client')
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const clientSecret = 'another secret, of its own'
    await world.carriers.outside.clients.save({
      ...{
        id: 'signing-client',
        carrier: 'skt',
        name: 'Client',
        contact: '02',
        secret: clientSecret,
      },
      redirectUris: [REDIRECT],
      jwks: { keys: [{ ...(await exportJWK(publicKey)) }] },
    })
    tokens = createTokens({
      issuer: world.root,
      clientId: 'signing-client',
      clientSecret,
      purpose: 'dpv:FraudPreventionAndDetection',
      assertionKey: { key: privateKey, alg: 'ES256' },
      now: () => Date.now(),
      randomBytes: (length) => randomBytes(length),
    })
    client = createCamaraClient({
      apiRoot: world.root,
      tokens,
      fetch: world.checked.fetch,
      timeoutMs: 700,
      now: () => Date.now(),
      newCorrelator: () => randomUUID(),
    })
  })
  afterAll(async () => {
    await world?.close()
    expect(world?.checked.violations).toEqual([])
  })

  function transaction(phoneNumber?: string) {
    return {
      amountTransaction: {
        ...(phoneNumber === undefined ? {} : { phoneNumber }),
        clientCorrelator: randomUUID(),
        referenceCode: randomUUID(),
        paymentAmount: {
          chargingInformation: { amount: 300, currency: 'KRW', description: '기사' },
        },
      },
    }
  }
  const scopes = ['carrier-billing:payments:create', 'number-verification:verify']

  test('pays, prepares, confirms and refunds with tokens of its own', async () => {
    const { carrierBilling, refunds } = client
    const paid = await carrierBilling.createPayment(transaction(ORDINARY))
    if (paid.outcome !== 'settled') throw new Error(JSON.stringify(paid))
    expect(paid.body.paymentStatus).toBe('succeeded')
    const prepared = await carrierBilling.preparePayment(transaction(ORDINARY))
    if (prepared.outcome !== 'settled') throw new Error(JSON.stringify(prepared))
    const confirmed = await carrierBilling.confirmPayment(prepared.body.paymentId, {
      phoneNumber: ORDINARY,
    })
    expect(confirmed.outcome).toBe('settled')
    const back = await refunds.createRefund(paid.body.paymentId, {
      type: 'total',
      amountTransaction: { referenceCode: randomUUID(), refundAmount: {} },
    })
    expect(back).toMatchObject({ outcome: 'settled', body: { refundStatus: 'succeeded' } })
  })

  test('finds what became of a payment whose answer never came', async () => {
    for (const [digits, found] of [
      ['41', 'found'],
      ['42', 'absent'],
    ]) {
      const body = transaction(numberOf(digits ?? ''))
      const lost = await client.carrierBilling.createPayment(body)
      expect(lost.outcome).toBe('unknown')
      const { clientCorrelator } = body.amountTransaction
      const search = { clientCorrelator, aroundMs: world.carriers.clock.now(), windowMs: 60_000 }
      expect((await client.carrierBilling.findByCorrelator(search)).outcome).toBe(found)
    }
  })

  test('is bound to a line by CIBA: at once, or after the owner’s code and password', async () => {
    const silent = await tokens.startBackchannel(`tel:${ORDINARY}`, scopes)
    if (!silent.ok) throw new Error(silent.code)
    const bound = await tokens.pollBackchannel(silent.backchannel.authReqId)
    if (!bound.ok) throw new Error(bound.code)
    const call = { accessToken: bound.token.accessToken }
    const verified = await client.numberVerification.verify({ phoneNumber: ORDINARY }, call)
    expect(verified).toMatchObject({ body: { devicePhoneNumberVerified: true } })
    expect((await client.carrierBilling.createPayment(transaction(), call)).outcome).toBe('settled')

    const asked = await tokens.startBackchannel(`tel:${WIFI}`, ['offline_access', ...scopes])
    if (!asked.ok) throw new Error(asked.code)
    const { authReqId } = asked.backchannel
    expect(await tokens.pollBackchannel(authReqId)).toMatchObject({ ok: false, code: 'pending' })
    await fetch(`${world.root}/openid/approvals/${authReqId}`, {
      method: 'POST',
      body: JSON.stringify({ sms_code: await world.code(WIFI), password: PASSWORD }),
    })
    const approved = await tokens.pollBackchannel(authReqId)
    if (!approved.ok) throw new Error(approved.code)
    const refreshed = await tokens.refresh(approved.token.refreshToken ?? '')
    expect(refreshed.ok).toBe(true)
  })

  test('is bound to a line by a signed assertion, and by the code flow', async () => {
    const asserted = await tokens.jwtBearer(`tel:${ORDINARY}`, scopes)
    if (!asserted.ok) throw new Error(asserted.code)
    const call = { accessToken: asserted.token.accessToken }
    expect((await client.carrierBilling.createPayment(transaction(), call)).outcome).toBe('settled')
    const unproved = await client.numberVerification.verify({ phoneNumber: ORDINARY }, call)
    expect(unproved.outcome).toBe('declined')

    const begun = await tokens.authorizationUrl({
      scopes,
      redirectUri: REDIRECT,
      loginHint: `tel:${ORDINARY}`,
      prompt: 'none',
    })
    if (!begun.ok) throw new Error(begun.code)
    const redirect = await fetch(begun.authorization.url, { redirect: 'manual' })
    const url = redirect.headers.get('location') ?? ''
    const finished = await tokens.exchangeCode(url, begun.authorization)
    expect(finished.ok).toBe(true)
  })
})
