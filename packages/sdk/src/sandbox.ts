import { type Clock, clockOf } from './shapes.ts'
import type { Transport } from './transport.ts'

/** The sandbox's test clock. Moving it needs the operator's key. All throw `JeonProblem` and `JeonUnreachable`. */
export interface ClockClient {
  get(): Promise<Clock>
  /** @param by - `40d`, `2h`, `30m`, `10s` */
  advance(by: string): Promise<Clock>
  freeze(): Promise<Clock>
  thaw(): Promise<Clock>
}

const path = '/v1/sandbox/clock'

export function createClockClient(transport: Transport): ClockClient {
  const set = (body: Readonly<Record<string, unknown>>) =>
    transport.ask({ method: 'POST', path, body }, clockOf)
  return {
    get: () => transport.ask({ method: 'GET', path }, clockOf),
    advance: (by) => set({ advance: by }),
    freeze: () => set({ freeze: true }),
    thaw: () => set({ freeze: false }),
  }
}
