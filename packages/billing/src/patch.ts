/** Changing some members of a profile. */
import type { MarketProfile } from './model.ts'

/** Some members of a profile, as deep as one likes; a list is given whole. */
export type ProfilePatch = Patch<Omit<MarketProfile, 'market' | 'version' | 'effectiveFrom'>>

/** Members may be left out. `undefined` takes an optional one away. */
export type Patch<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: Patch<Value[Key]> | undefined }
    : Value

/** A profile with a patch over it, not validated yet: a patch can make nonsense of it. */
export function patched(profile: MarketProfile, patch: ProfilePatch): Record<string, unknown> {
  return merged({ ...profile }, { ...patch })
}

function merged(
  base: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const whole: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(patch)) {
    const before = base[key]
    if (value === undefined) delete whole[key]
    else whole[key] = isRecord(before) && isRecord(value) ? merged(before, value) : value
  }
  return whole
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
