/**
 * The official CAMARA definitions, read at run time and never kept here. They are looked for in `JEON_CAMARA_DIR`, or
 * beside the repository in `../shared/camara`; tests that need them are skipped, and say so, when they are absent.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { type Definition, readDefinition } from './definition.ts'

/** The definitions that Jeon implements, by the name in their paths. */
const FILES = {
  'carrier-billing': 'carrier-billing-v0.5.0-r3.2.yaml',
  'carrier-billing-refund': 'carrier-billing-refund-v0.3.0-r3.2.yaml',
  'number-verification': 'number-verification-r3.2.yaml',
  'sim-swap': 'sim-swap-r3.3.yaml',
  'device-swap': 'device-swap-r3.2.yaml',
  'one-time-password-sms': 'one-time-password-sms-r3.2.yaml',
  'kyc-age-verification': 'kyc-age-verification-r1.3.yaml',
  'kyc-tenure': 'kyc-tenure-r2.2.yaml',
  'subscription-status': 'subscription-status-r1.2.yaml',
} as const

export type ApiName = keyof typeof FILES
const NAMES: readonly ApiName[] = [
  'carrier-billing',
  'carrier-billing-refund',
  'number-verification',
  'sim-swap',
  'device-swap',
  'one-time-password-sms',
  'kyc-age-verification',
  'kyc-tenure',
  'subscription-status',
]

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Where the definitions should be. */
export const officialDirectory = process.env.JEON_CAMARA_DIR ?? join(ROOT, '..', 'shared', 'camara')

/** For `describe.skipIf(officialAbsent)`: true, and a line is printed, when a definition is missing. */
export const officialAbsent = isAbsent()

function isAbsent(): boolean {
  const missing = NAMES.filter((name) => !existsSync(join(officialDirectory, FILES[name])))
  if (missing.length === 0) return false
  const advice = 'set JEON_CAMARA_DIR to a directory with the official CAMARA definitions'
  console.warn(
    `contract tests skipped: no ${missing.join(', ')} in ${officialDirectory}; ${advice}`,
  )
  return true
}

/** One definition, ready for the validator. Call it only inside tests that `officialAbsent` skips. */
export function loadDefinition(name: ApiName): Definition {
  const loaded =
    known.get(name) ??
    readDefinition(name, parse(readFileSync(join(officialDirectory, FILES[name]), 'utf8')))
  known.set(name, loaded)
  return loaded
}

const known = new Map<ApiName, Definition>()

/** All of them. */
export function loadDefinitions(): readonly Definition[] {
  return NAMES.map(loadDefinition)
}
