import type { WriteStream } from 'node:tty'

/** Where to say what is going on and how far it has come. */
export interface Progress {
  /** A line that stays. */
  say(text: string): void
  /** What is being done now; on a terminal the line is overwritten by the next. */
  now(text: string, share?: number): void
}

const BAR_CELLS = 24
/** Without a terminal, a sign of life so often. */
const QUIET_MS = 10_000

export function createProgress(out: WriteStream | NodeJS.WriteStream): Progress {
  if (!out.isTTY) {
    let saidAt = 0
    return {
      say: (text) => out.write(`${text}\n`),
      now(text, share) {
        const nowMs = performance.now()
        if (nowMs - saidAt < QUIET_MS) return
        saidAt = nowMs
        out.write(`  … ${text}${share === undefined ? '' : ` ${percent(share)}`}\n`)
      },
    }
  }
  const clear = '\r\x1b[2K'
  return {
    say: (text) => out.write(`${clear}${text}\n`),
    now(text, share) {
      const bar = share === undefined ? '' : `  ${barOf(share)} ${percent(share)}`
      out.write(`${clear}  ${text}${bar}`.slice(0, clear.length + (out.columns ?? 100) - 1))
    },
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`
}

function barOf(share: number): string {
  const full = Math.min(BAR_CELLS, Math.round(share * BAR_CELLS))
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full)
}
