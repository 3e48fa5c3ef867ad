import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from '../../test/sandbox.ts'
import { errorCodes, errors, isErrorCode, problemOf, refuse } from '../errors.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openTestSandbox()
})
afterAll(() => sandbox.close())

describe('the OpenAPI document', () => {
  test('describes every route and nothing else', async () => {
    const { json } = await sandbox.send('GET', '/openapi.json')
    expect(json.openapi).toBe('3.1.0')
    const described = Object.entries(json.paths ?? {}).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const routes = sandbox.platform.app.hono.routes
      .filter(({ method, path }) => method !== 'OPTIONS' && !path.endsWith('/'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(new Set(described)).toEqual(new Set(routes))
    expect(described).toHaveLength(new Set(routes).size)
  })

  test('names only schemas and security schemes that it has', async () => {
    const { json, text } = await sandbox.send('GET', '/openapi.json')
    for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
      expect(
        Reflect.get(Reflect.get(json.components ?? {}, kind ?? ''), name ?? ''),
        name,
      ).toBeDefined()
    }
    expect(text).not.toContain('#/$defs')
    for (const operations of Object.values(json.paths ?? {})) {
      for (const operation of Object.values(operations)) {
        for (const requirement of Object.values(operation.security ?? {})) {
          for (const scheme of Object.keys(requirement)) {
            expect(json.components?.securitySchemes).toHaveProperty(scheme)
          }
        }
        expect(Object.keys(operation.responses ?? {})).toContain('429')
      }
    }
  })

  test('says which requests need an Idempotency-Key', async () => {
    const { json } = await sandbox.send('GET', '/openapi.json')
    const parameters = Object.values(json.paths?.['/v1/payments']?.post?.parameters ?? {})
    expect(parameters.map(({ name }) => name)).toContain('Idempotency-Key')
  })
})

describe('the error table', () => {
  test('is complete in both languages', () => {
    for (const code of errorCodes) {
      const { status, en, ko } = errors[code]
      expect(status, code).toBeGreaterThanOrEqual(400)
      for (const text of [en.title, en.detail, en.hint, ko.title, ko.detail, ko.hint]) {
        expect(text.length, code).toBeGreaterThan(3)
      }
      expect(ko.title, code).toMatch(/\p{Script=Hangul}/u)
      const blanks = (text: string) => new Set(text.match(/\{[a-z]+\}/g))
      expect(blanks(ko.detail), code).toEqual(blanks(en.detail))
      expect(blanks(ko.hint), code).toEqual(blanks(en.hint))
    }
    expect(isErrorCode('toString')).toBe(false)
  })

  test('never answers with half a sentence', () => {
    const context = { language: 'en', requestId: 'req_x', publicUrl: 'http://x' } as const
    for (const code of errorCodes) {
      const { detail, hint } = problemOf(refuse(code), context)
      expect(detail + hint, code).not.toMatch(/\{[a-z]+\}/)
    }
    const extras = { status: 200, code: 'mine', left: 1 }
    expect(problemOf(refuse('internal', { extras }), context)).toMatchObject({
      status: 500,
      code: 'internal',
      left: 1,
    })
  })

  test('is published as JSON and as a page', async () => {
    const { json } = await sandbox.send('GET', '/v1/errors')
    expect(Object.values(json.data ?? {})).toHaveLength(errorCodes.length)
    const page = await sandbox.send('GET', '/docs/errors', { headers: { 'accept-language': 'ko' } })
    expect(page.text).toContain('<html lang="ko">')
    for (const code of errorCodes) expect(page.text).toContain(`id="${code}"`)
  })
})

test('the documentation loads nothing from anywhere else', async () => {
  for (const path of ['/docs', '/docs?lang=ko', '/docs/errors']) {
    const { text, headers } = await sandbox.send('GET', path)
    expect(text).not.toMatch(/<script|src=|url\(|@import/)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  }
})
