/**
 * Texts from outside that no table could hold: PostgreSQL keeps no zero byte, and half of a surrogate pair is no
 * character. Whoever sends one made a mistake, which is said before anything is done.
 */
export function isKeepable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** In JSON both can only come escaped, so that nearly every body is seen to have none without looking at its values. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i

/**
 * Where a JSON body has a text that cannot be kept: the path of the first one found; `undefined`: nowhere.
 *
 * @param source - the text that `json` was parsed from
 */
export function unkeepableAt(source: string, json: unknown): string | undefined {
  if (!SUSPECT.test(source)) return undefined
  // No recursion: a body may be nested deeper than any stack.
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value: json, path: '' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next
    if (typeof value === 'string' && !isKeepable(value)) return path
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value)) {
      if (!isKeepable(name)) return path
      waiting.push({ value: inner, path: path === '' ? name : `${path}.${name}` })
    }
  }
  return undefined
}
