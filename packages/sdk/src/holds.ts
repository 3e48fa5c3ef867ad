import { newHoldId } from './ids.ts'
import type { Outcome } from './outcome.ts'
import { checkedId, type NewPayment, paymentBody } from './payments.ts'
import { JeonProblem } from './problem.ts'
import { type Hold, holdOf, type Payment, paymentOf } from './shapes.ts'
import { moveUntilKnown, type Transport } from './transport.ts'

export type NewHold = NewPayment & {
  /** After how many seconds it expires by itself. */
  readonly ttlS: number
}

export interface Holds {
  /** Reserves funds. `id` is a `hold_` id. */
  create(hold: NewHold): Promise<Outcome<Hold>>
  /** @throws `JeonProblem`, `JeonUnreachable` */
  get(id: string): Promise<Hold>
  /**
   * Takes what was reserved, all or part. The rest is free again.
   *
   * @returns the payment that it became
   * @param amount - decimal string in the hold's currency. (Default: all of it.)
   * @param key - one per intent. (Default: one for the hold, as it can be captured only once.)
   */
  capture(id: string, amount?: string, key?: string): Promise<Outcome<Payment>>
  /** Lets go of what was reserved. */
  void(id: string): Promise<Outcome<Hold>>
}

export function createHolds(transport: Transport): Holds {
  const pathOf = (id: string) => `/v1/holds/${encodeURIComponent(checkedId('hold', id))}`
  const get = (id: string) => transport.ask({ method: 'GET', path: pathOf(id) }, holdOf)
  const post = <Value>(
    path: string,
    key: string,
    body: unknown,
    parse: (json: unknown) => Value,
  ): Promise<Outcome<Value>> =>
    moveUntilKnown(
      transport,
      () => transport.move({ method: 'POST', path, body }, key, parse),
      undefined,
    )

  return {
    get,
    create(hold) {
      const id = checkedId('hold', hold.id ?? newHoldId())
      const body = { ...paymentBody(hold), ttl_s: hold.ttlS }
      return moveUntilKnown(
        transport,
        () => transport.move({ method: 'POST', path: '/v1/holds', body }, id, holdOf),
        async () => {
          try {
            return await get(id)
          } catch (error) {
            if (error instanceof JeonProblem && error.status === 404) return undefined
            throw error
          }
        },
      )
    },
    capture: (id, amount, key) =>
      post(
        `${pathOf(id)}/capture`,
        key ?? `capture-${id}`,
        amount === undefined ? {} : { amount },
        paymentOf,
      ),
    void: (id) => post(`${pathOf(id)}/void`, `void-${id}`, {}, holdOf),
  }
}
