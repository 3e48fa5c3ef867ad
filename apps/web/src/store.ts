import {
  createPayer,
  type HistoryEntry,
  JeonProblem,
  type Payer,
  type Pocket,
  type Wallet,
} from '@jeon/sdk/payer'
import { computed, signal } from '@preact/signals'
import { type Entry, entryOf, mergeEntries } from './entries.ts'
import type { Language } from './language.ts'
import { type LimitForm, limitsToSave } from './limits.ts'
import { type MessageKey, messageText } from './messages.ts'
import type { Connection, Toast } from './shell/views.ts'

/** What the page shows: one of these and nothing in between. */
export type View =
  | { readonly name: 'loading' }
  | { readonly name: 'empty'; readonly isBusy: boolean }
  | { readonly name: 'failed'; readonly reason: string }
  | { readonly name: 'wallet'; readonly wallet: Wallet }

const pageSize = 20

/** All that the page knows, and all that can be done on it. */
export class Store {
  readonly language = signal<Language>('ko')
  readonly view = signal<View>({ name: 'loading' })
  readonly connection = signal<Connection>('connecting')
  readonly entries = signal<readonly Entry[]>([])
  /** Ids that came in while the page was open: they slide in. */
  readonly arrived = signal<ReadonlySet<string>>(new Set())
  readonly hasMore = signal(false)
  readonly toast = signal<Toast | undefined>(undefined)
  /** The platform's time; the sandbox's may be days ahead. */
  readonly nowMs = signal(Date.now())
  readonly #currency = signal<string | undefined>(undefined)
  readonly #payer: Payer
  #aheadMs = 0
  #feed: AbortController | undefined
  #earlier: AsyncGenerator<HistoryEntry, void, void> | undefined
  #isDue = false
  #isRefreshing = false

  /** The pocket that is looked at. */
  readonly pocket = computed((): Pocket | undefined => {
    if (this.view.value.name !== 'wallet') return undefined
    const { pockets } = this.view.value.wallet
    return pockets.find(({ currency }) => currency === this.#currency.value) ?? pockets[0]
  })

  /** @param initial - the language to start with */
  constructor(origin: string, initial: Language) {
    this.language.value = initial
    this.#payer = createPayer({
      server: origin,
      // Refusals come in the language of the page, which need not be the browser's.
      fetch: (input, init) => {
        const headers = new Headers(init?.headers)
        headers.set('accept-language', this.language.value)
        return fetch(input, { ...init, headers })
      },
    })
  }

  text(key: MessageKey, values?: Readonly<Record<string, string>>): string {
    return messageText(this.language.value, key, values)
  }

  choosePocket(currency: string): void {
    this.#currency.value = currency
  }

  /** Lets {@link Store.nowMs} catch up with the time. */
  tick(): void {
    this.nowMs.value = Date.now() + this.#aheadMs
  }

  /** Reads everything from the beginning. */
  async load(): Promise<void> {
    this.view.value = { name: 'loading' }
    try {
      this.entries.value = []
      this.arrived.value = new Set()
      await this.#refresh(false)
      this.#earlier = this.#payer.wallet.list({ limit: pageSize })
      this.hasMore.value = this.entries.value.length === pageSize
    } catch (error) {
      this.view.value = isWithoutSession(error)
        ? { name: 'empty', isBusy: false }
        : { name: 'failed', reason: this.#reasonOf(error) }
    }
  }

  async makeWallet(): Promise<void> {
    this.view.value = { name: 'empty', isBusy: true }
    try {
      await this.#payer.wallet.create()
      await this.load()
    } catch (error) {
      this.view.value = { name: 'empty', isBusy: false }
      this.toast.value = { tone: 'bad', text: this.#reasonOf(error) }
    }
  }

  /** Adds what is older than the history shown so far. */
  async showMore(): Promise<void> {
    const known = new Set(this.entries.value.map(({ id }) => id))
    const more: Entry[] = []
    try {
      while (this.#earlier !== undefined && more.length < pageSize) {
        const next = await this.#earlier.next()
        if (next.done === true) this.#earlier = undefined
        else if (!known.has(next.value.id)) more.push(entryOf(next.value))
      }
    } catch (error) {
      // A walk that failed is over; another begins at the top and passes over what is known.
      this.#earlier = this.#payer.wallet.list({ limit: pageSize })
      this.toast.value = { tone: 'bad', text: this.#reasonOf(error) }
    }
    this.entries.value = [...this.entries.value, ...more]
    this.hasMore.value = this.#earlier !== undefined
  }

  async refund(entry: Entry, amount: string): Promise<void> {
    const outcome = await this.#payer.payments.refund(entry.id)
    switch (outcome.status) {
      case 'accepted':
        this.toast.value = { tone: 'good', text: this.text('refund_done_status', { amount }) }
        break
      case 'refused': {
        const reason = this.#reasonOf(outcome.problem)
        this.toast.value = { tone: 'bad', text: this.text('refund_error', { reason }) }
        break
      }
      case 'unknown':
        this.toast.value = { tone: 'bad', text: this.text('refund_unknown_error') }
    }
    this.#refreshSoon()
  }

  /** @returns what went wrong, as a sentence */
  async saveLimits(form: LimitForm): Promise<string | undefined> {
    const changed = this.pocket.value
    if (changed === undefined) return undefined
    try {
      const limits = limitsToSave(form, changed.limits)
      const wallet = await this.#payer.wallet.setLimits(changed.currency, limits)
      this.view.value = { name: 'wallet', wallet }
      this.toast.value = { tone: 'good', text: this.text('limits_saved_status') }
      return undefined
    } catch (error) {
      return this.text('limits_save_error', { reason: this.#reasonOf(error) })
    }
  }

  /** Follows the wallet until the signal says so. */
  follow(stop: AbortSignal): void {
    const again = () => {
      // A phone that slept has a dead connection that nobody told it about.
      if (document.visibilityState === 'visible') this.#connect(stop).then(undefined, reportError)
    }
    const offline = () => {
      this.connection.value = 'offline'
    }
    window.addEventListener('online', again, { signal: stop })
    window.addEventListener('offline', offline, { signal: stop })
    document.addEventListener('visibilitychange', again, { signal: stop })
    this.#connect(stop).then(undefined, reportError)
  }

  async #connect(stop: AbortSignal): Promise<void> {
    this.#feed?.abort()
    const own = new AbortController()
    this.#feed = own
    const signal = AbortSignal.any([stop, own.signal])
    const onState = (state: 'live' | 'reconnecting') => {
      if (signal.aborted) return
      this.connection.value = state === 'live' || navigator.onLine ? state : 'offline'
      // What happened before the feed stood is not in the feed.
      if (state === 'live') this.#refreshSoon()
    }
    try {
      for await (const event of this.#payer.wallet.live({ signal, onState })) {
        if (event.type !== 'message') this.#refreshSoon()
      }
    } catch (error) {
      // A refused feed means that the session is gone, and then the page says so.
      if (isWithoutSession(error)) this.view.value = { name: 'empty', isBusy: false }
      else this.connection.value = 'reconnecting'
    }
  }

  /** Several events that come at once make one refresh, and none is missed while one is under way. */
  #refreshSoon(): void {
    this.#isDue = true
    if (!this.#isRefreshing) this.#drain().then(undefined, reportError)
  }

  async #drain(): Promise<void> {
    this.#isRefreshing = true
    while (this.#isDue) {
      this.#isDue = false
      // A failed refresh changes nothing on the page; the next event, or the next connection, makes another.
      await this.#refresh(true).catch(() => undefined)
    }
    this.#isRefreshing = false
  }

  /** Reads the wallet and the newest page of its history; what is new is marked as arrived. */
  async #refresh(isArrival: boolean): Promise<void> {
    const [wallet, newest] = await Promise.all([this.#payer.wallet.get(), newestPage(this.#payer)])
    const known = new Set(this.entries.value.map(({ id }) => id))
    const fresh = newest.map(entryOf)
    if (isArrival) {
      const coming = fresh.filter(({ id }) => !known.has(id)).map(({ id }) => id)
      this.arrived.value = new Set([...this.arrived.value, ...coming])
    }
    this.entries.value = mergeEntries(this.entries.value, fresh)
    this.view.value = { name: 'wallet', wallet }
    // A test clock may be days ahead of this browser; it is at least where the newest entry says.
    const newestMs = Math.max(0, ...fresh.map(({ createdAt }) => Date.parse(createdAt)))
    this.#aheadMs = Math.max(this.#aheadMs, newestMs - Date.now())
    this.tick()
  }

  /** A refusal in the server's words; anything else is not the platform's own answer. */
  #reasonOf(error: unknown): string {
    const isProblem = error instanceof JeonProblem && !error.code.startsWith('http_')
    return isProblem ? error.title : this.text('error_unreachable_label')
  }
}

async function newestPage(payer: Payer): Promise<HistoryEntry[]> {
  const page: HistoryEntry[] = []
  for await (const entry of payer.wallet.list({ limit: pageSize })) {
    page.push(entry)
    if (page.length === pageSize) break
  }
  return page
}

function isWithoutSession(error: unknown): boolean {
  return error instanceof JeonProblem && error.status === 401
}
