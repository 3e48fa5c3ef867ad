import type { Bucket, CalendarDate, Ceiling } from '@jeon/billing'
import type { Language } from '../language.ts'
import type { CarrierId, DeclineReason, Line, LineStage, Person } from '../model.ts'

/** Whether payments on a line are possible. `limit_exhausted` is said by `core.service` alone: it asks the ledger. */
export type ServiceStateName =
  | 'enabled'
  | 'no_consent'
  | 'user_blocked'
  | 'hard_blocked'
  | 'limit_exhausted'
  | 'arrears_blocked'
  | 'dormant_blocked'
  | 'fraud_hold'
  | 'operator_blocked'
  | 'not_eligible'
  | 'suspended'
  | 'terminated'

export interface ServiceState {
  readonly state: ServiceStateName
  /** Why it is not enabled; `null` when it is, or when only the limit is used up. */
  readonly reason: DeclineReason | null
}

export interface NewPerson {
  readonly carrier: CarrierId
  readonly name: string
  readonly birthdate: CalendarDate
  readonly guardianId?: string | null
}

export interface NewLine {
  readonly carrier: CarrierId
  /** E.164 with the plus sign. */
  readonly phoneNumber: string
  /** An owner who is known, or a new one. */
  readonly person: string | Person | Omit<NewPerson, 'carrier'>
  readonly kind: Line['kind']
  readonly openedOn: CalendarDate
  /** (Default: the first of the market's languages that the carrier speaks) */
  readonly language?: Language
  /** (Default: the market's) */
  readonly personal?: Readonly<Partial<Record<Bucket, Ceiling>>>
  /** (Default: true) */
  readonly onNetwork?: boolean
  readonly paused?: boolean
  /** (Default: when the line was opened) */
  readonly simChangedAtMs?: number
  readonly deviceChangedAtMs?: number
  /** The last use, of a line that is older than this program; `null`: never. (Default: now, so that it is not dormant at once) */
  readonly usedAtMs?: number | null
  /** The payment password. (Default: unset) */
  readonly password?: string
  /** Consents given with the contract. (Default: none) */
  readonly consents?: readonly {
    readonly kind: 'payments' | 'guardian' | 'limit_raise' | 'platform'
    /** Of a link (`platform`): with whom. */
    readonly clientId?: string
    readonly wording: string
    /** (Default: when the line was opened) */
    readonly givenAtMs?: number
  }[]
}

export type PasswordAnswer = 'ok' | 'wrong' | 'locked' | 'unset'

/** A phone number that is taken. */
export class NumberTaken extends Error {
  override readonly name = 'NumberTaken'
}

/** Something was asked of a line that there is not. */
export class NoSuchLine extends Error {
  override readonly name = 'NoSuchLine'
}

/**
 * Persons and their lines. This process is the only writer: a change goes to SQL first, then to memory, then to the
 * live feed. A `Line` is a picture of one moment; ask again rather than keep it.
 */
export interface Lines {
  byNumber(carrier: CarrierId, phoneNumber: string): Promise<Line | undefined>
  byId(lineId: string): Promise<Line | undefined>
  ofPerson(personId: string): Promise<readonly Line[]>
  person(personId: string): Promise<Person | undefined>
  openPerson(person: NewPerson): Promise<Person>
  /** Throws {@link NumberTaken}. */
  open(line: NewLine): Promise<Line>
  /** Many at once, all or none, in the order given. Throws {@link NumberTaken}. */
  openMany(lines: readonly NewLine[]): Promise<readonly Line[]>
  /** These throw {@link NoSuchLine}. */
  setStage(lineId: string, stage: LineStage): Promise<Line>
  setArrears(lineId: string, inArrears: boolean): Promise<Line>
  setPaused(lineId: string, paused: boolean): Promise<Line>
  setNetwork(lineId: string, onNetwork: boolean): Promise<Line>
  setLanguage(lineId: string, language: Language): Promise<Line>
  /** Rewrites when it was opened: for a sandbox alone. */
  setOpenedOn(lineId: string, openedOn: CalendarDate): Promise<Line>
  setSimChanged(lineId: string, atMs: number): Promise<Line>
  setDeviceChanged(lineId: string, atMs: number): Promise<Line>
  /** Also unlocks it. */
  setPassword(lineId: string, password: string): Promise<Line>
  /** Counts wrong answers; after the market's number of them it is locked until it is set again. */
  checkPassword(lineId: string, password: string): Promise<PasswordAnswer>
  /** Without a look at the ledger; see `Core.service`. */
  service(line: Line, atMs: number): ServiceState
  /** Every line of a carrier, by id. */
  all(carrier: CarrierId): AsyncIterable<Line>
}
