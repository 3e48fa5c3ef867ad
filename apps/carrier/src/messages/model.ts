import type pg from 'pg'
import type { Line, NewMessage, Payment, Refund } from '../model.ts'
import type { Writing } from '../writing.ts'

/**
 * Where the carrier's parts put messages to the owners of lines. A message that is saved twice (same line, kind, `about`
 * and text) is there once, so that whatever writes one may be repeated.
 */
export interface Outbox {
  /** The statutory notice at the charge: time, merchant and contact, amount and items, how to object (Network Act art. 58(1)). */
  chargeMessage(payment: Payment, line: Line): NewMessage
  /** Money came back: how much, from whom, and where it goes. */
  refundMessage(refund: Refund, payment: Payment, line: Line): NewMessage
  save(messages: readonly NewMessage[]): Promise<void>
  /** Within the transaction that makes the message true. Tell of them by `announce` after the commit. */
  saveIn(client: pg.PoolClient, messages: readonly NewMessage[]): Promise<void>
  /** The same for one statement of several parts; undefined when there are none. */
  writing(messages: readonly NewMessage[]): Writing | undefined
  /** Tells the live feed of messages whose transaction was committed. */
  announce(messages: readonly NewMessage[]): void
}

/** A message as it is kept. */
export interface Message extends NewMessage {
  readonly id: string
  readonly sentAtMs: number
}
