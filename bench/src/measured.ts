import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { heapOptions } from './machine.ts'

/**
 * A process of its own whose time or memory is measured. It gets its job in a file and tells what happens, a line of
 * JSON each. When its input closes, it has to end.
 */
export class Measured<Event extends { readonly event: string }> {
  readonly #child: ChildProcess
  readonly #events: AsyncIterator<string>

  private constructor(child: ChildProcess, events: AsyncIterator<string>) {
    this.#child = child
    this.#events = events
  }

  /** @param program - its file, which reads a path to the job as its only parameter */
  static async start<Event extends { readonly event: string }>(
    program: string,
    directory: string,
    job: unknown,
  ): Promise<Measured<Event>> {
    const file = join(directory, `${basename(program, '.ts')}.json`)
    await writeFile(file, JSON.stringify(job))
    // Its input is a pipe from us: when we are gone it closes, and the process ends.
    const child = spawn(process.execPath, [...heapOptions(), program, file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })
    return new Measured<Event>(child, lines[Symbol.asyncIterator]())
  }

  /** @param onOther - what comes before the awaited event. (Default: nothing may) */
  async next<Name extends Event['event']>(
    name: Name,
    onOther?: (event: Event) => void,
  ): Promise<Extract<Event, { readonly event: Name }>> {
    for (;;) {
      const line = await this.#events.next()
      if (line.done === true) throw new Error(`the measured process ended before "${name}"`)
      const event: Event = JSON.parse(line.value)
      if (isNamed(event, name)) return event
      if (onOther === undefined) throw new Error(`"${event.event}" instead of "${name}"`)
      onOther(event)
    }
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return
    const ended = this.#ended()
    this.#child.stdin?.end()
    await ended
  }

  /** As `kill -9` does. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return
    const ended = this.#ended()
    this.#child.kill('SIGKILL')
    await ended
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  #ended(): Promise<void> {
    return new Promise((resolve) => this.#child.once('exit', () => resolve()))
  }
}

function isNamed<Event extends { readonly event: string }, Name extends Event['event']>(
  event: Event,
  name: Name,
): event is Extract<Event, { readonly event: Name }> {
  return event.event === name
}
