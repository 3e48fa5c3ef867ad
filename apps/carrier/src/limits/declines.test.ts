/** The limits that Korea has not: each is met over CAMARA at a carrier of the fictional market, and told to the owner. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { SANDBOX_CARRIER } from '../carriers.ts'
import { SANDBOX_PASSWORD } from '../sandbox/magic.ts'
import { Owner, openTestCarriers, type TestCarriers } from '../selfcare/care.fixture.ts'

const phoneNumber = '+821088880001'

let sandbox: TestCarriers
/** Bound to the line, whose owner has shown a code and the password. */
let token: string

beforeAll(async () => {
  sandbox = await openTestCarriers({ carriers: [SANDBOX_CARRIER] })
  const { app } = sandbox.carriers
  const line = { carrier: 'sandbox', phone_number: phoneNumber, limit: '100000', on_network: false }
  const opened = await app.request('/sandbox/lines', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(line),
  })
  expect(opened.status).toBe(201)
  token = await signIn()
})
afterAll(() => sandbox.close())

const issuer = () => `${sandbox.url}/sandbox/openid`

async function signIn(): Promise<string> {
  const { clientId, clientSecret } = sandbox.carriers
  const post = async (path: string, form: Record<string, string>) => {
    const response = await fetch(`${issuer()}${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams(form),
    })
    return z.record(z.string(), z.unknown()).parse(await response.json())
  }
  const asked = await post('/backchannel', {
    scope: 'openid carrier-billing:payments:create line-care:read',
    login_hint: `tel:${phoneNumber}`,
  })
  const id = z.string().parse(asked.auth_req_id)
  const [message] = await sandbox.carriers.bills.outbox.inbox(phoneNumber, 1)
  await fetch(`${issuer()}/approvals/${id}`, {
    method: 'POST',
    body: JSON.stringify({
      sms_code: /\b\d{6}\b/.exec(message?.text ?? '')?.[0],
      password: SANDBOX_PASSWORD,
    }),
  })
  const grant = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: id }
  return z.string().parse((await post('/token', grant)).access_token)
}

interface Bought {
  readonly amount: number
  readonly merchant: string
  readonly category?: string
  readonly product?: string
}

/** POST payments. @returns `accepted`, or the reason in brackets at the front of the refusal */
async function buy({ amount, merchant, category = 'game', product }: Bought): Promise<string> {
  const response = await sandbox.carriers.app.request('/sandbox/carrier-billing/v0.5/payments', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      amountTransaction: {
        clientCorrelator: crypto.randomUUID(),
        referenceCode: crypto.randomUUID(),
        paymentAmount: {
          chargingInformation: { amount, currency: 'KRW', description: 'Gold' },
          chargingMetaData: {
            merchantName: merchant,
            merchantIdentifier: merchant,
            purchaseCategoryCode: category,
            ...(product === undefined ? {} : { productId: product }),
          },
        },
      },
    }),
  })
  const text = await response.text()
  if (response.status === 201) return 'accepted'
  return /\[(\w+)\]/.exec(text)?.[1] ?? text
}

/** Why the last purchase was declined, as the owner reads it. */
async function toldInBoth(): Promise<{ code: string | undefined; ko: string; en: string }> {
  const owner = new Owner(sandbox.carriers, 'sandbox', token)
  const [ko, en] = await Promise.all(
    (['ko', 'en'] as const).map(async (language) => {
      const { entries } = await owner.read('history', 'GET', '/history?limit=1', { language })
      return entries[0]
    }),
  )
  expect(ko?.kind).toBe('declined')
  return { code: en?.reason?.code, ko: ko?.reason?.text ?? '', en: en?.reason?.text ?? '' }
}

test('a merchant has a limit of its own, which another merchant has not used', async () => {
  expect(await buy({ amount: 16_000, merchant: 'arcade' })).toBe('accepted')
  expect(await buy({ amount: 15_000, merchant: 'arcade' })).toBe('merchant_limit')
  expect(await toldInBoth()).toEqual({
    code: 'merchant_limit',
    ko: '이 상점의 결제 한도(30,000원)를 초과합니다. 남은 한도: 14,000원',
    en: 'This passes the limit of KRW 30,000 at this merchant. Left: KRW 14,000',
  })
  expect(await buy({ amount: 5_000, merchant: 'bookshop' })).toBe('accepted')
})

test('a named product has a limit, and others of the same merchant have not', async () => {
  const sword = { merchant: 'smithy', product: 'rare-sword' }
  expect(await buy({ ...sword, amount: 6_000 })).toBe('accepted')
  expect(await buy({ ...sword, amount: 6_000 })).toBe('product_limit')
  expect(await toldInBoth()).toEqual({
    code: 'product_limit',
    ko: '이 상품의 결제 한도(10,000원)를 초과합니다. 남은 한도: 4,000원',
    en: 'This passes the limit of KRW 10,000 for this product. Left: KRW 4,000',
  })
  expect(await buy({ ...sword, product: 'shield', amount: 6_000 })).toBe('accepted')
})

test('a kind of goods that the market does not bill is declined, whatever it costs', async () => {
  expect(await buy({ amount: 100, merchant: 'hotline', category: 'premium-rate' })).toBe(
    'category_not_allowed',
  )
  expect(await toldInBoth()).toEqual({
    code: 'category_not_allowed',
    ko: '이 통신사에서는 이 종류의 상품을 휴대폰으로 결제할 수 없습니다.',
    en: 'Goods of this kind cannot be bought on the phone bill.',
  })
})

test('a kind of goods has a limit across merchants', async () => {
  const gift = { category: 'donation' }
  expect(await buy({ ...gift, amount: 12_000, merchant: 'well' })).toBe('accepted')
  expect(await buy({ ...gift, amount: 15_000, merchant: 'school' })).toBe('accepted')
  expect(await buy({ ...gift, amount: 4_000, merchant: 'clinic' })).toBe('category_limit')
  expect(await toldInBoth()).toEqual({
    code: 'category_limit',
    ko: '이 종류의 상품 한도(30,000원)를 초과합니다. 남은 한도: 3,000원',
    en: 'This passes the limit of KRW 30,000 for goods of this kind. Left: KRW 3,000',
  })
})
