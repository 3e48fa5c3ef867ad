import type { Factor } from '@jeon/billing'
import type { Client } from '../clients/model.ts'
import type { Language } from '../language.ts'
import type { Outbox } from '../messages/model.ts'
import { linkedText } from '../messages/texts.ts'
import type { Carrier, CarrierId, Consent, Line } from '../model.ts'
import type { Consents } from './model.ts'

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

export interface LinkParts {
  readonly consents: Pick<Consents, 'give' | 'revoke'>
  readonly outbox: Pick<Outbox, 'save'>
  readonly carriers: ReadonlyMap<CarrierId, Carrier>
}

/** The links between lines and clients. */
export class Links {
  readonly #parts: LinkParts

  constructor(parts: LinkParts) {
    this.#parts = parts
  }

  /**
   * Links a line. Its owner is told, since a network that vouches for the phone asks nobody, and whoever holds the link
   * may charge small amounts.
   */
  async begin(line: Line, client: Client, factors: readonly Factor[]): Promise<void> {
    const { consents, outbox, carriers } = this.#parts
    const { id: lineId, carrier, phoneNumber, language } = line
    const wording = linkWording(client, language)
    const isNew = !isLinked(line, client.id)
    const link = await consents.give(lineId, {
      ...{ kind: 'platform', clientId: client.id },
      ...{ factors, wording },
    })
    const from = carriers.get(carrier)
    if (!isNew || from === undefined) return
    const text = linkedText(client, language, from)
    await outbox.save([{ lineId, phoneNumber, carrier, kind: 'linked', text, about: link.id }])
  }

  /** Ends the link of a line with a client, if there is one. */
  async end(line: Line, clientId: string): Promise<void> {
    for (const link of line.consents.filter((each) => isLink(each, clientId))) {
      await this.#parts.consents.revoke(line.id, link.id)
    }
  }
}

/** What the owner of a line agrees to by linking it. */
export function linkWording({ name, contact }: Client, language: Language): string {
  return language === 'ko'
    ? `${name}(${contact})에 회선을 연결하고, 이 회선의 결제와 한도, 청구를 그곳에서 보고 바꾸는 데 동의합니다.`
    : `I link my line with ${name} (${contact}) and agree that its payments, limits and bills are seen and changed there.`
}
