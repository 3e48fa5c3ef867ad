import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

// Six digits are found by trying whatever the hash costs; what protects them is that few tries are allowed.
const COST = { N: 1024, r: 8, p: 1 }
const BYTES = 32

/** `salt:hash` of a payment password, both in hexadecimal. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `${salt.toString('hex')}:${(await derive(password, salt)).toString('hex')}`
}

export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [salt = '', hash = ''] = stored.split(':')
  const derived = await derive(password, Buffer.from(salt, 'hex'))
  const known = Buffer.from(hash, 'hex')
  return known.length === derived.length && timingSafeEqual(known, derived)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, BYTES, COST, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
