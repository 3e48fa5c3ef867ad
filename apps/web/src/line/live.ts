import type { CareChange } from '@jeon/camara'
import { Misread, oneOf, record, type Shape, text } from './shapes.ts'

const change: Shape<CareChange> = record({
  what: oneOf(
    'payment',
    'declined',
    'refund',
    'usage',
    'line',
    'limits',
    'bill',
    'standing',
    'message',
    'dispute',
  ),
  id: text,
  at: text,
})

/** What moves the wallet's tab with the line. */
const walletEvents = [
  'payment.accepted',
  'payment.refunded',
  'hold.created',
  'hold.captured',
  'hold.voided',
  'hold.expired',
  'wallet.topped_up',
]

export interface LiveListener {
  /** Undefined: something changed, and it is not known what. */
  readonly onChange: (what: CareChange['what'] | undefined) => void
  readonly onWallet: () => void
  readonly onState: (state: 'live' | 'reconnecting') => void
}

const againMs = 3_000

/** Follows the line, and the wallet that pays with it, until the signal says so. */
export function followLine(listener: LiveListener, stop: AbortSignal): void {
  follow('/v1/line/care/live', stop, {
    changed: (data) => listener.onChange(whatOf(data)),
    open: () => listener.onState('live'),
    error: () => listener.onState('reconnecting'),
  })
  const onWallet = () => listener.onWallet()
  follow('/v1/wallet/live', stop, Object.fromEntries(walletEvents.map((name) => [name, onWallet])))
}

type Handlers = Readonly<Record<string, (data: unknown) => void>>

/** A source that was refused is closed for good; another is opened after a while. */
function follow(path: string, stop: AbortSignal, handlers: Handlers): void {
  if (stop.aborted) return
  const source = new EventSource(path)
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event: Event) => {
      if (!stop.aborted) handle(event instanceof MessageEvent ? event.data : undefined)
    })
  }
  const own = new AbortController()
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return
    own.abort()
    setTimeout(() => follow(path, stop, handlers), againMs)
  })
  stop.addEventListener('abort', () => source.close(), { signal: own.signal })
}

function whatOf(data: unknown): CareChange['what'] | undefined {
  try {
    return change(JSON.parse(typeof data === 'string' ? data : ''), 'changed').what
  } catch (error) {
    if (error instanceof Misread || error instanceof SyntaxError) return undefined
    throw error
  }
}
