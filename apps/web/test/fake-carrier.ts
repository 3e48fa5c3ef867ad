import type {
  CareBill,
  CareBillPayment,
  CareBlock,
  CareConsent,
  CareDispute,
  CareEntry,
  CareFactor,
  CareLifted,
  CareLimitsChange,
  CareLine,
  CareProof,
  CareService,
  CareStanding,
  CareStatementRequest,
  SandboxMessage,
} from '@jeon/camara'
import { billOf, entryOf, type Pair, words } from './fake-care.ts'

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

/** A refusal, as self-care words it. */
export interface FakeRefusal {
  readonly status: number
  readonly code: string
  readonly detail: string
}

const proofNeeds: Readonly<Record<CareProof['purpose'], readonly CareFactor[]>> = {
  unblock: ['identity', 'sms_code', 'password'],
  raise: ['sms_code', 'password'],
  consent: ['sms_code', 'password'],
  password: ['sms_code'],
}

/** A stand-in for a carrier's self-care, for one line: just enough rules that the page has something to show. */
export class FakeCarrier {
  language: 'ko' | 'en' = 'ko'
  nowMs = Date.parse('2026-11-22T03:00:00Z')
  phoneNumber = '+821020000001'
  isConsented = true
  blocks: CareBlock[] = []
  monthLimit = 300_000
  transactionLimit: number | null = null
  pendingMonth: { readonly limit: number; readonly at: string } | null = null
  held = 0
  earlyPaid = 0
  entries: CareEntry[] = []
  bills: Mutable<CareBill>[] = []
  disputes: CareDispute[] = []
  consents: CareConsent[] = []
  messages: SandboxMessage[] = []
  statements: Mutable<CareStatementRequest>[] = []
  stage: CareLine['stage'] = 'active'
  readonly proofs = new Map<string, Mutable<CareProof>>()
  readonly payments = new Map<string, CareBillPayment>()
  tell: (what: string, id: string) => void = () => undefined
  #count = 0

  constructor() {
    const given_at = '2026-08-03T02:00:00Z'
    const wording = this.say(words.consent)
    this.consents.push({
      id: 'con-1',
      kind: 'payments',
      client: null,
      wording,
      translation: null,
      given_at,
      revoked_at: null,
    })
  }

  say(pair: Pair): string {
    return pair[this.language]
  }

  nextId(kind: string): string {
    this.#count += 1
    return `${kind}-${this.#count}`
  }

  now(): string {
    return new Date(this.nowMs).toISOString()
  }

  used(): number {
    const spent = this.entries
      .filter(
        ({ kind, at, status }) =>
          kind === 'payment' && at >= '2026-10-31T15' && status !== 'cancelled',
      )
      .reduce((sum, { amount, refunded }) => sum + Number(amount) - Number(refunded), 0)
    return spent - this.earlyPaid
  }

  owed(): number {
    return this.bills.reduce((sum, { owed }) => sum + Number(owed), 0)
  }

  chargedOff(): number {
    return this.bills.reduce((sum, { charged_off }) => sum + Number(charged_off), 0)
  }

  overdue(): number {
    return this.bills
      .filter(({ due_on }) => due_on < this.now().slice(0, 10))
      .reduce((sum, { owed }) => sum + Number(owed), 0)
  }

  state(): CareService['state'] {
    if (this.stage === 'outgoing_suspended' || this.stage === 'fully_suspended') return 'suspended'
    if (!this.isConsented) return 'no_consent'
    if (this.blocks.some(({ kind }) => kind === 'permanent')) return 'hard_blocked'
    if (this.blocks.some(({ kind }) => kind === 'fraud')) return 'fraud_hold'
    if (this.blocks.some(({ kind }) => kind === 'payer')) return 'user_blocked'
    if (this.overdue() > 0) return 'arrears_blocked'
    return this.used() >= this.monthLimit ? 'limit_exhausted' : 'enabled'
  }

  /** A purchase at a merchant, as the platform would ask for it. */
  buy(order: Parameters<typeof entryOf>[0]): CareEntry {
    const state = this.state()
    const left = this.monthLimit - this.used()
    const reason =
      state !== 'enabled' && state !== 'limit_exhausted'
        ? { code: 'blocked_by_payer', ...this.#words(words.declinedBlock) }
        : order.amount > left
          ? { code: 'month_limit', ...this.#words(words.declinedLimit) }
          : null
    const entry = entryOf(order, { id: this.nextId('pay'), at: this.now(), reason })
    this.entries.unshift(entry)
    if (reason === null)
      this.send('charge', `[SKT] ${order.merchant} ${order.amount.toLocaleString()}원 결제`)
    this.tell(reason === null ? 'payment' : 'declined', entry.id)
    this.tell('usage', entry.id)
    return entry
  }

  #words({ text, remedy }: { readonly text: Pair; readonly remedy: Pair }) {
    return { text: this.say(text), remedy: this.say(remedy) }
  }

  send(kind: string, text: string): void {
    const message = { phone_number: this.phoneNumber, carrier: 'skt', kind, text, at: this.now() }
    this.messages.unshift({ id: this.nextId('msg'), ...message })
    this.tell('message', this.messages[0]?.id ?? '')
  }

  block(kind: CareBlock['kind']): void {
    this.blocks.push({
      id: this.nextId('blk'),
      kind,
      does: this.say(words.blocks[kind] ?? words.blocks.payer),
      set_at: this.now(),
      lifts_at: null,
      liftable: kind !== 'fraud' && kind !== 'operator',
    })
    this.tell('line', 'line')
  }

  /** One proof lifts all that the owner may lift. */
  lift(id: string): Omit<CareLifted, 'line'> {
    const lifts_at = '2026-11-22T15:00:00.000Z'
    const isLifted = (block: CareBlock) => block.liftable || block.id === id
    const lifted = this.blocks.filter(isLifted).map((each) => ({ ...each, lifts_at }))
    const remaining = this.blocks
      .filter((block) => !isLifted(block))
      .map((each) => ({ ...each, why: this.say(words.heldBlock) }))
    this.blocks = this.blocks.map((block) => (isLifted(block) ? { ...block, lifts_at } : block))
    this.tell('line', 'line')
    return { lifts_at, lifted, remaining }
  }

  askStatement(from: string, to: string): CareStatementRequest {
    const id = this.nextId('stm')
    const answer_by = '2026-12-06T03:00:00.000Z'
    const statement = { id, from, to, answer_by, ready_at: null, text: null }
    this.statements.unshift(statement)
    return statement
  }

  /** The daily work. */
  writeStatements(): void {
    const text = this.say(words.statement)
    for (const each of this.statements) Object.assign(each, { ready_at: this.now(), text })
    this.send('statement', '[SKT] 서면 내역이 준비되었습니다.')
  }

  beginProof(purpose: CareProof['purpose']): CareProof {
    const needs = proofNeeds[purpose]
    const id = this.nextId('prf')
    const expires_at = new Date(this.nowMs + 600_000).toISOString()
    const proof = { id, purpose, needs, given: [], complete: false, expires_at }
    this.proofs.set(id, proof)
    const what = this.say(words.purposes[purpose])
    this.send('code', `[SKT] ${what} 인증번호는 482915입니다. 다른 사람에게 알려 주지 마세요.`)
    return proof
  }

  giveProof(id: string, factor: CareFactor, isRight: boolean): CareProof | FakeRefusal {
    const proof = this.proofs.get(id)
    if (proof === undefined)
      return { status: 404, code: 'proof_not_found', detail: '없는 확인입니다.' }
    if (!isRight) return { status: 403, code: 'factor_wrong', detail: this.say(words.wrongFactor) }
    proof.given = [...proof.given, factor]
    proof.complete = proof.needs.every((need) => proof.given.includes(need))
    return proof
  }

  changeLimits(
    change: CareLimitsChange,
  ): FakeRefusal | { readonly effective_at: string; readonly raises: boolean } {
    const month = change.month === undefined ? this.monthLimit : Number(change.month ?? 1_000_000)
    const raises = month > this.monthLimit
    const isProved = this.proofs.get(change.proof ?? '')?.complete === true
    if (raises && (change.consent !== true || !isProved)) {
      return { status: 403, code: 'proof_missing', detail: this.say(words.proofMissing) }
    }
    const effective_at = raises ? '2026-11-22T15:00:00.000Z' : this.now()
    if (raises) this.pendingMonth = { limit: month, at: effective_at }
    else this.monthLimit = month
    if (change.transaction !== undefined)
      this.transactionLimit = change.transaction === null ? null : Number(change.transaction)
    this.tell('limits', 'limits')
    return { effective_at, raises }
  }

  addBill(cycle: string, due_on: string, amounts: readonly number[], surcharge = 0): void {
    this.bills.unshift(billOf(this.nextId('bill'), cycle, due_on, amounts, surcharge, this))
  }

  pay(key: string, wanted: string, early: boolean, standing: () => CareStanding): CareBillPayment {
    const before = this.payments.get(key)
    if (before !== undefined) return before
    const parts: CareBillPayment['parts'][number][] = []
    const oldestFirst = this.bills.filter(({ owed }) => owed !== '0').toReversed()
    let left = early ? this.used() : this.owed()
    if (wanted === 'oldest') left = Number(oldestFirst[0]?.owed ?? 0)
    else if (wanted !== 'all') left = Number(wanted)
    const amount = left
    if (early) {
      this.earlyPaid += amount
      parts.push({ cycle: '2026-11', text: this.say(words.earlyPart), amount: `${amount}` })
      left = 0
    }
    for (const bill of early ? [] : oldestFirst) {
      const part = Math.min(left, Number(bill.owed))
      if (part === 0) continue
      left -= part
      bill.owed = `${Number(bill.owed) - part}`
      bill.paid = `${Number(bill.paid) + part}`
      if (bill.owed === '0') bill.state = 'paid'
      parts.push({ cycle: bill.cycle, text: this.say(words.billPart), amount: `${part}` })
    }
    if (this.overdue() === 0 && this.stage !== 'active') {
      this.stage = 'active'
      this.block('operator')
    }
    const payment = {
      id: this.nextId('rcp'),
      amount: `${amount}`,
      early,
      at: this.now(),
      parts,
      credit: `${left}`,
      standing: standing(),
    }
    this.payments.set(key, payment)
    this.tell('standing', payment.id)
    return payment
  }

  dispute(paymentId: string, reason: string, isBlocking: boolean): CareDispute {
    const dispute: CareDispute = {
      id: this.nextId('dis'),
      payment_id: paymentId,
      reason,
      state: 'open',
      payout_held: true,
      opened_at: this.now(),
      answer_by: '2026-12-06T03:00:00.000Z',
      answer: null,
    }
    this.disputes.unshift(dispute)
    this.entries = this.entries.map((entry) =>
      entry.id === paymentId
        ? {
            ...entry,
            can_dispute: false,
            dispute: { id: dispute.id, state: 'open', answer_by: dispute.answer_by },
          }
        : entry,
    )
    if (isBlocking) this.block('payer')
    this.tell('dispute', dispute.id)
    return dispute
  }
}
