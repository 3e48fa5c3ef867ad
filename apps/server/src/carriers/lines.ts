import { addDays, dateOf, minorOf, roundedForCollection, startOfDayMs } from '@jeon/billing'
import type { TokenOutcome } from '@jeon/camara'
import type { Clock } from '@jeon/clock'
import type { AccountId, AccountView, Ledger } from '@jeon/ledger'
import { type Refusal, refuse } from '../errors.ts'
import { type Moment, momentOf, passedMs } from '../rails/moment.ts'
import { Turns } from '../rails/turns.ts'
import type { Pocket } from '../wallets/model.ts'
import type { Wallets } from '../wallets/service.ts'
import type { Carrier, Carriers } from './carriers.ts'
import {
  type LineTokens,
  type Link,
  type LinkAttempt,
  type LinkBlock,
  lineTokens,
} from './model.ts'
import type { Seal } from './seal.ts'
import { type Standing, standingOf } from './standing.ts'
import type { LineEvent, LineStore } from './store.ts'

export interface LineParts {
  readonly store: LineStore
  readonly seal: Seal
  readonly carriers: Carriers
  readonly ledger: Ledger
  readonly wallets: Wallets
  readonly clock: Clock
  readonly fetch: typeof globalThis.fetch
  /**
   * What came in for purchases that the carrier has not decided yet, in the balance as it was read: not the wallet's to
   * count. Smallest units.
   */
  passing(walletId: string, view: AccountView): Promise<bigint>
}

/** What a token of a line is asked for. */
export const lineScopes: readonly string[] = [
  'offline_access',
  'number-verification:verify',
  'line-care:read',
  'line-care:write',
]

/** A token with less left than this is replaced before it is used, in milliseconds. */
const spareMs = 30_000
/** What a token without a lifetime is believed for, in milliseconds. */
const lifetimeDefaultMs = 60_000
const silent = 'carrier_unreachable'
/** A carrier that did not say whether a line may pay is asked again after so long, in milliseconds. */
const askAgainMs = 60_000

/**
 * The lines that wallets are linked to. All of them are in memory, since every payment asks; this process is the only
 * one that changes them, and each change is in SQL before it holds here.
 */
export class Lines {
  readonly #parts: LineParts
  readonly #links = new Map<string, Link>()
  readonly #sealed = new Map<string, Buffer>()
  readonly #wallets = new Map<AccountId, string>()
  readonly #refreshing = new Map<string, Promise<string | Refusal>>()
  /** When carriers were last asked whether lines may pay, and who is being asked. */
  readonly #asked = new Map<string, Moment>()
  readonly #asking = new Map<string, Promise<void>>()
  /** One change of a wallet's link and credit at a time. */
  readonly #turns = new Turns()

  constructor(parts: LineParts) {
    this.#parts = parts
  }

  /** Reads every link, and gives each wallet exactly the credit that it should have. */
  async open(): Promise<void> {
    for (const { link, tokens } of await this.#parts.store.links()) {
      if (!this.#parts.carriers.has(link.carrier)) continue
      await this.#keep(link, tokens)
      await this.#setCredit(link)
    }
  }

  /** The line of a wallet. Sync: asked for every payment. */
  of(walletId: string): Link | undefined {
    return this.#links.get(walletId)
  }

  /** The wallet whose linked pocket an account is. */
  walletOf(account: AccountId): string | undefined {
    return this.#wallets.get(account)
  }

  all(): readonly Link[] {
    return [...this.#links.values()]
  }

  carrierOf(link: Pick<Link, 'carrier'>): Carrier {
    const carrier = this.#parts.carriers.get(link.carrier)
    if (carrier === undefined) throw new Error(`carrier "${link.carrier}" is not told`)
    return carrier
  }

  /** The pocket that a line stands behind: the one in the currency of its bill. */
  async pocketOf({ walletId, carrier }: Pick<Link, 'walletId' | 'carrier'>): Promise<Pocket> {
    const wallet = await this.#parts.wallets.find(walletId)
    if (wallet === undefined) throw new Error(`wallet ${walletId} has a line and is not there`)
    const { asset } = this.carrierOf({ carrier })
    return this.#parts.wallets.pocketFor(wallet, asset.code)
  }

  /** What a wallet owes, in smallest units; 0n when it owes nothing. Open holds do not count: nothing is paid yet. */
  async owedOf(link: Pick<Link, 'walletId' | 'carrier'>): Promise<bigint> {
    const view = await this.#parts.wallets.view(await this.pocketOf(link))
    const own = view.balance - (await this.#parts.passing(link.walletId, view))
    return own < 0n ? -own : 0n
  }

  /** Links a line; a wallet that had it loses its credit before. */
  async link(link: Link, tokens: LineTokens, attempt: LinkAttempt): Promise<void> {
    const { store, seal } = this.#parts
    const { carrier, phoneNumber, walletId } = link
    const other = await store.otherWalletOf(carrier, phoneNumber, walletId)
    const before = other === undefined ? undefined : this.#links.get(other)
    const sealed = seal.seal(walletId, JSON.stringify(tokens))
    const save = async () => {
      if (before !== undefined) await this.stopCredit(before)
      await store.link({ link, tokens: sealed }, attempt)
      if (other !== undefined) this.#drop(other)
    }
    // Never in two turns at once: two wallets that take each other's lines would wait for each other.
    if (other === undefined) await save()
    else await this.#turns.take(other, save)
    // Linking asks whether the line may pay.
    this.#asked.set(walletId, momentOf(this.#parts.clock))
    await this.#turns.take(walletId, async () => {
      await this.#keep(link, sealed)
      await this.#setCredit(link)
    })
  }

  /**
   * From here on nothing more is bought on credit: the wallet may stay where it is, and go no further. Not zero, so that
   * what only passes through a wallet that owes (a purchase of its own at the carrier, a refund) still can.
   */
  async stopCredit(link: Link): Promise<void> {
    await this.#setOverdraft(link, await this.owedOf(link))
  }

  /** Credit as the link stands, if it still does. */
  async resumeCredit({ walletId }: Link): Promise<void> {
    await this.#turns.take(walletId, async () => {
      const link = this.#links.get(walletId)
      if (link !== undefined) await this.#setCredit(link)
    })
  }

  /**
   * Unlinks, and then gives the carrier back what it granted, as far as that can be done: the link is gone either way.
   *
   * @returns false: something was bought on credit meanwhile, so that the line stays
   */
  async unlink({ walletId }: Link): Promise<boolean> {
    const gone = await this.#turns.take(walletId, async () => {
      const link = this.#links.get(walletId)
      if (link === undefined) return { refreshToken: null, link }
      // What passes through (an open purchase, a refund) has to be able to go back. What was bought before this holds is owed.
      await this.stopCredit(link)
      if (await this.#owesCollectable(link)) return undefined
      const refreshToken = this.#tokensOf(walletId)?.refreshToken ?? null
      await this.#parts.store.unlink(walletId)
      this.#drop(walletId)
      await this.#audit(link, 'unlinked', '')
      return { refreshToken, link }
    })
    if (gone?.link === undefined || gone.refreshToken === null) return gone !== undefined
    const given = await this.carrierOf(gone.link).tokens.revoke(gone.refreshToken)
    if (!given.ok) await this.#audit(gone.link, 'token_kept', given.code)
    return true
  }

  /** Whether a wallet owes as much as a carrier can be asked for. */
  async #owesCollectable(link: Link): Promise<boolean> {
    const profile = this.carrierOf(link).profileAt(this.#parts.clock.now())
    return roundedForCollection(profile, await this.owedOf(link)).collect > 0n
  }

  /** The carrier said no: nothing more on credit, before anybody is told. A wallet whose line left has no credit. */
  block(walletId: string, block: LinkBlock): Promise<void> {
    return this.#turns.take(walletId, () => this.#block(walletId, block))
  }

  async #block(walletId: string, block: LinkBlock): Promise<void> {
    const link = this.#links.get(walletId)
    if (link === undefined) return
    await this.stopCredit(link)
    // Of a link that is no more that is what has to be told, whatever else was declined for it.
    const why = link.brokenAtMs === null ? block : { ...block, code: 'link_ended', text: '' }
    await this.#parts.store.saveBlock(walletId, why)
    this.#links.set(walletId, { ...link, blocked: why })
    if (link.blocked === null) await this.#audit(link, 'blocked', why.code)
  }

  /** The carrier paid: credit again, unless the link itself is no more. */
  unblock(walletId: string): Promise<void> {
    return this.#turns.take(walletId, () => this.#unblock(walletId))
  }

  async #unblock(walletId: string): Promise<void> {
    const link = this.#links.get(walletId)
    if (link === undefined || link.blocked === null) return
    if (link.brokenAtMs !== null) return this.#block(walletId, this.#blockOf(link, 'link_ended'))
    await this.#parts.store.saveBlock(walletId, null)
    const open = { ...link, blocked: null }
    this.#links.set(walletId, open)
    await this.#setCredit(open)
    await this.#audit(open, 'opened', link.blocked.code)
  }

  /**
   * Asks the carrier whether the line may pay, and gives or takes credit by the answer. Who still owes something keeps
   * waiting for its collection.
   */
  async recheck(walletId: string): Promise<void> {
    const before = this.#links.get(walletId)
    if (before === undefined) return
    this.#asked.set(walletId, momentOf(this.#parts.clock))
    const token = await this.token(before)
    const hindrance = typeof token === 'string' ? await this.#askedWith(before, token) : undefined
    // The link may have ended, or gone elsewhere, while the carrier was asked.
    const link = this.#links.get(walletId)
    if (link === undefined || link.linkedAtMs !== before.linkedAtMs) return
    const owes = await this.#owesCollectable(link)
    if (hindrance === null && !owes) return this.unblock(walletId)
    if (hindrance !== undefined && hindrance !== null && hindrance.code !== silent) {
      return this.block(walletId, hindrance)
    }
    const nowMs = this.#parts.clock.now()
    if (link.blocked === null || link.blocked.retryAtMs > nowMs) return
    const { retryAtMs } = this.#blockOf(link, link.blocked.code)
    const isOver = link.brokenAtMs !== null
    await this.block(walletId, {
      ...link.blocked,
      retryAtMs: isOver ? retryAtMs : nowMs + askAgainMs,
    })
  }

  /**
   * The same when nobody has asked for so long, in milliseconds on the clock that went further: a carrier blocks and restores
   * lines of itself, and tells nobody.
   */
  recheckAfter(walletId: string, ageMs: number): Promise<void> {
    const asked = this.#asked.get(walletId)
    const running = this.#asking.get(walletId)
    if (running !== undefined) return running
    if (asked !== undefined && passedMs(asked, momentOf(this.#parts.clock)) < ageMs) {
      return Promise.resolve()
    }
    const asking = this.recheck(walletId).finally(() => this.#asking.delete(walletId))
    this.#asking.set(walletId, asking)
    return asking
  }

  /** Why a line gets no credit, as its carrier says it now; null: it may pay. */
  async hindranceOf(link: Pick<Link, 'carrier'>, accessToken: string): Promise<LinkBlock | null> {
    return this.#hindranceIn(link, await this.#standingOf(link, accessToken))
  }

  /** With a new token where the carrier takes this one no more. Undefined: there is none. */
  async #askedWith(link: Link, accessToken: string): Promise<LinkBlock | null | undefined> {
    const standing = await this.#standingOf(link, accessToken)
    if (standing.is !== 'refused') return this.#hindranceIn(link, standing)
    const renewed = await this.token(link, accessToken)
    return typeof renewed === 'string' ? this.hindranceOf(link, renewed) : undefined
  }

  #standingOf(link: Pick<Link, 'carrier'>, accessToken: string): Promise<Standing> {
    return standingOf(this.#parts.fetch, this.carrierOf(link), accessToken)
  }

  #hindranceIn(link: Pick<Link, 'carrier'>, standing: Standing): LinkBlock | null {
    switch (standing.is) {
      case 'open':
        return null
      case 'hindered':
        return this.#blockOf(link, standing.code, standing.text)
      case 'refused':
      case 'unknown': {
        const nowMs = this.#parts.clock.now()
        return { code: silent, text: '', atMs: nowMs, retryAtMs: nowMs + askAgainMs }
      }
    }
  }

  /** Tried again on the next day of the market: limits begin anew then. */
  #blockOf(link: Pick<Link, 'carrier'>, code: string, text = ''): LinkBlock {
    const atMs = this.#parts.clock.now()
    const { zone } = this.carrierOf(link).profileAt(atMs)
    const retryAtMs = startOfDayMs(addDays(dateOf(atMs, zone), 1), zone)
    return { code, text, atMs, retryAtMs }
  }

  /** The owner has ended the link at the carrier, or nobody used it for too long. What is owed stays owed. */
  #break(walletId: string): Promise<void> {
    return this.#turns.take(walletId, () => this.#end(walletId))
  }

  async #end(walletId: string): Promise<void> {
    const link = this.#links.get(walletId)
    if (link === undefined || link.brokenAtMs !== null) return
    await this.stopCredit(link)
    const blocked = this.#blockOf(link, 'link_ended')
    await this.#parts.store.saveBroken(walletId, blocked)
    this.#links.set(walletId, { ...link, blocked, brokenAtMs: blocked.atMs })
    await this.#audit(link, 'broken', '')
  }

  /**
   * An access token of the line, refreshed when it has to be. Where the refresh token is worth nothing any more the owner
   * may have ended the link at the carrier: only the owner links again.
   *
   * @param refused - one that the carrier does not take any more, whatever its lifetime
   */
  token(link: Link, refused?: string): Promise<string | Refusal> {
    const tokens = this.#tokensOf(link.walletId)
    if (tokens === undefined) return Promise.resolve(refuse('line_not_linked'))
    const { accessToken, expiresAtMs } = tokens
    if (accessToken !== refused && expiresAtMs - spareMs > this.#parts.clock.machineNow()) {
      return Promise.resolve(accessToken)
    }
    const running = this.#refreshing.get(link.walletId) ?? this.#refresh(link, tokens)
    this.#refreshing.set(link.walletId, running)
    return running
  }

  async #refresh(link: Link, tokens: LineTokens): Promise<string | Refusal> {
    try {
      const { store, seal } = this.#parts
      const outcome = await this.#newTokens(link, tokens)
      if (!outcome.ok) {
        const gone = outcome.code !== 'unreachable' && outcome.code !== 'malformed'
        if (outcome.code === 'invalid') await this.#break(link.walletId)
        return refuse(gone ? 'line_link_expired' : 'carrier_unavailable', { retryAfterS: 2 })
      }
      const renewed = this.tokensOf(outcome.token)
      const sealed = seal.seal(link.walletId, JSON.stringify(renewed))
      await store.saveTokens(link.walletId, sealed)
      if (this.#links.has(link.walletId)) this.#sealed.set(link.walletId, sealed)
      return renewed.accessToken
    } finally {
      this.#refreshing.delete(link.walletId)
    }
  }

  async #newTokens(link: Link, { refreshToken }: LineTokens): Promise<TokenOutcome> {
    const { tokens } = this.carrierOf(link)
    if (refreshToken === null) return { ok: false, code: 'refused', detail: 'no refresh token' }
    return tokens.refresh(refreshToken)
  }

  /** What is kept of a granted token. */
  tokensOf(token: Extract<TokenOutcome, { ok: true }>['token']): LineTokens {
    const { accessToken, expiresAtMs, refreshToken } = token
    const untilMs = expiresAtMs ?? this.#parts.clock.machineNow() + lifetimeDefaultMs
    return { accessToken, expiresAtMs: untilMs, refreshToken: refreshToken ?? null }
  }

  #tokensOf(walletId: string): LineTokens | undefined {
    const sealed = this.#sealed.get(walletId)
    if (sealed === undefined) return undefined
    return lineTokens.parse(JSON.parse(this.#parts.seal.unseal(walletId, sealed)))
  }

  async #keep(link: Link, sealed: Buffer): Promise<void> {
    const { account } = await this.pocketOf(link)
    this.#links.set(link.walletId, link)
    this.#sealed.set(link.walletId, sealed)
    this.#wallets.set(account, link.walletId)
  }

  #drop(walletId: string): void {
    this.#links.delete(walletId)
    this.#sealed.delete(walletId)
    this.#asked.delete(walletId)
    for (const [account, owner] of this.#wallets) {
      if (owner === walletId) this.#wallets.delete(account)
    }
  }

  async #setCredit(link: Link): Promise<void> {
    if (link.blocked !== null) return this.stopCredit(link)
    const profile = this.carrierOf(link).profileAt(this.#parts.clock.now())
    const credit = minorOf(profile, profile.collection.credit)
    await this.#setOverdraft(link, credit)
  }

  async #setOverdraft(link: Link, overdraft: bigint): Promise<void> {
    const pocket = await this.pocketOf(link)
    const view = await this.#parts.wallets.view(pocket)
    if (view.overdraft === overdraft) return
    await this.#parts.ledger.setOverdraft(pocket.account, overdraft)
  }

  async #audit(link: Link, action: LineEvent['action'], detail: string): Promise<void> {
    const { walletId, carrier, phoneNumber } = link
    const atMs = this.#parts.clock.now()
    await this.#parts.store.audit({ walletId, carrier, phoneNumber, action, detail, atMs })
  }
}
