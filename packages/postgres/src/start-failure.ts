/** Something that the person who started a program can put right; its message is one sentence that says how. */
export class StartFailure extends Error {
  override readonly name: string = 'StartFailure'
}

/** The code of a failure of Node (`ENOENT`) or PostgreSQL (`42P04`); undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
