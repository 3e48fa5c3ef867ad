import { isPaymentId, type PaymentId } from './payment-id.ts'

/**
 * Which payment id this browser uses for one offer: kept from before the first send until the payment is refused or
 * given back, so that a reload, a second tab or a second click cannot make a second payment.
 */
export interface AttemptStore {
  read(): PaymentId | undefined
  write(id: PaymentId): void
  /** Forgets `id`; leaves any other alone, another tab may have begun anew. */
  forget(id: PaymentId): void
}

/** Keeps the id in `localStorage`; where the browser denies that, for as long as the page lives. */
export function createAttemptStore(key: string): AttemptStore {
  let storage: Record<string, string> = {}
  try {
    storage = localStorage
  } catch {}
  const read = () => (isPaymentId(storage[key]) ? storage[key] : undefined)
  return {
    read,
    write(id) {
      storage[key] = id
    },
    forget(id) {
      if (read() === id) delete storage[key]
    },
  }
}
