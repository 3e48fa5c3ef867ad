/** `+821020000001` as people write it at home: `010-2000-0001`. Other countries' stay as they are. */
export function phoneText(number: string): string {
  const [, first, second, third] = /^\+82(\d{2})(\d{3,4})(\d{4})$/.exec(number) ?? []
  return first === undefined ? number : `0${first}-${second}-${third}`
}

/** What people type, as the wire wants it; undefined when it is no phone number. */
export function phoneFrom(typed: string): string | undefined {
  const plain = typed.replaceAll(/[\s().-]/g, '')
  const number = plain.startsWith('0') ? `+82${plain.slice(1)}` : plain
  const isWhole = number.startsWith('+82') ? /^\+82[1-9]\d{7,9}$/ : /^\+[1-9]\d{7,14}$/
  return isWhole.test(number) ? number : undefined
}
