import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { StartFailure } from '../config.ts'

/**
 * Seals what must not be read from a copy of the database: AES-256-GCM, a nonce of its own for each, and the owner's
 * name bound in, so that one wallet's sealed tokens are worth nothing in another's row.
 */
export class Seal {
  readonly #key: Buffer

  private constructor(key: Buffer) {
    this.#key = key
  }

  /**
   * Reads the key of a file that only its owner may read; makes one when there is none.
   *
   * @throws {@link StartFailure} for a file that is no key: what was sealed with another could never be opened again
   */
  static async open(path: string): Promise<Seal> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
    if (text === undefined) {
      const key = randomBytes(keyBytes)
      const draft = `${path}.${randomUUID()}`
      await writeFile(draft, `${key.toString('base64')}\n`, { mode: 0o600 })
      await rename(draft, path)
      return new Seal(key)
    }
    await chmod(path, 0o600)
    const key = Buffer.from(text.trim(), 'base64')
    if (key.length === keyBytes) return new Seal(key)
    throw new StartFailure(
      `${path} is not a key for the lines' tokens: put the right file back, or move it away and link lines anew.`,
    )
  }

  /** @param owner - whose it is; the same has to be named to open it */
  seal(owner: string, text: string): Buffer {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    cipher.setAAD(Buffer.from(owner))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  }

  /** A mark under a text that only the holder of the key can make: 43 characters. */
  mark(text: string): string {
    const markKey = createHmac('sha256', this.#key).update('mark').digest()
    return createHmac('sha256', markKey).update(text).digest('base64url')
  }

  /** Whether a mark is the text's, compared in constant time. */
  isMarkOf(text: string, mark: string): boolean {
    const [own, given] = [Buffer.from(this.mark(text)), Buffer.from(mark)]
    return own.length === given.length && timingSafeEqual(own, given)
  }

  /** @throws when it was changed, is another owner's, or was sealed with another key */
  unseal(owner: string, sealed: Buffer): string {
    const nonce = sealed.subarray(0, nonceBytes)
    const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce)
    decipher.setAAD(Buffer.from(owner))
    decipher.setAuthTag(tag)
    const rest = sealed.subarray(nonceBytes + tagBytes)
    return Buffer.concat([decipher.update(rest), decipher.final()]).toString('utf8')
  }
}

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
