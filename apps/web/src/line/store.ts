import type {
  CareBill,
  CareBillSummary,
  CareBlock,
  CareChange,
  CareConsent,
  CareDispute,
  CareEntry,
  CareLimits,
  CareLine,
  CareStanding,
  CareStatementRequest,
  CareUsage,
  SandboxMessage,
} from '@jeon/camara'
import { computed, signal } from '@preact/signals'
import { mergeEntries } from '../entries.ts'
import { minus, moneyText } from '../figures.ts'
import type { Language } from '../language.ts'
import type { Connection, Toast } from '../shell/views.ts'
import { type Ask, ask, Refused } from './api.ts'
import { dateIn } from './dates.ts'
import { keptStatements } from './kept-statements.ts'
import { followLine } from './live.ts'
import { type LineMessageKey, lineText } from './messages.ts'
import { listIn, nothing } from './shapes.ts'
import {
  type CarrierName,
  careBillSummary,
  careConsent,
  careDispute,
  careHistory,
  careLimits,
  careLine,
  careStanding,
  careStatement,
  careUsage,
  carrierName,
  type LinkedLine,
  lineOrNone,
  sandboxMessage,
  type TrialOffer,
  trialOffer,
  walletMoney,
} from './wire.ts'

/** What the page shows: one of these and nothing in between. */
export type View =
  | { readonly name: 'loading' }
  | { readonly name: 'no_wallet'; readonly isBusy: boolean }
  | { readonly name: 'no_carriers' }
  | { readonly name: 'failed'; readonly reason: string }
  /** The carrier no longer takes the platform's word for this line. */
  | { readonly name: 'expired'; readonly reason: string }
  | { readonly name: 'unlinked'; readonly carriers: readonly CarrierName[] }
  | { readonly name: 'linked' }

export const tabs = ['home', 'bills', 'safety', 'phone'] as const
export type Tab = (typeof tabs)[number]

/** What lies over the page, asking for something. */
export type Sheet =
  | { readonly name: 'unblock'; readonly block: CareBlock }
  | { readonly name: 'limits'; readonly bucket: CareLimits['buckets'][number]['bucket'] }
  | { readonly name: 'consent' }
  | { readonly name: 'pay'; readonly isEarly: boolean }
  | { readonly name: 'bill'; readonly bill: CareBill }
  | { readonly name: 'dispute'; readonly entry: CareEntry }
  | { readonly name: 'validation'; readonly payment: string; readonly url: string | null }
  | { readonly name: 'password' }
  | { readonly name: 'unlink' }
  /** Undefined: one is to be asked for. */
  | { readonly name: 'statement'; readonly statement: CareStatementRequest | undefined }

export type Part =
  | 'line'
  | 'usage'
  | 'limits'
  | 'standing'
  | 'bills'
  | 'history'
  | 'consents'
  | 'disputes'
  | 'statements'
  | 'summary'
  | 'inbox'

/** What must be read again after a change. */
const partsAfter: Readonly<Record<CareChange['what'], readonly Part[]>> = {
  payment: ['line', 'usage', 'history', 'summary'],
  declined: ['history', 'usage', 'summary'],
  refund: ['line', 'usage', 'history', 'bills', 'summary'],
  usage: ['usage'],
  line: ['line', 'usage', 'consents', 'limits', 'standing'],
  limits: ['limits', 'usage', 'line'],
  bill: ['bills', 'standing', 'usage', 'line'],
  standing: ['standing', 'bills', 'line', 'usage'],
  // A statement that is ready is told of by a message.
  message: ['inbox', 'statements'],
  dispute: ['disputes', 'history', 'line', 'standing'],
}

const everything: readonly Part[] = [
  'line',
  'usage',
  'limits',
  'standing',
  'bills',
  'history',
  'consents',
  'disputes',
  'statements',
  'summary',
  'inbox',
]

const care = '/v1/line/care'
const pageSize = 20

/** All that the page knows about the line. */
export class LineStore {
  readonly language = signal<Language>('ko')
  readonly view = signal<View>({ name: 'loading' })
  readonly tab = signal<Tab>('home')
  readonly connection = signal<Connection>('connecting')
  readonly toast = signal<Toast | undefined>(undefined)
  readonly sheet = signal<Sheet | undefined>(undefined)
  readonly linked = signal<LinkedLine | undefined>(undefined)
  readonly line = signal<CareLine | undefined>(undefined)
  readonly usage = signal<CareUsage | undefined>(undefined)
  readonly limits = signal<CareLimits | undefined>(undefined)
  readonly standing = signal<CareStanding | undefined>(undefined)
  readonly bills = signal<readonly CareBillSummary[]>([])
  readonly consents = signal<readonly CareConsent[]>([])
  readonly disputes = signal<readonly CareDispute[]>([])
  /** Those that were asked for in this browser. */
  readonly statements = signal<readonly CareStatementRequest[]>([])
  readonly entries = signal<readonly CareEntry[]>([])
  /** Ids that came in while the page was open: they slide in. */
  readonly arrived = signal<ReadonlySet<string>>(new Set())
  /** Where the older history begins; null: that was all. */
  readonly older = signal<string | null>(null)
  /** The text messages of the phone; undefined where this is no sandbox. */
  readonly inbox = signal<readonly SandboxMessage[] | undefined>(undefined)
  /** What the sandbox sells for trying. */
  readonly offers = signal<readonly TrialOffer[]>([])
  /** The number whose messages are shown: the line's, or the one that is being linked. */
  readonly inboxNumber = signal<string | undefined>(undefined)
  /** The wallet's own money in the line's currency, smallest purchases' first source; undefined: not known. */
  readonly ownMoney = signal<string | undefined>(undefined)
  /** Messages with codes that were there before the code that is waited for was asked for. */
  readonly oldCodes = signal<ReadonlySet<string>>(new Set())
  readonly #due = new Set<Part>()
  #isRefreshing = false

  /** Today where the line is billed. */
  readonly today = computed(() => {
    const at = this.usage.value?.at ?? this.standing.value?.at ?? new Date().toISOString()
    return dateIn(this.zone.value, at)
  })

  readonly zone = computed(() => this.line.value?.zone ?? 'Asia/Seoul')
  readonly currency = computed(() => this.line.value?.currency ?? 'KRW')

  constructor(initial: Language) {
    this.language.value = initial
  }

  text(key: LineMessageKey, values?: Readonly<Record<string, string>>): string {
    return lineText(this.language.value, key, values)
  }

  money(amount: string, currency = this.currency.value): string {
    return moneyText(amount, currency, this.language.value)
  }

  ask<T>(request: Ask<T>): Promise<T> {
    return ask(this.language.value, request)
  }

  /** Asks the carrier, through the platform. */
  askCare<T>(request: Ask<T>): Promise<T> {
    return this.ask({ ...request, path: care + request.path })
  }

  /** A refusal in the server's words; anything else: nobody knows what happened. */
  reasonOf(error: unknown): string {
    if (error instanceof Refused && error.message !== '') return error.message
    return this.text('error_unreachable_label')
  }

  tell(tone: 'good' | 'bad', words: string): void {
    this.toast.value = { tone, text: words }
  }

  /** Reads everything from the beginning. */
  async load(): Promise<void> {
    this.view.value = { name: 'loading' }
    try {
      const linked = await this.ask({ path: '/v1/line', shape: lineOrNone })
      this.#forgetOther(linked)
      if (linked === null) {
        this.tab.value = 'home'
        await this.#readInbox()
        const shape = listIn('carriers', carrierName)
        const carriers = await this.ask({ path: '/v1/carriers', shape })
        this.view.value =
          carriers.length === 0 ? { name: 'no_carriers' } : { name: 'unlinked', carriers }
        return
      }
      await Promise.all([...everything.map((part) => this.#read(part)), this.#readOffers()])
      this.arrived.value = new Set()
      this.view.value = { name: 'linked' }
    } catch (error) {
      this.view.value = viewAfter(error) ?? { name: 'failed', reason: this.reasonOf(error) }
    }
  }

  /** What was begun on a line, and what is known of it, does not follow the wallet to another. */
  #forgetOther(linked: LinkedLine | null): void {
    const isOther = linked?.phone_number !== this.linked.value?.phone_number
    this.linked.value = linked ?? undefined
    this.inboxNumber.value = linked?.phone_number
    if (!isOther) return
    this.sheet.value = undefined
    this.entries.value = []
    this.statements.value = []
    this.older.value = null
  }

  /** Call it before a code is asked for: codes that came for something else are not taken for it. */
  async expectCode(): Promise<void> {
    if (this.inbox.value === undefined) return
    await this.#readInbox()
    this.oldCodes.value = new Set(this.inbox.value?.map(({ id }) => id))
  }

  async makeWallet(): Promise<void> {
    this.view.value = { name: 'no_wallet', isBusy: true }
    try {
      const body = { currency: 'KRW' }
      await this.ask({ method: 'POST', path: '/v1/wallets', body, shape: nothing })
      await this.load()
    } catch (error) {
      this.view.value = { name: 'no_wallet', isBusy: false }
      this.tell('bad', this.reasonOf(error))
    }
  }

  /** Adds what is older than the history shown so far. */
  async showOlder(): Promise<void> {
    const before = this.older.value
    if (before === null) return
    const path = `/history?limit=${pageSize}&before=${encodeURIComponent(before)}`
    const page = await this.askCare({ path, shape: careHistory })
    this.entries.value = mergeEntries(page.entries, this.entries.value)
    this.older.value = page.next
  }

  /** Follows the line until the signal says so. */
  follow(stop: AbortSignal): void {
    const offline = () => {
      this.connection.value = 'offline'
    }
    const again = () => {
      if (document.visibilityState === 'visible') this.refresh(everything)
    }
    window.addEventListener('offline', offline, { signal: stop })
    document.addEventListener('visibilitychange', again, { signal: stop })
    followLine(
      {
        onChange: (what) => this.refresh(what === undefined ? everything : partsAfter[what]),
        onWallet: () => this.refresh(['summary']),
        onState: (state) => {
          this.connection.value = state === 'live' || navigator.onLine ? state : 'offline'
          // What happened before the feed stood is not in the feed.
          if (state === 'live') this.refresh(everything)
        },
      },
      stop,
    )
  }

  /** Several changes that come at once make one reading, and none is missed while one is under way. */
  refresh(parts: readonly Part[]): void {
    for (const part of parts) this.#due.add(part)
    if (!this.#isRefreshing) this.#drain().then(undefined, reportError)
  }

  async #drain(): Promise<void> {
    this.#isRefreshing = true
    while (this.#due.size > 0) {
      const parts = [...this.#due]
      this.#due.clear()
      // A failed reading changes nothing on the page; the next change, or the next connection, makes another.
      await Promise.allSettled(parts.map((part) => this.#read(part)))
    }
    this.#isRefreshing = false
  }

  async #read(part: Part): Promise<void> {
    switch (part) {
      case 'line':
        this.line.value = await this.askCare({ path: '/line', shape: careLine })
        return
      case 'usage':
        this.usage.value = await this.askCare({ path: '/usage', shape: careUsage })
        return
      case 'limits':
        this.limits.value = await this.askCare({ path: '/limits', shape: careLimits })
        return
      case 'standing':
        this.standing.value = await this.askCare({ path: '/standing', shape: careStanding })
        return
      case 'bills':
        this.bills.value = await this.askCare({
          path: '/bills',
          shape: listIn('bills', careBillSummary),
        })
        return
      case 'consents':
        this.consents.value = await this.askCare({
          path: '/consents',
          shape: listIn('consents', careConsent),
        })
        return
      case 'disputes':
        this.disputes.value = await this.askCare({
          path: '/disputes',
          shape: listIn('disputes', careDispute),
        })
        return
      case 'statements':
        return this.#readStatements()
      case 'history':
        return this.#readHistory()
      case 'summary':
        return this.#readSummary()
      case 'inbox':
        return this.#readInbox()
    }
  }

  async #readStatements(): Promise<void> {
    const ids = keptStatements(this.linked.value?.phone_number ?? '')
    const read = await Promise.allSettled(
      ids.map((id) =>
        this.askCare({ path: `/statements/${encodeURIComponent(id)}`, shape: careStatement }),
      ),
    )
    this.statements.value = read.flatMap((each) =>
      each.status === 'fulfilled' ? [each.value] : [],
    )
  }

  async #readHistory(): Promise<void> {
    const path = `/history?limit=${pageSize}`
    const page = await this.askCare({ path, shape: careHistory })
    const known = new Set(this.entries.value.map(({ id }) => id))
    if (known.size === 0) this.older.value = page.next
    const coming = page.entries.filter(({ id }) => !known.has(id)).map(({ id }) => id)
    this.arrived.value = new Set([...this.arrived.value, ...coming])
    this.entries.value = mergeEntries(this.entries.value, page.entries)
    const newest = page.entries.find(({ id }) => coming.includes(id))
    if (newest !== undefined && this.view.value.name === 'linked') this.#announce(newest)
  }

  /** Told wherever one is on the page, and read aloud. */
  #announce({ kind, description, amount, currency, reason }: CareEntry): void {
    const isDeclined = kind === 'declined'
    this.tell(
      isDeclined ? 'bad' : 'good',
      this.text(isDeclined ? 'history_new_declined_status' : 'history_new_status', {
        title: description,
        amount: this.money(amount, currency),
        reason: reason?.text ?? '',
      }),
    )
  }

  /** A line that was unlinked elsewhere, or changed for another, is not shown any longer. */
  async #readSummary(): Promise<void> {
    const linked = await this.ask({ path: '/v1/line', shape: lineOrNone })
    const isOther = linked?.phone_number !== this.linked.value?.phone_number
    if (isOther && this.view.value.name === 'linked') return this.load()
    this.linked.value = linked ?? undefined
    const { pockets } = await this.ask({ path: '/v1/wallet', shape: walletMoney })
    const pocket = pockets.find(({ currency }) => currency === linked?.collection.currency)
    // What is held only passes through, or is spent already.
    this.ownMoney.value = pocket && minus(pocket.balance, pocket.held, pocket.currency)
  }

  /** Where there is no inbox this is no sandbox, and nothing of it is shown. */
  async #readInbox(): Promise<void> {
    // Any number tells whether there is an inbox.
    const number = this.inboxNumber.value ?? '+821020000001'
    const path = `/v1/sandbox/inbox?phone_number=${encodeURIComponent(number)}`
    try {
      const messages = await this.ask({ path, shape: listIn('messages', sandboxMessage) })
      this.inbox.value = this.inboxNumber.value === undefined ? [] : messages
    } catch (error) {
      if (error instanceof Refused && error.status === 404) this.inbox.value = undefined
    }
  }

  async #readOffers(): Promise<void> {
    const shape = listIn('data', trialOffer)
    this.offers.value = await this.ask({ path: '/v1/sandbox/offers', shape }).catch(() => [])
  }
}

function viewAfter(error: unknown): View | undefined {
  if (!(error instanceof Refused)) return undefined
  if (error.status === 401) return { name: 'no_wallet', isBusy: false }
  if (error.code === 'line_link_expired') return { name: 'expired', reason: error.message }
  return error.status === 404 ? { name: 'no_carriers' } : undefined
}
