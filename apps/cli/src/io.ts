/** All that a command touches of the world, so that tests can hand it another one. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Whether stderr is a terminal, where a line may be drawn over. */
  readonly isTty: boolean
  /** Whether stdout may carry colour. */
  readonly hasColor: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  readonly columns: number
  /** Ends whatever goes on, as Ctrl-C does. */
  readonly signal: AbortSignal
}

/**
 * - 0: done
 * - 1: refused, or failed
 * - 2: the command line makes no sense
 * - 3: money may or may not have moved; the same command again finds out, and never pays twice
 */
export type ExitCode = 0 | 1 | 2 | 3

/** A failure with what to do about it. Ends a command. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure'
  readonly code: string
  readonly exitCode: ExitCode
  readonly hint: string | undefined
  /** The command to type next. */
  readonly next: string | undefined

  constructor(
    code: string,
    message: string,
    more?: {
      readonly hint?: string | undefined
      readonly next?: string | undefined
      readonly exitCode?: ExitCode
    },
  ) {
    super(message)
    this.code = code
    this.hint = more?.hint
    this.next = more?.next
    this.exitCode = more?.exitCode ?? 1
  }
}

type Paint = (text: string) => string

/** Colours that are left out where there are none; no meaning is carried by colour alone. */
export interface Paints {
  readonly bold: Paint
  readonly dim: Paint
  readonly good: Paint
  readonly bad: Paint
  readonly warn: Paint
}

export function paintsFor(hasColor: boolean): Paints {
  const paint =
    (start: number, end: number): Paint =>
    (text) =>
      hasColor ? `\x1b[${start}m${text}\x1b[${end}m` : text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    good: paint(32, 39),
    bad: paint(31, 39),
    warn: paint(33, 39),
  }
}
