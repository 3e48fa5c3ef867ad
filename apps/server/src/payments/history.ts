import type { AccountId, Ledger, Sequence, Transfer } from '@jeon/ledger'
import type { Asset } from '@jeon/money'
import { z } from 'zod'
import type { Owner, Owners } from '../accounts.ts'
import { type Refusal, refuse } from '../errors.ts'
import { typeIdOf } from '../ids.ts'
import type { Merchants } from '../merchants/service.ts'
import type { Offers } from '../offers/service.ts'
import type { HistoryEntry } from './model.ts'
import { money, orNull, paymentStateOf, placeOf } from './view.ts'

export interface HistoryParts {
  readonly ledger: Ledger
  readonly owners: Owners
  readonly merchants: Merchants
  readonly offers: Offers
}

/** One page of a history. */
export interface Page {
  readonly data: HistoryEntry[]
  readonly next_cursor: string | null
}

/** Where a page begins on each account: the next transfer to show; 0: nothing is left there. */
type Positions = ReadonlyMap<AccountId, Sequence>

const cursorSchema = z.array(z.tuple([z.int().min(0), z.int().min(0)])).max(1_000)

/** What happened on a payer's pockets or a merchant's stripes, newest first, several accounts merged by time. */
export class History {
  readonly #parts: HistoryParts

  constructor(parts: HistoryParts) {
    this.#parts = parts
  }

  /** A page of the merged history of some accounts of one owner. */
  async page(
    accounts: readonly AccountId[],
    limit: number,
    cursor: string | undefined,
  ): Promise<Page | Refusal> {
    const from = cursor === undefined ? undefined : positionsOf(cursor)
    if (from === null) return refuse('cursor_invalid', { param: 'cursor' })
    const chains = await Promise.all(
      accounts.map(async (account) => this.#read(account, limit, from?.get(account))),
    )
    const merged = chains
      .flatMap(({ account, transfers }) => transfers.map((transfer) => ({ account, transfer })))
      .sort((one, other) => newestFirst(one.transfer, other.transfer))
      .slice(0, limit)
    const next = chains.map(({ account, transfers }): [AccountId, Sequence] => {
      const shown = merged.filter((entry) => entry.account === account).length
      return [account, nextPosition(account, transfers, shown)]
    })
    const data = await Promise.all(merged.map(({ transfer }) => this.entry(transfer)))
    const ended = next.every(([, position]) => position === 0)
    return {
      data,
      next_cursor: ended ? null : Buffer.from(JSON.stringify(next)).toString('base64url'),
    }
  }

  /** What happened on some accounts after a sequence, oldest first; at most `limit` per account. */
  async since(
    accounts: readonly AccountId[],
    after: (shard: number) => Sequence,
    limit: number,
  ): Promise<Transfer[]> {
    const chains = await Promise.all(
      accounts.map((account) => this.#parts.ledger.history(account, { limit })),
    )
    return chains
      .flat()
      .filter((transfer) => transfer.sequence > after(transfer.shard))
      .sort((one, other) => newestFirst(other, one))
  }

  /** A transfer as it stands in a history, with the names of everything it is about. */
  async entry(transfer: Transfer): Promise<HistoryEntry> {
    const debit = await this.#parts.owners.of(transfer.debit)
    const credit = await this.#parts.owners.of(transfer.credit)
    const parties = await this.#partiesOf(transfer, debit, credit)
    const { asset } = debit
    const amount = money(transfer.amount, asset)
    const reference = orNull(transfer.reference)
    const place = placeOf(transfer)
    switch (transfer.kind) {
      case 'payment':
      case 'capture':
        return this.#payment(transfer, asset, debit, credit, parties)
      case 'refund': {
        const origin = await this.#originOf(transfer)
        const payment = origin === undefined ? null : typeIdOf('pay', origin.id)
        const id = typeIdOf('rfd', transfer.id)
        return { id, object: 'refund', payment, ...parties, amount, reference, ...place }
      }
      case 'hold': {
        const hold = typeIdOf('hold', transfer.id)
        const event = 'created'
        return { id: hold, object: 'hold', event, hold, ...parties, amount, reference, ...place }
      }
      case 'void':
      case 'expire': {
        const origin = await this.#originOf(transfer)
        const id = typeIdOf(transfer.kind === 'void' ? 'vod' : 'exp', transfer.id)
        const event = transfer.kind === 'void' ? 'voided' : 'expired'
        const hold = origin === undefined ? {} : { hold: typeIdOf('hold', origin.id) }
        return { id, object: 'hold', event, ...hold, ...parties, amount, reference, ...place }
      }
      case 'topup':
      case 'movement': {
        const id = typeIdOf(transfer.kind === 'topup' ? 'top' : 'mov', transfer.id)
        return { id, object: transfer.kind, ...parties, amount, reference, ...place }
      }
    }
  }

  async #payment(
    transfer: Transfer,
    asset: Asset,
    debit: Owner,
    credit: Owner,
    parties: { merchant_name?: string; offer_title?: string },
  ): Promise<HistoryEntry> {
    const origin = transfer.kind === 'capture' ? await this.#originOf(transfer) : undefined
    return paymentStateOf(
      { transfer, asset, walletId: debit.id, merchantId: credit.id },
      {
        refunded: await this.#parts.ledger.refundedOf(transfer),
        merchantName: parties.merchant_name,
        offerTitle: parties.offer_title,
        hold: origin === undefined ? undefined : typeIdOf('hold', origin.id),
      },
    )
  }

  async #partiesOf(transfer: Transfer, debit: Owner, credit: Owner) {
    const sides = [debit, credit]
    const merchantId = sides.find(({ kind }) => kind === 'merchant')?.id
    const merchant =
      merchantId === undefined ? undefined : await this.#parts.merchants.find(merchantId)
    const offer =
      merchantId === undefined || transfer.offer === ''
        ? undefined
        : await this.#parts.offers.find(merchantId, transfer.offer)
    return {
      wallet: sides.find(({ kind }) => kind === 'wallet')?.id ?? null,
      merchant: merchantId ?? null,
      ...(merchant === undefined ? {} : { merchant_name: merchant.name }),
      offer: orNull(transfer.offer),
      ...(offer === undefined ? {} : { offer_title: offer.title }),
    }
  }

  /** The transfer that this one resolves or gives back. It is in the same accounts' history. */
  async #originOf(transfer: Transfer): Promise<Transfer | undefined> {
    const [origin] = await this.#parts.ledger.history(transfer.debit, {
      before: transfer.origin,
      limit: 1,
    })
    return origin?.sequence === transfer.origin ? origin : undefined
  }

  async #read(account: AccountId, limit: number, before: Sequence | undefined) {
    if (before === 0) return { account, transfers: [] }
    const page = before === undefined ? { limit } : { before, limit }
    const transfers = await this.#parts.ledger.history(account, page)
    // A cursor is only text: what is not of this account is not shown, whatever the cursor says.
    return { account, transfers: transfers.filter((transfer) => touches(transfer, account)) }
  }
}

function touches(transfer: Transfer, account: AccountId): boolean {
  return transfer.debit === account || transfer.credit === account
}

function newestFirst(one: Transfer, other: Transfer): number {
  return other.atMs - one.atMs || other.shard - one.shard || other.sequence - one.sequence
}

function nextPosition(account: AccountId, transfers: readonly Transfer[], shown: number): Sequence {
  const next = transfers[shown]
  if (next !== undefined) return next.sequence
  const last = transfers.at(-1)
  if (last === undefined) return 0
  return last.debit === account ? last.previousDebit : last.previousCredit
}

/** Null when the text is not a cursor. */
function positionsOf(cursor: string): Positions | null {
  try {
    const json: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    const parsed = cursorSchema.safeParse(json)
    return parsed.success ? new Map(parsed.data) : null
  } catch {
    return null
  }
}
