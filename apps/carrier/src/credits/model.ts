/** Money that came back after its cycle, or was paid beyond what was owed: used up by bills, oldest first, no interest. */
export interface Credit {
  readonly id: string
  readonly lineId: string
  /** Smallest units. */
  readonly amount: bigint
  readonly used: bigint
  readonly from: 'refund' | 'receipt' | 'early'
  readonly createdAtMs: number
}

/** What the core needs when a refund comes too late to cancel its payment. */
export interface Credits {
  /**
   * Gives a late refund to the line. Happens once per refund, however often it is called. First it makes good what was
   * written off of the very purchase, then it pays what is owed, then what else was written off; the rest waits for later
   * bills. `amount` in smallest units, positive.
   */
  add(lineId: string, refundId: string, amount: bigint): Promise<void>
}
