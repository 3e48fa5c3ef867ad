import type { Carriers } from '@jeon/carrier'

/** The carrier that is measured; the others of the program are idle. */
export const CARRIER = 'skt'

/** A line that pays. */
export interface PayingLine {
  readonly id: string
  readonly phoneNumber: string
}

const AT_ONCE = 500
const FIRST_NUMBER = 70_000_000
/** The most that an owner may allow, so that no limit ends a measurement. In won. */
const LIMIT = '1000000'

/** Opens ordinary lines, each of another person. */
export async function openLines(
  { core, clientId }: Carriers,
  count: number,
  onProgress: (share: number) => void,
): Promise<PayingLine[]> {
  const opened: PayingLine[] = []
  while (opened.length < count) {
    const length = Math.min(AT_ONCE, count - opened.length)
    const lines = await core.lines.openMany(
      Array.from({ length }, (_, at) => ({
        carrier: CARRIER,
        phoneNumber: `+8210${FIRST_NUMBER + opened.length + at}`,
        person: { name: 'Bench', birthdate: '1990-05-05' },
        kind: 'postpaid',
        openedOn: '2022-03-02',
        usedAtMs: Date.now(),
        personal: { general: { transaction: LIMIT, day: LIMIT, month: LIMIT } },
        consents: [
          { kind: 'payments', wording: 'I agree to payments on my phone bill.' },
          { kind: 'platform', clientId, wording: 'I link my line with the platform.' },
        ],
      })),
    )
    for (const { id, phoneNumber } of lines) opened.push({ id, phoneNumber })
    onProgress(opened.length / count)
  }
  return opened
}
