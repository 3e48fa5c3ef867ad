const symbols: Readonly<Record<string, string>> = { KRW: '₩', JPY: '¥', USD: '$', EUR: '€' }

/**
 * A price as it stands on the button: every digit that matters, none rounded, so that nothing costs "0" that does not.
 * Works on the decimal string itself; a number would lose digits.
 *
 * @param amount - a decimal string in whole currency units, as on the wire
 * @param currency - an asset code; unknown codes follow the number
 * @returns `undefined` when `amount` is not a plain decimal
 * @example
 * ```ts
 * formatPrice('0.3', 'KRW') // '₩0.3'
 * formatPrice('0.002', 'USD') // '$0.002'
 * formatPrice('12000', 'GEM') // '12,000 GEM'
 * ```
 */
export function formatPrice(amount: string, currency: string): string | undefined {
  const parts = /^0*(\d+)(?:\.(\d*?)0*)?$/.exec(amount)
  if (!parts) return undefined
  const [, whole = '', digits = ''] = parts
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  // Two decimals where people expect them; more for as long as they say something.
  const decimals = digits.padEnd(/USD|EUR/.test(currency) ? 2 : 0, '0')
  const number = decimals ? `${grouped}.${decimals}` : grouped
  const symbol = symbols[currency]
  return symbol ? symbol + number : `${number} ${currency}`
}
