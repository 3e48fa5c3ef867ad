import { isUtf8 } from 'node:buffer'
import { type Refusal, refuse } from './errors.ts'

export type ParsedJson = { readonly json: unknown } | Refusal

/**
 * Reads JSON strictly: UTF-8 only, and no object that names a member twice, because two programs that read it would
 * not agree on what it says.
 */
export function parseJson(bytes: Buffer): ParsedJson {
  if (!isUtf8(bytes)) return refuse('body_not_utf8', { param: 'body' })
  const text = bytes.toString('utf8')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refuse('body_malformed', { param: 'body' })
  }
  const twice = duplicateName(text)
  return twice === undefined
    ? { json }
    : refuse('body_duplicate_key', { param: twice.slice(0, 200) })
}

/** The first name that an object in a valid JSON text has twice; undefined when there is none. */
export function duplicateName(text: string): string | undefined {
  const names: Set<string>[] = []
  let at = 0
  while (at < text.length) {
    const character = text.charCodeAt(at)
    if (character === openBrace) names.push(new Set())
    else if (character === closeBrace) names.pop()
    if (character !== quote) {
      at += 1
      continue
    }
    const end = endOfString(text, at)
    if (isName(text, end)) {
      const raw = text.slice(at + 1, end - 1)
      const name = raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw
      const known = names.at(-1)
      if (known?.has(name)) return name
      known?.add(name)
    }
    at = end
  }
  return undefined
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const character = text.charCodeAt(at)
    if (character === quote) return at + 1
    at += character === backslash ? 2 : 1
  }
}

/** In valid JSON a string is a name exactly when a colon follows. */
function isName(text: string, end: number): boolean {
  let at = end
  while (text.charCodeAt(at) <= space) at += 1
  return text.charCodeAt(at) === colon
}

const quote = 34
const backslash = 92
const colon = 58
const space = 32
const openBrace = 123
const closeBrace = 125
