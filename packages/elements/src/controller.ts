import { type AttemptStore, createAttemptStore } from './attempt-store.ts'
import { createClient, type JeonClient, type PaymentAnswer, type Price } from './client.ts'
import { fetchContent, focusContent, showContent } from './content.ts'
import { messages } from './messages.ts'
import type { Panel } from './panel.ts'
import { createTypeId, type PaymentId } from './payment-id.ts'
import {
  type Effect,
  initialState,
  type PaywallEvent,
  type PaywallState,
  transition,
} from './payment-state.ts'
import { formatPrice } from './price.ts'
import { type ContentState, viewOf } from './view.ts'

const undoMsMax = 10_000
/** The server takes a payer's undo for 15 s; one second is for the way there. */
const undoServerMs = 14_000
/** A double click pays once; its second half must not undo what the first half paid. */
const undoGuardMs = 700

/** One paywall at work: the rim around the state machine, which is clock, network, storage and page. */
export interface Paywall {
  readonly host: HTMLElement
  readonly panel: Panel
  readonly client: JeonClient
  readonly store: AttemptStore
  readonly server: string
  readonly lockName: string
  /** What is shown, and until it is known better, what is paid. */
  shownPrice: Price
  state: PaywallState
  area: ContentState
  /** Where the paid text is in the page. */
  box?: HTMLElement
  /** Late answers to a paywall that was stopped change nothing. */
  stopped: boolean
  /** A tap was taken and its payment is being prepared. */
  tapped: boolean
  /** The focus was in here before the last change. */
  focused: boolean
  proof: string
  attempt?: PaymentId
  refundKey: string
  sentAtMs: number
  paidAtMs: number
  undoTimer?: ReturnType<typeof setTimeout>
}

/** Sets a paywall up from its attributes as they are now, and looks for what was paid before. */
export function openPaywall(host: HTMLElement, panel: Panel): Paywall {
  const server = attributeOf(host, 'server').replace(/\/$/, '')
  const key = attributeOf(host, 'key')
  const offer = attributeOf(host, 'offer')
  const price = { amount: attributeOf(host, 'price'), currency: attributeOf(host, 'currency') }
  const timeoutMs = Number(attributeOf(host, 'timeout-ms')) || 8000
  const lockName = `jeon-paywall ${server} ${key} ${offer}`
  const paywall: Paywall = {
    host,
    panel,
    client: createClient({
      ...{ server, key, offer, price, timeoutMs },
      language: () => languageOf(host),
    }),
    store: createAttemptStore(lockName),
    server,
    lockName,
    shownPrice: price,
    state: initialState,
    area: 'none',
    stopped: false,
    tapped: false,
    focused: false,
    proof: '',
    refundKey: '',
    sentAtMs: 0,
    paidAtMs: 0,
  }
  render(paywall)
  if (paywall.store.read()) wake(paywall)
  else void run(paywall, { type: 'look' })
  return paywall
}

/** From here on, nothing that still comes in changes anything. */
export function closePaywall(paywall: Paywall): void {
  paywall.stopped = true
  paywall.box?.remove()
  clearTimeout(paywall.undoTimer)
}

/** The payer pressed the one button. */
export function act(paywall: Paywall): void {
  const { state } = paywall
  if (state.name === 'paid') void load(paywall)
  else if (state.name === 'unknown') {
    void dispatch(paywall, { type: 'tapped', id: state.id, isNew: false })
  } else if (state.name !== 'paying' && state.name !== 'waiting') {
    // One tab of this browser at a time: the second finds what the first has begun.
    void exclusively(paywall.lockName, () => pay(paywall))
  }
}

/** The payer wants it back. */
export function undo(paywall: Paywall): void {
  if (performance.now() - paywall.paidAtMs > undoGuardMs) {
    void dispatch(paywall, { type: 'undo_tapped' })
  }
}

/** In sight, maybe again: an earlier page or another tab may have paid, and an unanswered question is asked again. */
export function wake(paywall: Paywall): void {
  const id = paywall.store.read()
  if (document.hidden || paywall.tapped || !id || paywall.state.name === 'waiting') return
  if (paywall.state.name === 'unknown') act(paywall)
  else void dispatch(paywall, { type: 'resumed', id })
}

/** Shows the state as it is, in the language that now applies. */
export function render(paywall: Paywall): void {
  const { host, state, tapped, area, shownPrice } = paywall
  const language = languageOf(host)
  const price = formatPrice(shownPrice.amount, shownPrice.currency) ?? ''
  const view = viewOf({ state, tapped, area, price, language }, messages[language])
  if (attributeOf(host, 'state') !== state.name) host.setAttribute('state', state.name)
  paywall.panel.show(view, language, paywall.server)
}

/** Resolves when the event's own effects are done; what follows from their answers runs on by itself. */
async function dispatch(paywall: Paywall, event: PaywallEvent): Promise<void> {
  if (paywall.stopped) return
  // Before anything that is focused goes away.
  paywall.focused = hasFocus(paywall)
  const { state, effects } = transition(paywall.state, event)
  paywall.state = state
  render(paywall)
  await Promise.all(effects.map((effect) => run(paywall, effect)))
}

async function run(paywall: Paywall, effect: Effect): Promise<void> {
  const { client } = paywall
  switch (effect.type) {
    case 'send':
      paywall.sentAtMs ||= performance.now()
      paywall.attempt = effect.id
      return answer(paywall, await client.pay(effect.id))
    case 'ask':
      await sleep(effect.delayMs)
      return paywall.stopped ? undefined : answer(paywall, await client.ask(effect.id))
    case 'look': {
      const receipt = await client.entitlement()
      return receipt ? dispatch(paywall, { type: 'entitled', receipt }) : undefined
    }
    case 'unlock':
      return unlock(paywall, effect.receipt, effect.undoMs)
    case 'refund':
      return dispatch(paywall, { type: await client.refund(effect.id, paywall.refundKey) })
    case 'forget':
      return paywall.store.forget(effect.id)
    case 'lock':
      return lock(paywall)
    case 'tell':
      tell(paywall, effect.event)
  }
}

function answer(paywall: Paywall, said: PaymentAnswer): void {
  if (said.type === 'accepted') {
    paywall.shownPrice = said.price
    // The payment is no older than its first send, so this never offers an undo that comes too late.
    const leftMs = undoServerMs - (performance.now() - paywall.sentAtMs)
    const undoMs = leftMs < 3000 ? 0 : Math.min(undoMsMax, leftMs)
    void dispatch(paywall, { ...said, undoMs })
  } else void dispatch(paywall, said)
}

async function pay(paywall: Paywall): Promise<void> {
  if (paywall.tapped) return
  paywall.tapped = true
  render(paywall)
  const stored = paywall.store.read()
  const id = stored ?? (await newAttempt(paywall))
  paywall.tapped = false
  paywall.sentAtMs = 0
  render(paywall)
  if (id) await dispatch(paywall, { type: 'tapped', id, isNew: !stored })
}

/** A new id, stored before it is sent; none when the payer has the right already or nobody can tell. */
async function newAttempt(paywall: Paywall): Promise<PaymentId | undefined> {
  const receipt = await paywall.client.entitlement()
  if (paywall.stopped || paywall.state.name === 'paid') return undefined
  if (receipt) void dispatch(paywall, { type: 'entitled', receipt })
  if (receipt === undefined) {
    const refusal = { code: 'unreachable', resetsAt: '' }
    void dispatch(paywall, { type: 'refused', refusal })
  }
  if (receipt !== null) return undefined
  const id = newId('pay')
  paywall.store.write(id)
  return id
}

function unlock(paywall: Paywall, receipt: string, undoMs: number): Promise<void> {
  paywall.proof = receipt
  paywall.paidAtMs = performance.now()
  paywall.refundKey = newId('rfd')
  clearTimeout(paywall.undoTimer)
  if (undoMs > 0) {
    paywall.undoTimer = setTimeout(() => dispatch(paywall, { type: 'undo_expired' }), undoMs)
  }
  return load(paywall)
}

async function load(paywall: Paywall): Promise<void> {
  const { host } = paywall
  paywall.area = 'loading'
  render(paywall)
  const { html, refused } = await fetchContent(attributeOf(host, 'content'), paywall.proof)
  if (paywall.stopped || paywall.state.name !== 'paid') return
  if (html === undefined) {
    paywall.area = 'failed'
    render(paywall)
    if (refused) void dispatch(paywall, { type: 'lapsed' })
    return
  }
  paywall.focused = hasFocus(paywall)
  paywall.area = 'shown'
  paywall.box?.remove()
  paywall.box = showContent(host, html)
  render(paywall)
  // Who went elsewhere meanwhile, or did not tap here, keeps their place.
  if (paywall.focused && paywall.state.here) focusContent(paywall.box)
}

function lock(paywall: Paywall): void {
  paywall.area = 'none'
  paywall.box?.remove()
  render(paywall)
  if (paywall.focused) paywall.panel.focus()
}

function tell({ host, state, attempt, shownPrice }: Paywall, name: string): void {
  const detail = {
    offer: attributeOf(host, 'offer'),
    payment: attempt,
    amount: shownPrice,
    code: state.name === 'declined' ? state.refusal.code : undefined,
  }
  host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }))
}

function attributeOf(host: HTMLElement, name: string): string {
  return host.getAttribute(name) ?? ''
}

function hasFocus({ host }: Paywall): boolean {
  return host.matches(':focus-within')
}

function languageOf(element: HTMLElement): 'ko' | 'en' {
  const tag = element.closest<HTMLElement>('[lang]')?.lang || navigator.language
  return /^ko\b/i.test(tag) ? 'ko' : 'en'
}

/** Without Web Locks (plain http on another host than this one) the stored id alone has to do. */
function exclusively(name: string, work: () => Promise<void>): Promise<void> {
  return 'locks' in navigator ? navigator.locks.request(name, work) : work()
}

function newId<Prefix extends string>(prefix: Prefix) {
  return createTypeId(prefix, Date.now(), crypto.getRandomValues(new Uint8Array(10)))
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
