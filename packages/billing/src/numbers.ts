import type { MarketProfile } from './model.ts'

/**
 * A phone number as somebody of the market writes it, in international form: `010-2000-0001` is `+821020000001` in Korea.
 * What is international already stays; whether there is such a number is not known here.
 */
export function internationalNumber(
  { numbers }: Pick<MarketProfile, 'numbers'>,
  written: string,
): string {
  const { callingCode, trunkPrefix } = numbers
  const digits = written.replaceAll(/[\s().-]/g, '')
  if (digits.startsWith('+') || !digits.startsWith(trunkPrefix)) return digits
  return `+${callingCode}${digits.slice(trunkPrefix.length)}`
}
