import { derivedUuid } from '../ids.ts'

/** The ledger's ids of what one charge moves, all made from its own: to do a step again is to do it once. */
export function chargeIds(id: string) {
  return {
    /** In from the rail, together with the hold. */
    topup: derivedUuid('top', 'rail', id),
    hold: derivedUuid('hold', 'rail', id),
    /** The payment itself. */
    capture: id,
    void: derivedUuid('vod', 'rail', id),
    /** Back to the rail, together with the void. */
    back: derivedUuid('mov', 'rail', id),
  }
}

/** The same for a refund on its way to the line. */
export function refundIds(id: string) {
  return {
    refund: id,
    /** Out to the rail, together with the refund. */
    out: derivedUuid('mov', 'rail-refund', id),
    /** Back into the wallet when the carrier would not take it. */
    kept: derivedUuid('top', 'rail-refund', id),
  }
}

/** The ledger's id of a collection's money. */
export function collectionTopupId(id: string): string {
  return derivedUuid('top', 'collection', id)
}
