import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * Keys and tokens in text: prefix, 256 random bits in base 62, and six characters of checksum, so that a scanner for
 * leaked secrets can tell a Jeon key from noise without asking us.
 */
export type TokenPrefix = 'sk_test' | 'pk_test' | 'op_test' | 'ws_test'

/** A new secret of a kind. Shown once; kept as {@link hashToken}. */
export function createToken(prefix: TokenPrefix): string {
  const secret = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43)
  return `${prefix}_${secret}${checksumOf(`${prefix}_${secret}`)}`
}

/** The prefix of a well-formed token whose checksum is right; undefined for anything else. */
export function prefixOfToken(text: string): TokenPrefix | undefined {
  const matched = tokenGrammar.exec(text)
  if (matched === null) return undefined
  const body = text.slice(0, -checksumLength)
  if (checksumOf(body) !== text.slice(-checksumLength)) return undefined
  return prefixes.find((prefix) => prefix === matched[1])
}

/** SHA-256 in hexadecimal. Enough for 256 random bits: there is nothing to guess, so nothing to stretch. */
export function hashToken(text: string): string {
  return hash('sha256', text, 'hex')
}

const prefixes: readonly TokenPrefix[] = ['sk_test', 'pk_test', 'op_test', 'ws_test']
const tokenGrammar = /^(sk_test|pk_test|op_test|ws_test)_[0-9A-Za-z]{49}$/
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const checksumLength = 6

function checksumOf(body: string): string {
  return base62(BigInt(crc32(body)), checksumLength)
}

function base62(number: bigint, length: number): string {
  let rest = number
  let text = ''
  while (text.length < length) {
    text = digits.charAt(Number(rest % 62n)) + text
    rest /= 62n
  }
  return text
}
