import { TypeID } from 'typeid-js'
import { z } from 'zod'
import type { Answer, Sending } from './http.ts'

/** What a client wanted, written down before it was sent, with what it was told. */
export interface Intent {
  readonly verb: Verb
  /** The client's own id and idempotency key: `pay_…`, `rfd_…`, `hold_…`, `vod_…`, `top_…`. */
  readonly key: string
  readonly wallet: string
  /** Thousandths of a won; undefined where the target decides. */
  readonly amount: bigint | undefined
  /** The payment that is refunded, the hold that is captured or voided. */
  readonly target: Intent | undefined
  /** Sent in a batch. */
  readonly batched: boolean
  readonly sending: Sending
  state: 'sent' | 'accepted' | 'refused' | 'unknown'
  /** What the acknowledgement said about it. */
  content: Content | undefined
  /** Asked after an unknown outcome, the server said that it did not happen. */
  denied: boolean
}

export type Verb = 'pay' | 'hold' | 'capture' | 'void' | 'refund' | 'topup'

/** What must be the same in every answer about one intent. */
export type Content = z.output<typeof contentSchema>

const contentSchema = z.object({
  id: z.string().optional(),
  sequence: z.int().optional(),
  shard: z.int().optional(),
  created_at: z.string().optional(),
  reference: z.string().nullable().optional(),
  amount: z.object({ amount: z.string(), currency: z.string() }).optional(),
  credited: z.object({ amount: z.string(), currency: z.string() }).optional(),
})

const problemSchema = z.object({
  code: z.string(),
  status: z.int(),
  retryable: z.boolean(),
  request_id: z.string(),
  href: z.string().optional(),
})

/** Codes after which something may have happened. All other refusals promise that nothing has. */
const doubtful = new Set(['unknown_outcome', 'database_unavailable', 'internal'])

/** What one answer means for the intent that was sent. */
export type Verdict =
  | { readonly is: 'accepted'; readonly content: Content; readonly replayed: boolean }
  | { readonly is: 'refused'; readonly code: string }
  | { readonly is: 'unknown'; readonly code: string }

/** Reads an answer to a single request. */
export function verdictOf(answer: Answer): Verdict {
  if (answer.lost) return { is: 'unknown', code: answer.reason }
  if (answer.status === 201 || answer.status === 200) {
    const replayed = answer.headers['idempotent-replayed'] === 'true'
    return { is: 'accepted', content: contentSchema.parse(answer.json), replayed }
  }
  const { code } = problemSchema.parse(answer.json)
  return { is: doubtful.has(code) ? 'unknown' : 'refused', code }
}

const batchSchema = z.object({
  data: z.array(
    z.object({
      key: z.string(),
      status: z.enum(['accepted', 'refused', 'unknown']),
      id: z.string().optional(),
      code: z.string().optional(),
      replayed: z.boolean().optional(),
    }),
  ),
})

/** Reads an answer to a batch: a verdict for each of its items. */
export function verdictsOf(answer: Answer, count: number): readonly Verdict[] {
  if (answer.lost || answer.status !== 200) {
    const verdict = verdictOf(answer)
    return Array.from({ length: count }, () => verdict)
  }
  const { data } = batchSchema.parse(answer.json)
  if (data.length !== count) throw new Error(`${data.length} outcomes for ${count} items`)
  return data.map(({ status, id, code = '', replayed = false }) => {
    if (status !== 'accepted') return { is: status, code }
    return { is: 'accepted', content: { id }, replayed }
  })
}

/** All intents of a campaign, by the UUID that stands in the journal. */
export class Book {
  readonly intents = new Map<string, Intent>()
  /** Intents since the last proof. */
  recent: Intent[] = []

  write(intent: Omit<Intent, 'state' | 'content' | 'denied'>): Intent {
    const written: Intent = { ...intent, state: 'sent', content: undefined, denied: false }
    this.intents.set(uuidOf(intent.key), written)
    this.recent.push(written)
    return written
  }

  /** Accepted ones of a kind, for what refers to them. */
  accepted(verb: Verb): readonly Intent[] {
    return this.recent.filter((intent) => intent.verb === verb && intent.state === 'accepted')
  }
}

/** 32 hexadecimal digits, as the journal has them without dashes. */
export function uuidOf(key: string): string {
  return TypeID.fromString(key).toUUID().replaceAll('-', '')
}

/** Writes down what an answer said. */
export function settle(intent: Intent, verdict: Verdict): void {
  intent.state = verdict.is
  if (verdict.is === 'accepted') intent.content = verdict.content
}
