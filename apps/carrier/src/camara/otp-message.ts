import type { Client } from '../clients/model.ts'
import { oneLine } from '../messages/charge.ts'

const CODE = '{{code}}'
const NAME_MAX = 40
/** CAMARA's 160 characters, each at most two UTF-16 units. */
const TEXT_MAX = 320

/**
 * Something that a phone makes a link of: a scheme, `www.`, an address of numbers, or a name with a top-level domain.
 * Korean sentences that follow each other without a blank are none.
 */
const LINK =
  /[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\d{1,3}(?:\.\d{1,3}){3}|[\p{L}\p{N}-]\.(?:xn--[a-z0-9-]+|[a-z]{2,}|한국|닷컴|닷넷)(?![\p{L}\p{N}])/iu

/**
 * The message with a code that a client wants sent. It comes from the carrier's number: whose words they are stands in
 * front, on one line, and a link that nobody looked at is not passed on.
 *
 * @returns undefined: there is a link, and the client is not registered for any
 */
export function otpWording(
  client: Pick<Client, 'name' | 'settings'>,
  message: string,
): string | undefined {
  const text = oneLine(message, TEXT_MAX)
  // Also full-width dots, and what becomes a link only with the digits of the code.
  const asRead = text.replaceAll(CODE, '000000').normalize('NFKC').replaceAll('。', '.')
  if (!client.settings.smsLinks && LINK.test(asRead)) return undefined
  return `[${oneLine(client.name, NAME_MAX)}] ${text}`
}
