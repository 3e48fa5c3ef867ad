import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_DIGITS = 10
const CHANCE_DIGITS = 16
const POOL = 64 * 1024

const pool = Buffer.alloc(POOL)
let at = POOL
let timeMs = 0
let timeDigits = ''

/** A new `pay_` TypeID of this moment: a UUIDv7 in base 32, 48 bits of time before 80 of version and chance. */
export function createPaymentId(): string {
  if (at + CHANCE_DIGITS > POOL) refill()
  const nowMs = Date.now()
  if (nowMs !== timeMs) setTime(nowMs)
  const chance = pool.toString('latin1', at, at + CHANCE_DIGITS)
  at += CHANCE_DIGITS
  return `pay_${timeDigits}${chance}`
}

function setTime(nowMs: number): void {
  timeMs = nowMs
  let rest = nowMs
  let digits = ''
  for (let digit = 0; digit < TIME_DIGITS; digit++) {
    digits = (ALPHABET[rest % 32] ?? '') + digits
    rest = Math.floor(rest / 32)
  }
  timeDigits = digits
}

/** Chance as base-32 digits, with version 7 (0111) and variant 10 where a UUID has them. */
function refill(): void {
  randomFillSync(pool)
  for (let index = 0; index < POOL; index++) {
    const value = (pool[index] ?? 0) & 31
    const digit = index % CHANCE_DIGITS
    const fixed =
      digit === 0 ? 0b01110 | (value & 1) : digit === 3 ? (value & 0b10011) | 0b01000 : value
    pool[index] = ALPHABET.charCodeAt(fixed)
  }
  at = 0
}
