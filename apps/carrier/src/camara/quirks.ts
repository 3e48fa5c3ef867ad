/**
 * CAMARA's definitions and its test scenarios contradict each other in five places. The definitions are followed;
 * a client with the setting `featureQuirks` gets the scenarios' way instead:
 *
 * 1. other codes: `CARRIER_BILLING.PHONE_NUMBER_REQUIRED`, `.AMOUNT_THRESHOLD_OVERPASSED`, `.OUT_OF_RANGE`
 * 2. a phone number is accepted with a token that is bound to that very number
 * 3. `{}` as the body of confirm and cancel is refused
 * 4. `phonenumber` and a `clientCorrelator` outside of amountTransaction are read
 * 5. an unusable sink is 404
 */
import { Refusal, type RefusalCode } from './refusal.ts'

const otherCodes: Readonly<Partial<Record<RefusalCode, RefusalCode>>> = {
  MISSING_IDENTIFIER: 'CARRIER_BILLING.PHONE_NUMBER_REQUIRED',
  'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED': 'CARRIER_BILLING.AMOUNT_THRESHOLD_OVERPASSED',
  OUT_OF_RANGE: 'CARRIER_BILLING.OUT_OF_RANGE',
}

/** Quirks 1 and 5. */
export function quirkyRefusal(refused: Refusal): Refusal {
  const status = refused.code === 'INVALID_SINK' ? 404 : refused.status
  const code = otherCodes[refused.code] ?? refused.code
  return new Refusal(status, code, refused.message, refused.retryAfterS)
}

/** Quirk 4: what the scenarios write, as the definition has it. */
export function quirkyBody(json: unknown): unknown {
  if (!isRecord(json)) return json
  const { phonenumber, clientCorrelator, ...rest } = json
  if (!isRecord(rest.amountTransaction)) {
    return phonenumber === undefined ? rest : { phoneNumber: phonenumber, ...rest }
  }
  const { phonenumber: inner, ...transaction } = rest.amountTransaction
  return {
    ...rest,
    amountTransaction: {
      ...(clientCorrelator === undefined ? {} : { clientCorrelator }),
      ...(inner === undefined && phonenumber === undefined
        ? {}
        : { phoneNumber: inner ?? phonenumber }),
      ...transaction,
    },
  }
}

function isRecord(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
