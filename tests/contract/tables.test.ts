/** The tables that client and carrier share say what the official definitions say. */
import {
  type Api,
  carrierBillingApi,
  deviceSwapApi,
  kycAgeApi,
  kycTenureApi,
  numberVerificationApi,
  otpSmsApi,
  paymentEventTypes,
  refundApi,
  refundEventTypes,
  simSwapApi,
  subscriptionStatusApi,
} from '@jeon/camara'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { DefinedOperation } from './definition.ts'
import { type ApiName, loadDefinition, officialAbsent } from './official.ts'

const TABLES: readonly [ApiName, Api][] = [
  ['carrier-billing', carrierBillingApi],
  ['carrier-billing-refund', refundApi],
  ['number-verification', numberVerificationApi],
  ['sim-swap', simSwapApi],
  ['device-swap', deviceSwapApi],
  ['one-time-password-sms', otpSmsApi],
  ['kyc-age-verification', kycAgeApi],
  ['kyc-tenure', kycTenureApi],
  ['subscription-status', subscriptionStatusApi],
]

describe.skipIf(officialAbsent)('the tables say what the official definitions say', () => {
  test.each(TABLES)('%s', (name, api) => {
    const definition = loadDefinition(name)
    expect(api.name).toBe(name)
    expect(api.version).toBe(definition.version)
    expect(api.basePath).toBe(definition.basePath)

    const ours = Object.entries(api.operations).map(([key, operation]) => {
      expect(key).toBe(operation.id)
      const { id, method, path } = operation
      const scopes = [...operation.scopes].toSorted(byText)
      const body = operation.body !== undefined
      const response = operation.response !== undefined
      return { id, method, path, scopes, success: operation.success, body, response }
    })
    const theirs = definition.operations.map((operation) => {
      const { id, method, path } = operation
      const success = [...operation.responses.keys()].find((status) => status < 300) ?? 0
      const scopes = [...operation.scopes].toSorted(byText)
      const body = operation.body !== undefined
      const response = operation.responses.get(success)?.content !== undefined
      return { id, method, path, scopes, success, body, response }
    })
    const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1)
    expect(ours.toSorted(byId)).toEqual(theirs.toSorted(byId))
  })

  test.each(TABLES)('%s: every refusal, with its status', (name, api) => {
    const definition = loadDefinition(name)
    for (const operation of definition.operations) {
      const ours = new Set(api.operations[operation.id]?.errors)
      const known = Object.fromEntries([...ours].map((code) => [code, api.statuses[code]]))
      expect(known, operation.id).toEqual(refusalsOf(operation))
    }
    const used = Object.values(api.operations).flatMap(({ errors }) => errors)
    expect(Object.keys(api.statuses).toSorted(byText)).toEqual([...new Set(used)].toSorted(byText))
  })

  test('the types of events', () => {
    expect(Object.keys(paymentEventTypes).toSorted(byText)).toEqual(eventTypesOf('carrier-billing'))
    expect([...refundEventTypes].toSorted(byText)).toEqual(eventTypesOf('carrier-billing-refund'))
  })
})

const named = z.object({
  allOf: z.array(
    z.looseObject({
      properties: z.looseObject({ code: z.looseObject({ enum: z.array(z.string()) }) }).optional(),
    }),
  ),
})
const shown = z.record(z.string(), z.looseObject({ value: z.looseObject({ code: z.string() }) }))

/** From the enumeration of a response's codes; where there is none, as at Device Swap, from its examples. */
function refusalsOf(operation: DefinedOperation): Record<string, number> {
  const pairs = [...operation.responses].flatMap(([status, { content }]) => {
    const json = content?.['application/json']
    if (status < 400 || json === undefined) return []
    const schema = named.safeParse(json.schema)
    const codes = schema.success
      ? schema.data.allOf.flatMap(({ properties }) => properties?.code.enum ?? [])
      : Object.values(shown.parse(json.examples)).map(({ value }) => value.code)
    return codes.map((code) => [code, status] as const)
  })
  return Object.fromEntries(pairs)
}

function eventTypesOf(name: ApiName): readonly string[] {
  const schemas = z.looseObject({
    components: z.looseObject({ schemas: z.looseObject({ CloudEvent: z.unknown() }) }),
  })
  const typed = z.object({
    allOf: z.array(
      z.looseObject({
        properties: z.object({ type: z.object({ enum: z.array(z.string()) }) }).optional(),
      }),
    ),
  })
  const { CloudEvent } = schemas.parse(loadDefinition(name).root).components.schemas
  return typed
    .parse(CloudEvent)
    .allOf.flatMap(({ properties }) => properties?.type.enum ?? [])
    .toSorted(byText)
}

const byText = (one: string, other: string) => (one < other ? -1 : 1)
