/** The schemas that client and carrier share accept what the official definitions show as examples. */
import {
  type Api,
  carrierBillingApi,
  deviceSwapApi,
  errorInfo,
  kycAgeApi,
  kycTenureApi,
  numberVerificationApi,
  otpSmsApi,
  parsePaymentEvent,
  parseRefundEvent,
  refundApi,
  simSwapApi,
  subscriptionStatusApi,
} from '@jeon/camara'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Content } from './definition.ts'
import { loadDefinition, loadDefinitions, officialAbsent } from './official.ts'
import { createValidator } from './validator.ts'

const APIS: ReadonlyMap<string, Api> = new Map(
  [
    carrierBillingApi,
    refundApi,
    numberVerificationApi,
    simSwapApi,
    deviceSwapApi,
    otpSmsApi,
    kycAgeApi,
    kycTenureApi,
    subscriptionStatusApi,
  ].map((api) => [api.name, api]),
)

describe.skipIf(officialAbsent)('the examples of the definitions are read', () => {
  test('requests and answers', () => {
    let read = 0
    for (const { name, operations } of loadDefinitions()) {
      for (const operation of operations) {
        const ours = APIS.get(name)?.operations[operation.id]
        for (const [label, example] of examplesOf(operation.body?.content)) {
          expect(ours?.body?.safeParse(example), `${operation.id} ${label}`).toMatchObject(READ)
          read += 1
        }
        const yes = operation.responses.get(ours?.success ?? 0)
        for (const [label, example] of examplesOf(yes?.content)) {
          expect(ours?.response?.safeParse(example), `${operation.id} ${label}`).toMatchObject(READ)
          read += 1
        }
      }
    }
    expect(read).toBeGreaterThan(0)
  })

  test('refusals, each known under its status', () => {
    for (const { name, operations } of loadDefinitions()) {
      for (const { id, responses } of operations) {
        for (const [status, { content }] of responses) {
          if (status < 400) continue
          for (const [label, example] of examplesOf(content)) {
            const { code } = errorInfo.parse(example)
            expect(APIS.get(name)?.statuses[code], `${id} ${label}`).toBe(status)
          }
        }
      }
    }
  })

  test('events', () => {
    const validator = createValidator(loadDefinitions())
    const headers = new Headers({ 'content-type': 'application/cloudevents+json' })
    for (const [api, parse] of [
      ['carrier-billing', parsePaymentEvent],
      ['carrier-billing-refund', parseRefundEvent],
    ] as const) {
      const { operations } = loadDefinition(api)
      for (const { callback } of operations) {
        for (const [label, example] of examplesOf(callback?.content)) {
          expect(parse(example), label).toMatchObject({ ok: true })
          const text = JSON.stringify(example)
          expect(validator.checkCallback(api, { headers, text }), label).toEqual([])
        }
      }
    }
  })
})

const READ = { success: true }
const examples = z.record(z.string(), z.looseObject({ value: z.unknown() }))

function examplesOf(content: Content | undefined): readonly [string, unknown][] {
  return Object.values(content ?? {}).flatMap((box): [string, unknown][] => {
    const many = examples.safeParse(box.examples)
    if (many.success) return Object.entries(many.data).map(([label, { value }]) => [label, value])
    return box.example === undefined ? [] : [['example', box.example]]
  })
}
