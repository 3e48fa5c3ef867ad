import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
} from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { StartFailure } from '../config.ts'

/** A published key, as it stands in /.well-known/jwks.json. */
export interface PublicJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
  readonly use: 'sig'
  readonly alg: 'EdDSA'
}

interface ReceiptKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly jwk: PublicJwk
}

const keyFile = z.strictObject({ keys: z.array(z.strictObject({ pem: z.string() })).min(1) })

/** The keys that sign receipts. The last one signs; all are published, so that older receipts stay checkable. */
export class ReceiptKeys {
  readonly #path: string
  #keys: readonly ReceiptKey[]

  private constructor(path: string, keys: readonly ReceiptKey[]) {
    this.#path = path
    this.#keys = keys
  }

  /** Reads the keys of a file that only its owner may read; makes the first key when there is no file. */
  static async open(path: string): Promise<ReceiptKeys> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
    if (text === undefined) {
      const keys = new ReceiptKeys(path, [createReceiptKey()])
      await keys.#save()
      return keys
    }
    await chmod(path, 0o600)
    return new ReceiptKeys(path, keysIn(text, path))
  }

  /** Signs with a new key from now on; receipts of the older ones stay valid until they end. */
  async rotate(): Promise<void> {
    this.#keys = [...this.#keys, createReceiptKey()]
    await this.#save()
  }

  get published(): readonly PublicJwk[] {
    return this.#keys.map(({ jwk }) => jwk)
  }

  /** A compact JWS (RFC 7515, EdDSA of RFC 8037) of a set of claims. */
  sign(claims: Readonly<Record<string, unknown>>): string {
    const key = this.#keys.at(-1)
    if (key === undefined) throw new Error('there is no key to sign receipts with')
    const header = encoded({ alg: 'EdDSA', typ: 'jeon-receipt+jwt', kid: key.kid })
    const content = `${header}.${encoded(claims)}`
    return `${content}.${sign(null, Buffer.from(content), key.privateKey).toString('base64url')}`
  }

  async #save(): Promise<void> {
    const keys = this.#keys.map(({ privateKey }) => ({
      pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }))
    const draft = `${this.#path}.new`
    await writeFile(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 })
    await rename(draft, this.#path)
  }
}

/** @throws {@link StartFailure} that names the file */
function keysIn(text: string, path: string): ReceiptKey[] {
  try {
    const { keys } = keyFile.parse(JSON.parse(text))
    return keys.map(({ pem }) => receiptKeyOf(createPrivateKey(pem)))
  } catch {
    throw new StartFailure(
      `${path} is not a file of receipt keys: put the right one back, or move it away to sign with a new key.`,
    )
  }
}

function createReceiptKey(): ReceiptKey {
  return receiptKeyOf(generateKeyPairSync('ed25519').privateKey)
}

function receiptKeyOf(privateKey: KeyObject): ReceiptKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (x === undefined) throw new Error('a receipt key has to be an Ed25519 key')
  // RFC 7638: the members of the thumbprint in lexical order.
  const kid = hash('sha256', JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url')
  const jwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' }
  return { kid, privateKey, jwk }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
