import type { Tokens } from '@jeon/camara'
import { z } from 'zod'

/** A line with what its owner has shown: the platform may charge it for some minutes without asking again. */
export interface ProvedLine {
  readonly phoneNumber: string
  /** Bound to the line, by a code and the payment password. */
  readonly accessToken: string
}

export interface OwnerParts {
  readonly carriersUrl: string
  readonly carrier: string
  readonly tokens: Tokens
}

const scopes = ['carrier-billing:payments:create', 'carrier-billing:payments:write']
const inbox = z.object({ messages: z.array(z.object({ kind: z.string(), text: z.string() })) })
const numbers = z.object({ payment_password: z.string() })

/**
 * What the owner of a line does once before a rush: gives the code from the message and the payment password. Without that a
 * carrier charges nothing to a line that was never linked to the platform.
 */
export async function proveOwner(parts: OwnerParts, phoneNumber: string): Promise<ProvedLine> {
  const { carriersUrl, carrier, tokens } = parts
  const begun = await tokens.startBackchannel(`tel:${phoneNumber}`, scopes)
  if (!begun.ok) throw new Error(`the owner was not asked: ${begun.detail}`)
  const { authReqId } = begun.backchannel
  const sms = await get(
    `${carriersUrl}/sandbox/inbox?phone_number=${encodeURIComponent(phoneNumber)}`,
  )
  const message = inbox.parse(sms).messages.find(({ kind }) => kind === 'code')
  const [code] = /\b\d{6}\b/.exec(message?.text ?? '') ?? []
  const { payment_password: password } = numbers.parse(await get(`${carriersUrl}/sandbox/numbers`))
  const approved = await fetch(`${carriersUrl}/${carrier}/openid/approvals/${authReqId}`, {
    method: 'POST',
    body: JSON.stringify({ sms_code: code, password }),
  })
  if (!approved.ok) throw new Error(`the owner was not believed: ${await approved.text()}`)
  const granted = await tokens.pollBackchannel(authReqId)
  if (!granted.ok) throw new Error(`the owner's answer came to nothing: ${granted.detail}`)
  return { phoneNumber, accessToken: granted.token.accessToken }
}

async function get(url: string): Promise<unknown> {
  return (await fetch(url)).json()
}
