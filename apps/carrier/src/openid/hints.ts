import { isKeepable } from '../keepable.ts'
import type { Line } from '../model.ts'
import { AMR_SIM, type IssuingCarrier, type LinePort } from './model.ts'
import { phoneNumberOfOperatorToken } from './tokens.ts'

/** Whom a `login_hint` or `sub` names, and what it proves by itself. */
export interface Hinted {
  readonly line: Line
  readonly amr: readonly string[]
}

/**
 * Reads `tel:+8210…`, which only names a line, or `operatortoken:…`, which proves its SIM.
 *
 * @returns undefined: another form, or no line of this carrier
 */
export async function lineOfHint(
  { carrier, issuer }: IssuingCarrier,
  lines: LinePort,
  hint: string | undefined,
  machineMs: number,
): Promise<Hinted | undefined> {
  const [, scheme, rest = ''] = /^(tel|operatortoken):(.+)$/.exec(hint ?? '') ?? []
  if (scheme === undefined) return undefined
  const phoneNumber =
    scheme === 'tel' ? rest : await phoneNumberOfOperatorToken(issuer, rest, machineMs)
  if (phoneNumber === undefined || !isKeepable(phoneNumber)) return undefined
  const line = await lines.byNumber(carrier.id, phoneNumber)
  if (line === undefined || line.stage === 'terminated') return undefined
  return { line, amr: scheme === 'tel' ? [] : [AMR_SIM] }
}
