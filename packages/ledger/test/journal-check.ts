import { batchHash, NO_HASH } from '../src/batch.ts'
import { expiresAtMs } from '../src/holds.ts'
import { numberOf } from '../src/ids.ts'
import type { Sequence, Transfer } from '../src/model.ts'
import { rowToAccount } from '../src/postgres/rows.ts'
import { ShardProof } from '../src/proof.ts'
import type { MemoryDatabase } from './memory-database.ts'

/** An account as the journal says, right after one of its transfers. */
export interface PlainAccount {
  readonly sequence: Sequence
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
}

export const EMPTY: PlainAccount = {
  sequence: 0,
  debitsPosted: 0n,
  creditsPosted: 0n,
  debitsPending: 0n,
  creditsPending: 0n,
}

/** The journal folded again with nothing but Maps: every state that every account has ever had. */
export class PlainJournal {
  readonly states = new Map<number, PlainAccount[]>()
  readonly openHolds = new Map<Sequence, Transfer>()
  readonly problems: string[] = []
  readonly #refunded = new Map<Sequence, bigint>()
  readonly #transfers: readonly Transfer[]

  constructor(transfers: readonly Transfer[]) {
    this.#transfers = transfers
    for (const transfer of transfers) this.#fold(transfer)
  }

  latest(account: number): PlainAccount {
    return this.states.get(account)?.at(-1) ?? EMPTY
  }

  at(account: number, sequence: Sequence): PlainAccount | undefined {
    if (sequence === 0) return EMPTY
    return this.states.get(account)?.find((state) => state.sequence === sequence)
  }

  #fold(transfer: Transfer): void {
    const { kind, amount, origin, sequence } = transfer
    switch (kind) {
      case 'hold':
        this.openHolds.set(sequence, transfer)
        this.#change(transfer, 0n, amount)
        return
      case 'capture':
      case 'void':
      case 'expire': {
        const hold = this.openHolds.get(origin)
        if (hold === undefined) {
          this.problems.push(`${sequence} resolves ${origin}, which is not open`)
          return
        }
        this.#resolve(transfer, hold)
        return
      }
      case 'refund':
        this.#refund(transfer)
        this.#change(transfer, amount, 0n)
        return
      case 'payment':
      case 'topup':
      case 'movement':
        if (origin !== 0) this.problems.push(`${sequence} has an origin`)
        this.#change(transfer, amount, 0n)
    }
  }

  #resolve(transfer: Transfer, hold: Transfer): void {
    const { kind, amount, atMs, sequence } = transfer
    this.openHolds.delete(hold.sequence)
    if (transfer.debit !== hold.debit || transfer.credit !== hold.credit) {
      this.problems.push(`${sequence} is between other accounts than its hold`)
    }
    const fits = kind === 'capture' ? amount <= hold.amount : amount === hold.amount
    if (!fits) this.problems.push(`${sequence} does not fit what was held`)
    if (kind === 'expire' && atMs < expiresAtMs(hold)) {
      this.problems.push(`${sequence} expires early`)
    }
    this.#change(transfer, kind === 'capture' ? amount : 0n, -hold.amount)
  }

  #refund(transfer: Transfer): void {
    const { sequence, origin, amount } = transfer
    const payment = this.#transfers[origin - 1]
    if (payment === undefined || (payment.kind !== 'payment' && payment.kind !== 'capture')) {
      this.problems.push(`${sequence} refunds ${origin}, which is no payment`)
      return
    }
    if (payment.debit !== transfer.credit || payment.credit !== transfer.debit) {
      this.problems.push(`${sequence} refunds somebody else`)
    }
    const refunded = (this.#refunded.get(origin) ?? 0n) + amount
    this.#refunded.set(origin, refunded)
    if (refunded > payment.amount) this.problems.push(`${sequence} refunds more than was paid`)
  }

  #change(transfer: Transfer, posted: bigint, pending: bigint): void {
    const { sequence } = transfer
    const debit = this.latest(transfer.debit)
    const credit = this.latest(transfer.credit)
    if (transfer.previousDebit !== debit.sequence || transfer.previousCredit !== credit.sequence) {
      this.problems.push(`${sequence} breaks a history`)
    }
    this.#push(transfer.debit, {
      ...debit,
      sequence,
      debitsPosted: debit.debitsPosted + posted,
      debitsPending: debit.debitsPending + pending,
    })
    this.#push(transfer.credit, {
      ...credit,
      sequence,
      creditsPosted: credit.creditsPosted + posted,
      creditsPending: credit.creditsPending + pending,
    })
  }

  #push(account: number, state: PlainAccount): void {
    const states = this.states.get(account)
    if (states === undefined) this.states.set(account, [state])
    else states.push(state)
  }
}

/** Numbers, times, hashes and batches: what makes rows a journal. */
export function checkChain(database: MemoryDatabase): string[] {
  const problems: string[] = []
  let previous: Buffer = NO_HASH
  let next = 1
  let atMs = 0
  let epoch = 0
  for (const batch of database.batches) {
    if (batch.firstSequence !== next) problems.push(`batch ${batch.firstSequence} is not ${next}`)
    if (batch.count !== batch.rows.length) problems.push(`batch ${next} counts ${batch.count}`)
    if (batch.epoch < epoch) problems.push(`batch ${next} is of an older epoch`)
    if (!batch.previousHash.equals(previous)) problems.push(`batch ${next} breaks the chain`)
    if (!batchHash(previous, Buffer.concat(batch.rows)).equals(batch.hash)) {
      problems.push(`batch ${next} has another hash`)
    }
    for (const transfer of database.transfers.slice(next - 1, next - 1 + batch.count)) {
      if (transfer.sequence !== next) problems.push(`${transfer.sequence} stands at ${next}`)
      if (transfer.atMs !== batch.atMs) problems.push(`${next} has another time than its batch`)
      next += 1
    }
    if (batch.atMs < atMs) problems.push(`time runs backwards at ${batch.firstSequence}`)
    ;({ atMs, epoch, hash: previous } = batch)
  }
  if (next !== database.nextSequence) problems.push('the journal does not end at its number')
  const ids = new Set(database.transfers.map(({ id }) => id))
  if (ids.size !== database.transfers.length) problems.push('an id is there twice')
  return problems
}

/** The proof that `verify` runs, on a journal that should have nothing to complain about. */
export function checkProof(database: MemoryDatabase): readonly string[] {
  const proof = new ShardProof(database.shard)
  for (const record of database.accounts.values()) {
    const { overdraft_widest: widest } = record
    proof.account(rowToAccount(record), widest === null ? null : BigInt(widest))
  }
  for (const transfer of database.transfers) proof.transfer(transfer)
  for (const sequence of proof.refundedPayments()) {
    const payment = database.transfers[sequence - 1]
    if (payment !== undefined) proof.refunded(payment)
  }
  for (const hold of database.openHolds) {
    if (!proof.wasOpenAt(hold, database.checkpointSequence)) {
      proof.problem(`hold ${hold} was not open at the checkpoint`)
    }
  }
  proof.finish(database.nextSequence - 1)
  return proof.problems
}

/** No limited account was ever further below zero than it was ever allowed to be. */
export function checkOverdrafts(database: MemoryDatabase, journal: PlainJournal): string[] {
  const problems: string[] = []
  for (const [account, states] of journal.states) {
    const record = database.accounts.get(numberOf(account))
    if (record === undefined) {
      problems.push(`account ${account} does not exist`)
      continue
    }
    if (record.overdraft_widest === null) continue
    const least = -BigInt(record.overdraft_widest)
    for (const state of states) {
      const available = state.creditsPosted - state.debitsPosted - state.debitsPending
      if (available < least) problems.push(`account ${account} is at ${available}`)
    }
  }
  return problems
}
