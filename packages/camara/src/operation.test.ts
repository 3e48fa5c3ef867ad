import { expect, test } from 'vitest'
import { carrierBillingApi } from './carrier-billing.ts'
import { operationUrl } from './operation.ts'

const { retrievePayment } = carrierBillingApi.operations
function url(apiRoot: string, paymentId?: string): string | undefined {
  const parameters = paymentId === undefined ? {} : { paymentId }
  return operationUrl(apiRoot, carrierBillingApi, retrievePayment, parameters)?.href
}

test('a path below the root, its parameters encoded', () => {
  const path = 'carrier-billing/v0.5/payments'
  expect(url('https://carrier.example', 'p-1')).toBe(`https://carrier.example/${path}/p-1`)
  expect(url('http://localhost:4250/skt/', 'a/b?c')).toBe(
    `http://localhost:4250/skt/${path}/a%2Fb%3Fc`,
  )
})

test.each([undefined, '', '.', '..'])('%j cannot stand in a path', (paymentId) => {
  expect(url('https://carrier.example', paymentId)).toBeUndefined()
})
