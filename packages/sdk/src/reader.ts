/** Reads the server's JSON field by field, so that a reply of another shape is noticed here and not three calls later. */

/** A JSON object whose fields nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>

/** A reply that is not what the contract says. For a payment this means that its outcome is not known. */
export class WireError extends Error {
  override name = 'WireError'
}

export function isFields(json: unknown): json is Fields {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

/** @throws {@link WireError} */
export function fieldsOf(json: unknown, what: string): Fields {
  if (isFields(json)) return json
  throw new WireError(`${what} is not a JSON object`)
}

/** @throws {@link WireError} */
export function textOf(fields: Fields, name: string): string {
  const text = fields[name]
  if (typeof text === 'string') return text
  throw new WireError(`${name} is not a string`)
}

/** The field when it is a string; missing, null and anything else is undefined. */
export function optionalText(fields: Fields, name: string): string | undefined {
  const text = fields[name]
  return typeof text === 'string' ? text : undefined
}

/** The field when it is a number; missing, null and anything else is undefined. Never for money. */
export function optionalNumber(fields: Fields, name: string): number | undefined {
  const number = fields[name]
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** @throws {@link WireError} when it is there and not a list */
export function listOf<Item>(
  fields: Fields,
  name: string,
  item: (json: unknown) => Item,
): readonly Item[] {
  const list = fields[name]
  if (list === undefined || list === null) return []
  if (Array.isArray(list)) return list.map((json: unknown) => item(json))
  throw new WireError(`${name} is not a list`)
}

/** Parses JSON text without throwing anything but {@link WireError}. */
export function parseJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return json
  } catch {
    throw new WireError('the reply is not JSON')
  }
}

/** The JSON values of an NDJSON text. @throws `WireError` */
export function linesOf<Item>(text: string, item: (json: unknown) => Item): readonly Item[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => item(parseJson(line)))
}
