/** Shows what is being done while it takes time. */
export interface Progress {
  /** Runs a step; `say` tells what it is at. */
  step<T>(name: string, run: (say: (message: string) => void) => Promise<T>): Promise<T>
}

interface Screen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** One line a step. On a terminal the line moves while it works; elsewhere it is written twice. */
export function createProgress(screen: Screen, monotonicMs: () => number): Progress {
  const live = screen.isTTY === true
  return {
    async step(name, run) {
      const startedMs = monotonicMs()
      let message = ''
      let frame = 0
      const label = name.padEnd(11)
      const draw = () => {
        screen.write(`\r\x1b[K  ${frames[frame % frames.length] ?? ''} ${label}${message}`)
        frame += 1
      }
      const timer = live ? setInterval(draw, 80) : undefined
      if (live) draw()
      else screen.write(`  … ${name}\n`)
      const end = (sign: string) => {
        clearInterval(timer)
        const seconds = ((monotonicMs() - startedMs) / 1000).toFixed(1)
        screen.write(`${live ? '\r\x1b[K' : ''}  ${sign} ${label}${seconds} s\n`)
      }
      try {
        const result = await run((said) => {
          message = said.slice(0, 100)
          if (!live) screen.write(`    ${said}\n`)
        })
        end('✓')
        return result
      } catch (error) {
        end('✗')
        throw error
      }
    },
  }
}
