import type { CalendarDate } from '@jeon/billing'
import type pg from 'pg'
import type { CarrierClock } from '../carrier-clock.ts'
import type { Database } from '../database.ts'
import type { Language } from '../language.ts'
import type { Changes } from '../live/model.ts'
import type { CarrierId, Change, Line, LineStage, Person } from '../model.ts'
import { Turns } from '../turns.ts'
import {
  type Lines,
  type NewLine,
  type NewPerson,
  NoSuchLine,
  type PasswordAnswer,
  type ServiceState,
} from './model.ts'
import { Opening, type OpeningParts } from './opening.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { serviceStateOf } from './standing.ts'
import { LineStore, LOCKED } from './store.ts'

export interface LineBookParts extends Pick<OpeningParts, 'ledger'> {
  readonly database: Database
  readonly pool: pg.Pool
  readonly time: CarrierClock
  readonly changes: Changes
}

/** Lines of a page of {@link LineBook.all}. */
const PAGE = 500

interface Settings {
  readonly stage?: LineStage
  readonly in_arrears?: boolean
  readonly paused?: boolean
  readonly on_network?: boolean
  readonly language?: Language
  readonly opened_on?: CalendarDate
  readonly sim_changed_at?: Date
  readonly device_changed_at?: Date
  readonly password_hash?: string
  readonly password_failures?: number
}

/** Lines that were asked for once stay in memory: a decision must not wait for a read. */
export class LineBook implements Lines {
  readonly #parts: LineBookParts
  readonly #store: LineStore
  readonly #opening: Opening
  readonly #byId = new Map<string, Line>()
  readonly #idByNumber = new Map<string, string>()
  /** The lines of a person, by id, once they were asked for. */
  readonly #idsByPerson = new Map<string, readonly string[]>()
  #openings = 0
  readonly #turns = new Turns()

  constructor(parts: LineBookParts) {
    this.#parts = parts
    this.#store = new LineStore(parts.database, (carrier) => parts.time.cycle(carrier))
    this.#opening = new Opening({
      ...parts,
      findPerson: async (personId, carrier) => {
        const person = await this.person(personId)
        if (person?.carrier === carrier) return person
        throw new NoSuchLine(`there is no person ${personId} at ${carrier}`)
      },
    })
  }

  /** As it is in memory; undefined: unknown, or not read yet. */
  peek(lineId: string): Line | undefined {
    return this.#byId.get(lineId)
  }

  async byNumber(carrier: CarrierId, phoneNumber: string): Promise<Line | undefined> {
    const id = this.#idByNumber.get(phoneNumber)
    const known = id === undefined ? undefined : this.#byId.get(id)
    const line = known ?? this.#keep(await this.#store.find('phone_number', [phoneNumber]))[0]
    return line?.carrier === carrier ? line : undefined
  }

  async byId(lineId: string): Promise<Line | undefined> {
    return this.#byId.get(lineId) ?? this.#keep(await this.#store.find('id', [lineId]))[0]
  }

  async ofPerson(personId: string): Promise<readonly Line[]> {
    const ids = this.#idsByPerson.get(personId)
    if (ids !== undefined) return ids.flatMap((id) => this.#byId.get(id) ?? [])
    const openings = this.#openings
    const lines = this.#keep(await this.#store.find('person_id', [personId])).toSorted(
      (one, other) => (one.id < other.id ? -1 : 1),
    )
    // A line that was opened meanwhile may be missing here: then the next one who asks reads again.
    if (openings === this.#openings) {
      this.#idsByPerson.set(
        personId,
        lines.map(({ id }) => id),
      )
    }
    return lines
  }

  async person(personId: string): Promise<Person | undefined> {
    return (await this.#store.findPersons([personId]))[0]
  }

  async openPerson(person: NewPerson): Promise<Person> {
    const [opened] = await this.#opening.persons([person])
    if (opened === undefined) throw new Error('one person was asked for')
    return opened
  }

  async open(line: NewLine): Promise<Line> {
    const [opened] = await this.openMany([line])
    if (opened === undefined) throw new Error('one line was asked for')
    return opened
  }

  async openMany(lines: readonly NewLine[]): Promise<readonly Line[]> {
    const ids = await this.#opening.lines(lines)
    this.#openings += 1
    const opened = new Map(
      this.#keep(await this.#store.find('id', ids)).map((line) => [line.id, line]),
    )
    for (const { person } of opened.values()) this.#idsByPerson.delete(person.id)
    return ids.flatMap((id) => opened.get(id) ?? [])
  }

  setStage(lineId: string, stage: LineStage): Promise<Line> {
    return this.#set(lineId, { stage })
  }

  setArrears(lineId: string, inArrears: boolean): Promise<Line> {
    return this.#set(lineId, { in_arrears: inArrears })
  }

  setPaused(lineId: string, paused: boolean): Promise<Line> {
    return this.#set(lineId, { paused })
  }

  setNetwork(lineId: string, onNetwork: boolean): Promise<Line> {
    return this.#set(lineId, { on_network: onNetwork })
  }

  setLanguage(lineId: string, language: Language): Promise<Line> {
    return this.#set(lineId, { language })
  }

  setOpenedOn(lineId: string, openedOn: CalendarDate): Promise<Line> {
    return this.#set(lineId, { opened_on: openedOn })
  }

  setSimChanged(lineId: string, atMs: number): Promise<Line> {
    return this.#set(lineId, { sim_changed_at: new Date(atMs) })
  }

  setDeviceChanged(lineId: string, atMs: number): Promise<Line> {
    return this.#set(lineId, { device_changed_at: new Date(atMs) })
  }

  async setPassword(lineId: string, password: string): Promise<Line> {
    const hash = await hashPassword(password)
    return this.#set(lineId, { password_hash: hash, password_failures: 0 })
  }

  /** One try at a time, so that a thousand at once are not a thousand tries. */
  async checkPassword(lineId: string, password: string): Promise<PasswordAnswer> {
    const { database, time } = this.#parts
    const line = await this.get(lineId)
    const most = time.profile(line.carrier).identity.passwordAttempts
    return this.#turns.take(`password ${lineId}`, async () => {
      const row = await database
        .selectFrom('carrier.line')
        .select(['password_hash', 'password_failures'])
        .where('id', '=', lineId)
        .executeTakeFirstOrThrow()
      if (row.password_hash === null) return 'unset'
      if (row.password_failures === LOCKED) return 'locked'
      const isRight = await isPassword(password, row.password_hash)
      if (isRight && row.password_failures === 0) return 'ok'
      const failures = isRight ? 0 : row.password_failures + 1
      const isLocked = failures >= most
      await this.#set(lineId, { password_failures: isLocked ? LOCKED : failures })
      if (isRight) return 'ok'
      return isLocked ? 'locked' : 'wrong'
    })
  }

  service(line: Line, atMs: number): ServiceState {
    return serviceStateOf(this.#parts.time.carrier(line.carrier).profileAt(atMs), line, atMs)
  }

  async *all(carrier: CarrierId): AsyncIterable<Line> {
    for (let after = ''; ; ) {
      const page = await this.#store.page(carrier, after, PAGE)
      yield* page
      const last = page.at(-1)
      if (last === undefined) return
      after = last.id
    }
  }

  /** Throws {@link NoSuchLine}. */
  async get(lineId: string): Promise<Line> {
    const line = await this.byId(lineId)
    if (line === undefined) throw new NoSuchLine(`there is no line ${lineId}`)
    return line
  }

  /**
   * Runs `work`, which writes, when earlier changes of the line are over; reads the line again and tells that it
   * changed. Throws {@link NoSuchLine}.
   */
  update<T>(
    lineId: string,
    what: Change['what'],
    work: (line: Line) => Promise<T>,
  ): Promise<{ readonly line: Line; readonly result: T }> {
    return this.#turns.take(lineId, async () => {
      const result = await work(await this.get(lineId))
      const [read] = await this.#store.find('id', [lineId])
      if (read === undefined) throw new NoSuchLine(`there is no line ${lineId}`)
      this.#put(read)
      this.#parts.changes.tell({ lineId, what, id: lineId, atMs: this.#parts.time.now() })
      return { line: read, result }
    })
  }

  /** What a durable payment changed: when the line was last used. */
  used(lineId: string, atMs: number): void {
    const line = this.#byId.get(lineId)
    if (line !== undefined) this.#put({ ...line, usedAtMs: atMs })
  }

  async #set(lineId: string, settings: Settings): Promise<Line> {
    const { line } = await this.update(lineId, 'line', () =>
      this.#parts.database
        .updateTable('carrier.line')
        .set(settings)
        .where('id', '=', lineId)
        .execute(),
    )
    return line
  }

  /** What is in memory is newer than what was read while it changed. */
  #keep(lines: readonly Line[]): Line[] {
    return lines.map((line) => {
      const known = this.#byId.get(line.id)
      if (known === undefined) this.#put(line)
      return known ?? line
    })
  }

  #put(line: Line): void {
    this.#byId.set(line.id, line)
    this.#idByNumber.set(line.phoneNumber, line.id)
  }
}
