import type { Consent, Line } from '../model.ts'

/**
 * Whether the owner of a line has linked it to a client, and has not taken that back: such a client may charge small
 * amounts without asking anew, and a merchant that is reached through it is covered by it.
 */
export function isLinked(line: Line, clientId: string): boolean {
  return line.consents.some((each) => isLink(each, clientId))
}

/** Whether a consent is the link with a client. */
export function isLink(consent: Consent, clientId: string): boolean {
  return consent.kind === 'platform' && consent.clientId === clientId
}
