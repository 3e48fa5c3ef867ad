import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { heapOptions } from '../machine.ts'

/** What the process that is measured is told. Accounts of a world are numbered in a row. */
export interface StageJob {
  readonly databaseUrl: string
  readonly firstWallet: number
  readonly wallets: number
  readonly firstMerchant: number
  readonly merchants: number
  /** `open`: only that. `use`: then pay from every wallet, then `tail` more, then go on until killed. */
  readonly task: 'open' | 'use'
  readonly tail: number
}

/** What it says, a line of JSON each. Megabytes and milliseconds. */
export type StageEvent =
  | {
      readonly event: 'opened'
      readonly openMs: number
      readonly firstMs: number
      readonly rssMB: number
    }
  | {
      readonly event: 'known'
      readonly accounts: number
      readonly rssMB: number
      readonly peakMB: number
    }
  | { readonly event: 'tail' }

const STAGE = fileURLToPath(new URL('./child.ts', import.meta.url))

/** A process that has a ledger open. */
export class Stage {
  readonly #child: ChildProcess
  readonly #events: AsyncIterator<string>

  private constructor(child: ChildProcess, events: AsyncIterator<string>) {
    this.#child = child
    this.#events = events
  }

  static async start(directory: string, job: StageJob): Promise<Stage> {
    const file = join(directory, 'stage.json')
    await writeFile(file, JSON.stringify(job))
    // Its input is a pipe from us: when we are gone it closes, and the process ends.
    const child = spawn(process.execPath, [...heapOptions(), STAGE, file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })
    return new Stage(child, lines[Symbol.asyncIterator]())
  }

  async next<Name extends StageEvent['event']>(
    name: Name,
  ): Promise<Extract<StageEvent, { readonly event: Name }>> {
    const line = await this.#events.next()
    if (line.done === true) throw new Error(`the measured process ended before "${name}"`)
    const event: Extract<StageEvent, { readonly event: Name }> = JSON.parse(line.value)
    if (event.event !== name) throw new Error(`"${event.event}" instead of "${name}"`)
    return event
  }

  /** As `kill -9` does. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    this.#child.kill('SIGKILL')
    await ended
  }
}
