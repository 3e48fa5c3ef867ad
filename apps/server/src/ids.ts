import { hash, randomFillSync } from 'node:crypto'

/**
 * TypeIDs: `pay_` and 26 characters of base 32 that hold a UUID. Encoded here rather than by `typeid-js`, which is what
 * the tests compare with: a batch of 10,000 payments reads and writes 20,000 of them.
 */

/** What an id can name. */
export type Prefix =
  | 'wal'
  | 'mer'
  | 'pay'
  | 'hold'
  | 'rfd'
  | 'top'
  | 'mov'
  | 'cap'
  | 'vod'
  | 'exp'
  | 'ses'
  | 'dev'
  | 'req'

/**
 * The TypeID of a UUID.
 *
 * @param uuid - 32 lower-case hexadecimal digits
 * @example
 * ```ts
 * typeIdOf('pay', '01890a5d96337f0d8a3c0b2b2f1f4a5e') // 'pay_01h455v5hkfw6rmf0b5cqhyjjy'
 * ```
 */
export function typeIdOf(prefix: Prefix, uuid: string): string {
  for (let index = 0; index < 16; index += 1) {
    bytes[index] =
      ((hexValues[uuid.charCodeAt(index * 2)] ?? 0) << 4) |
      (hexValues[uuid.charCodeAt(index * 2 + 1)] ?? 0)
  }
  return `${prefix}_${encodeBytes()}`
}

/**
 * The UUID in a TypeID: 32 lower-case hexadecimal digits, or undefined when the text is not a TypeID of that prefix.
 */
export function uuidOf(prefix: Prefix, text: string): string | undefined {
  const start = prefix.length + 1
  if (text.length !== start + digitsInSuffix) return undefined
  if (!text.startsWith(prefix) || text.charCodeAt(prefix.length) !== underscore) return undefined
  let pending = 0
  let pendingBits = 0
  let at = 0
  for (let index = 0; index < digitsInSuffix; index += 1) {
    const value = digitValues[text.charCodeAt(start + index)] ?? noDigit
    // 26 digits are 130 bits: the first two of them have to be zero.
    if (value === noDigit || (index === 0 && value > 7)) return undefined
    pending = (pending << 5) | value
    pendingBits += index === 0 ? 3 : 5
    if (pendingBits >= 8) {
      pendingBits -= 8
      bytes[at] = (pending >> pendingBits) & 0xff
      pending &= (1 << pendingBits) - 1
      at += 1
    }
  }
  return bytes.toString('hex')
}

/** A new TypeID with a UUIDv7 of the given time, in Unix milliseconds. */
export function createId(prefix: Prefix, nowMs: number): string {
  fillVersion7(nowMs)
  return `${prefix}_${encodeBytes()}`
}

/** A new UUIDv7 of the given time: 32 lower-case hexadecimal digits. */
export function createUuid(nowMs: number): string {
  fillVersion7(nowMs)
  return bytes.toString('hex')
}

/**
 * The UUID that a caller's own text stands for, the same every time: SHA-256 of the parts in the form of a UUIDv8. The
 * parts begin with what it names and whose it is, so that two payers' equal keys never meet. The first digit is 0: ids
 * of all ones are the journal's own.
 */
export function derivedUuid(noun: Prefix, owner: string | number, text: string): string {
  const digest = hash('sha256', `${noun}\n${owner}\n${text}`, 'hex')
  const variant = hexDigits.charAt(8 | ((hexValues[digest.charCodeAt(16)] ?? 0) & 3))
  return `0${digest.slice(1, 12)}8${digest.slice(13, 16)}${variant}${digest.slice(17, 32)}`
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const hexDigits = '0123456789abcdef'
const digitsInSuffix = 26
const underscore = 95
const noDigit = 255

const alphabetCodes = Buffer.from(alphabet, 'latin1')
const digitValues = valuesOf(alphabet)
const hexValues = valuesOf(hexDigits)

// One id is made or read at a time, in one go, so that the workspace can be shared.
const bytes = Buffer.alloc(16)
const suffix = Buffer.alloc(digitsInSuffix)
const randomPool = Buffer.alloc(8_000)
let randomAt = randomPool.length

function valuesOf(digits: string): Uint8Array {
  const values = new Uint8Array(256).fill(noDigit)
  for (let value = 0; value < digits.length; value += 1) values[digits.charCodeAt(value)] = value
  return values
}

function encodeBytes(): string {
  let pending = 0
  let pendingBits = 2
  let at = 0
  for (let index = 0; index < 16; index += 1) {
    pending = (pending << 8) | (bytes[index] ?? 0)
    pendingBits += 8
    while (pendingBits >= 5) {
      pendingBits -= 5
      suffix[at] = alphabetCodes[(pending >> pendingBits) & 31] ?? 0
      at += 1
    }
    pending &= (1 << pendingBits) - 1
  }
  return suffix.toString('latin1')
}

function fillVersion7(nowMs: number): void {
  if (randomAt + 10 > randomPool.length) {
    randomFillSync(randomPool)
    randomAt = 0
  }
  bytes.writeUIntBE(nowMs, 0, 6)
  randomPool.copy(bytes, 6, randomAt, randomAt + 10)
  randomAt += 10
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
}

/**
 * The ledger's id of what a key names: the UUID in a TypeID of that noun, or one made of the key and whose it is. So a
 * caller can make an object's id before sending, and anybody else's text is just as good.
 */
export function idOf(noun: Prefix, owner: string | number, key: string): string {
  const own = uuidOf(noun, key)
  // Version 7 only: a caller who could send the id that another key is going to stand for would take it away.
  return own?.charAt(12) === '7' ? own : derivedUuid(noun, owner, key)
}
