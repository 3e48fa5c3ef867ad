/** Reads something from JSON, or throws {@link Misread}. `path` says where it stood. */
export type Shape<T> = (json: unknown, path: string) => T

/** An answer that is not what was agreed. */
export class Misread extends Error {
  constructor(path: string, wanted: string) {
    super(`${path} is not ${wanted}`)
  }
}

type Shapes = Readonly<Record<string, Shape<unknown>>>
type Read<S extends Shapes> = { readonly [Name in keyof S]: ReturnType<S[Name]> }

export const text: Shape<string> = (json, path) => {
  if (typeof json === 'string') return json
  throw new Misread(path, 'a text')
}

export const count: Shape<number> = (json, path) => {
  if (typeof json === 'number') return json
  throw new Misread(path, 'a number')
}

export const flag: Shape<boolean> = (json, path) => {
  if (typeof json === 'boolean') return json
  throw new Misread(path, 'true or false')
}

/** One of these words. */
export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return (json, path) => {
    const found = words.find((word) => word === json)
    if (found !== undefined) return found
    throw new Misread(path, words.join(' or '))
  }
}

/** What is left out counts as null too. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (json, path) => (json === null || json === undefined ? null : shape(json, path))
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (json, path) => {
    if (Array.isArray(json)) return json.map((each, index) => shape(each, `${path}[${index}]`))
    throw new Misread(path, 'a list')
  }
}

/** An object with at least these fields. */
export function record<S extends Shapes>(shapes: S): Shape<Read<S>>
export function record(shapes: Shapes): Shape<unknown> {
  return (json, path) => {
    if (typeof json !== 'object' || json === null) throw new Misread(path, 'an object')
    const fields: Readonly<Record<string, unknown>> = { ...json }
    return Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, shape(fields[name], `${path}.${name}`)]),
    )
  }
}

/** The list in this field of an object. */
export function listIn<T>(name: string, shape: Shape<T>): Shape<readonly T[]> {
  const whole = record({ [name]: list(shape) })
  return (json, path) => whole(json, path)[name] ?? []
}

/** An answer without a body, or one that nobody looks at. */
export const nothing: Shape<undefined> = () => undefined
