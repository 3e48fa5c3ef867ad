import type { Connection, Submittable } from 'pg'

/** The part of a `pg` session's private protocol that a query of our own takes part in. */
interface CopySession extends Connection {
  query(text: string): void
}

/**
 * Runs statements of which one is `COPY … FROM STDIN`, and sends its data at once instead of
 * waiting to be asked: one round trip. A server that fails before it asks ignores the data
 * (PostgreSQL documentation, 54.2.6 "COPY Operations").
 */
export class CopyIn implements Submittable {
  readonly done: Promise<void>
  readonly #text: string
  readonly #data: Buffer
  #resolve: () => void = () => undefined
  #reject: (error: Error) => void = () => undefined

  constructor(text: string, data: Buffer) {
    this.#text = text
    this.#data = data
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: CopySession): void {
    const { stream } = connection
    const head = Buffer.allocUnsafe(5)
    head.writeUInt8(0x64, 0)
    head.writeInt32BE(this.#data.length + 4, 1)
    stream.cork()
    connection.query(this.#text)
    stream.write(head)
    stream.write(this.#data)
    stream.write(COPY_DONE)
    stream.uncork()
  }

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    this.#resolve()
  }

  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
}

const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])

/** Runs `COPY … TO STDOUT` and hands every row's bytes to `onRow` as they come. */
export class CopyOut implements Submittable {
  readonly done: Promise<void>
  readonly #text: string
  readonly #onRow: (row: Buffer) => void
  #isFirst = true
  #resolve: () => void = () => undefined
  #reject: (error: Error) => void = () => undefined

  constructor(text: string, onRow: (row: Buffer) => void) {
    this.#text = text
    this.#onRow = onRow
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: CopySession): void {
    connection.query(this.#text)
  }

  /** Postgres sends one message a row; the header travels with the first, the trailer alone. */
  handleCopyData(message: { readonly chunk: Buffer }): void {
    const row = this.#isFirst ? message.chunk.subarray(HEADER_BYTES) : message.chunk
    this.#isFirst = false
    if (row.length > TRAILER_BYTES) this.#onRow(row)
  }

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    this.#resolve()
  }

  handleCopyOutResponse(): void {}
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
}

const HEADER_BYTES = 19
const TRAILER_BYTES = 2
