/** A broken promise inside the ledger: a bug, never bad input. The shard that sees one stops. */
export class LedgerBug extends Error {
  override readonly name = 'LedgerBug'
}

export function assert(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new LedgerBug(promise)
}
