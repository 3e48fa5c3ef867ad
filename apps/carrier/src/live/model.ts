import type { Change } from '../model.ts'

/** Where the carrier's parts say that something changed for the owner of a line. Never throws and never waits. */
export interface Changes {
  tell(change: Change): void
}
