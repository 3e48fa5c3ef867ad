import type { LoadJob } from './job.ts'
import { createPaymentId } from './payment-ids.ts'

/** A request as it goes onto the wire, and the length of its body. */
export interface WireRequest {
  readonly text: string
  readonly bodyBytes: number
}

/** Makes the requests of a job, one by one, so that their ids are fresh. `payer`: a wallet, or a phone number. */
export function requestsOf(job: LoadJob): (payer: string) => WireRequest {
  return job.kind === 'carrier' ? carrierRequests(job) : platformRequests(job)
}

function platformRequests({ port, key, keys, offer }: LoadJob): (payer: string) => WireRequest {
  const head = `${headOf('/v1/payments', port, key)}Idempotency-Key: `
  const what = offer === undefined ? '"amount":"1","currency":"KRW"' : `"offer":"${offer}"`
  return (wallet) => {
    const id = createPaymentId()
    const body = `{"wallet":"${wallet}",${what},"reference":"order-1234"}`
    const text = `${head}${keys === 'payment' ? id : `order-${id}`}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    return { text, bodyBytes: body.length }
  }
}

/** CAMARA's payment in one step, of one won. */
function carrierRequests({ port, key, path = '' }: LoadJob): (payer: string) => WireRequest {
  const head = headOf(path, port, key)
  const rest =
    '"referenceCode":"order-1234","paymentAmount":{"chargingInformation":{"amount":1,"currency":"KRW","description":"An article"},"chargingMetaData":{"merchantName":"A newspaper","merchantIdentifier":"press-1","purchaseCategoryCode":"news"}}'
  return (phoneNumber) => {
    const body = `{"amountTransaction":{"phoneNumber":"${phoneNumber}","clientCorrelator":"${createPaymentId()}",${rest}}}`
    return { text: `${head}Content-Length: ${body.length}\r\n\r\n${body}`, bodyBytes: body.length }
  }
}

function headOf(path: string, port: number, key: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`
}
