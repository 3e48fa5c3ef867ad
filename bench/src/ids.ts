import { randomFillSync } from 'node:crypto'
import type { TransferId } from '@jeon/ledger'

/** `timed`: UUIDv7, as pages and servers make them. `random`: no time in it, as a hashed key has none. */
export type IdForm = 'timed' | 'random'

const BYTES = 16

/** Makes transfer ids in blocks: chance once a block, one string an id. */
export class IdSource {
  readonly #bytes: Buffer
  readonly #form: IdForm

  constructor(count: number, form: IdForm = 'timed') {
    this.#bytes = Buffer.alloc(count * BYTES)
    this.#form = form
  }

  /** New ids, of this moment. */
  refill(): void {
    const bytes = this.#bytes
    randomFillSync(bytes)
    const nowMs = Date.now()
    const isTimed = this.#form === 'timed'
    for (let at = 0; at < bytes.length; at += BYTES) {
      if (isTimed) bytes.writeUIntBE(nowMs, at, 6)
      bytes[at + 6] = ((bytes[at + 6] ?? 0) & 0x0f) | (isTimed ? 0x70 : 0x80)
      bytes[at + 8] = ((bytes[at + 8] ?? 0) & 0x3f) | 0x80
    }
  }

  at(index: number): TransferId {
    return this.#bytes.toString('hex', index * BYTES, index * BYTES + BYTES)
  }
}
