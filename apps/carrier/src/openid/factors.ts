import type { Factor } from '@jeon/billing'
import { AMR_CODE, AMR_NETWORK, AMR_PASSWORD, AMR_SIM } from './model.ts'

const factors: Readonly<Record<string, Factor>> = {
  [AMR_NETWORK]: 'network',
  [AMR_SIM]: 'network',
  [AMR_CODE]: 'sms_code',
  [AMR_PASSWORD]: 'password',
}

/** The factors that ways of recognising the owner stand for. */
export function factorsShown(amr: readonly string[]): Factor[] {
  return [...new Set(amr.flatMap((method) => factors[method] ?? []))]
}
