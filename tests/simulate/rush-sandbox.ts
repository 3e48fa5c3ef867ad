import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type CamaraClient, createCamaraClient, createTokens } from '@jeon/camara'
import { z } from 'zod'
import type { RushChoices } from './options.ts'

/** There is no sandbox to rush into; the message says how to get one. */
export class SandboxMissing extends Error {
  override readonly name = 'SandboxMissing'
}

/** A running sandbox as a client of one of its carriers sees it. */
export interface Sandbox {
  readonly camara: CamaraClient
  /** The carriers' time, which somebody may have moved. Unix milliseconds. */
  now(): Promise<number>
  /**
   * Opens a line nobody has used.
   *
   * @param limit - what its owner lets it spend per payment, day and month, in whole won
   * @param ownerOf - a line of the same person (Default: of a new person)
   * @returns its phone number
   */
  openLine(limit: number, ownerOf?: string): Promise<string>
}

const CLIENT_ID = 'jeon-platform'
/** A thousand at once are answered one after the other. */
const PATIENCE_MS = 60_000
const NUMBERS_TRIED = 20

const opened = z.object({ phone_number: z.string() })
const clock = z.object({ now: z.iso.datetime() })

/** @throws {@link SandboxMissing} */
export async function reachSandbox(choices: RushChoices): Promise<Sandbox> {
  const { carrier, carriersUrl, secretFile } = choices
  const health = await fetch(`${carriersUrl}/healthz`).catch(() => undefined)
  if (health === undefined) {
    throw new SandboxMissing(`No carriers listen at ${carriersUrl}: start them with npm start.`)
  }
  if (!health.ok) {
    throw new SandboxMissing(`The carriers at ${carriersUrl} are not well: ${await health.text()}`)
  }
  const clientSecret = await readFile(secretFile, 'utf8').catch(() => {
    throw new SandboxMissing(
      `${secretFile} is not there: name the file "client-secret" that the running sandbox left in its data directory with --secret-file.`,
    )
  })
  const root = `${carriersUrl}/${carrier}`
  const tokens = createTokens({
    issuer: root,
    clientId: CLIENT_ID,
    clientSecret: clientSecret.trim(),
    timeoutMs: PATIENCE_MS,
    now: Date.now,
    randomBytes: (length) => randomBytes(length),
  })
  const camara = createCamaraClient({
    apiRoot: root,
    tokens,
    timeoutMs: PATIENCE_MS,
    now: Date.now,
    newCorrelator: () => randomUUID(),
  })
  await checkAccess(camara, choices)
  return {
    camara,
    async now() {
      const answer = await fetch(`${carriersUrl}/sandbox/clock`)
      return Date.parse(clock.parse(await answer.json()).now)
    },
    openLine: (limit, ownerOf) => openLine(choices, limit, ownerOf),
  }
}

async function checkAccess(
  { carrierBilling }: CamaraClient,
  { carrier, carriersUrl }: RushChoices,
): Promise<void> {
  const list = await carrierBilling.retrievePayments({ perPage: 1 })
  if (list.outcome === 'settled') return
  const why = 'detail' in list ? list.detail : list.code
  throw new SandboxMissing(
    `${carriersUrl} does not let the client ${CLIENT_ID} of ${carrier} in (${why}): name the secret of this sandbox with --secret-file.`,
  )
}

async function openLine(
  { carrier, carriersUrl }: RushChoices,
  limit: number,
  ownerOf: string | undefined,
): Promise<string> {
  for (let turn = 0; turn < NUMBERS_TRIED; turn += 1) {
    const number = `+8210${randomInt(70_000_000, 100_000_000)}`
    const answer = await fetch(`${carriersUrl}/sandbox/lines`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        carrier,
        phone_number: number,
        name: 'Rush',
        limit: String(limit),
        ...(ownerOf === undefined ? {} : { same_owner_as: ownerOf }),
      }),
    })
    if (answer.status === 201) return opened.parse(await answer.json()).phone_number
    const text = await answer.text()
    // Taken, by a line of an earlier rush perhaps.
    if (answer.status !== 409) throw new Error(`no line was opened: ${answer.status} ${text}`)
  }
  throw new Error(`${NUMBERS_TRIED} phone numbers in a row were taken`)
}
