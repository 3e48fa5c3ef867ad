/** Stops at a bug: what a function relies on did not hold. Stays on in production. */
export function invariant(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${claim}`)
}
