import type { Io } from './io.ts'
import { barText } from './text.ts'

/** Says how far something has come, once it takes longer than two seconds. */
export interface Progress {
  /** @param share - 0 to 1, when it is known */
  update(share: number | undefined, note?: string): void
  done(): void
}

const patienceMs = 2_000
const drawMs = 120
const plainMs = 10_000

/** On a terminal one line that is drawn over; elsewhere a plain line at the start and every ten seconds. */
export function createProgress(io: Io, label: string): Progress {
  const startedMs = performance.now()
  let share: number | undefined
  let note = ''
  let isDrawn = false
  let saidMs = Number.NEGATIVE_INFINITY

  const tick = () => {
    const elapsedMs = performance.now() - startedMs
    if (elapsedMs < patienceMs) return
    const line = lineText(label, share, note, elapsedMs)
    if (io.isTty) {
      io.err(`\r\x1b[2K${line}`)
      isDrawn = true
    } else if (elapsedMs - saidMs >= plainMs) {
      saidMs = elapsedMs
      io.err(`${line}\n`)
    }
  }
  const timer = setInterval(tick, io.isTty ? drawMs : patienceMs)
  return {
    update(nextShare, nextNote = '') {
      share = nextShare
      note = nextNote
    },
    done() {
      clearInterval(timer)
      if (isDrawn) io.err('\r\x1b[2K')
    },
  }
}

const barWidth = 24

function lineText(
  label: string,
  share: number | undefined,
  note: string,
  elapsedMs: number,
): string {
  const seconds = `${Math.floor(elapsedMs / 1000)} s`
  if (share !== undefined) {
    const percent = `${Math.floor(share * 100)}`.padStart(3)
    return `${label} ${barText(share, barWidth)} ${percent} % ${note} ${seconds}`.trimEnd()
  }
  // Without an end in sight a block wanders, so that it is seen to be alive.
  const at = Math.floor(elapsedMs / drawMs) % barWidth
  const bar = `${'░'.repeat(at)}█${'░'.repeat(barWidth - at - 1)}`
  return `${label} ${bar} ${note} ${seconds}`.replace('  ', ' ')
}

/** Runs something with a progress line, which goes away whatever happens. */
export async function withProgress<Result>(
  io: Io,
  label: string,
  run: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const progress = createProgress(io, label)
  try {
    return await run(progress)
  } finally {
    progress.done()
  }
}
