/** An event on its way to a client's sink. */
export interface NewDelivery {
  /** The same for the same event, so that noting it twice notes it once. */
  readonly id: string
  readonly carrier: string
  readonly clientId: string
  /** The payment or refund. */
  readonly about: string
  readonly sink: string
  /** Sent as a bearer token; `null`: none. */
  readonly token: string | null
  readonly body: Readonly<Record<string, unknown>>
  readonly dueAtMs: number
  readonly createdAtMs: number
}

/** Waits between tries, in milliseconds; after the last one is used up the event is given up. */
export const RETRY_MS = [
  ...[5_000, 30_000, 120_000, 600_000, 1_800_000],
  ...[3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000],
] as const
