const PLACES = 1024
/** Longer ones are rarely the same as one before. */
const BYTES_MAX = 24

/**
 * Turns bytes into text, and gives the same string again for the same bytes: names of assets,
 * categories and offers come a million times. Remembers a thousand; a new one takes the place of
 * one before.
 */
export class RepeatedTexts {
  readonly #bytes = new Uint8Array(PLACES * BYTES_MAX)
  readonly #texts = new Array<string>(PLACES).fill('')
  readonly #lengths = new Uint8Array(PLACES)

  /** The UTF-8 text in `bytes` from `from` up to `to`. */
  read(bytes: Buffer, from: number, to: number): string {
    const length = to - from
    if (length === 0) return ''
    if (length > BYTES_MAX) return bytes.toString('utf8', from, to)
    let hash = length
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1)
    if (this.#lengths[place] === length && this.#isAt(place, bytes, from, length)) {
      return this.#texts[place]!
    }
    const text = bytes.toString('utf8', from, to)
    for (let at = 0; at < length; at++) this.#bytes[place * BYTES_MAX + at] = bytes[from + at]!
    this.#lengths[place] = length
    this.#texts[place] = text
    return text
  }

  #isAt(place: number, bytes: Buffer, from: number, length: number): boolean {
    const known = this.#bytes
    const start = place * BYTES_MAX
    for (let at = 0; at < length; at++) {
      if (known[start + at] !== bytes[from + at]) return false
    }
    return true
  }
}
