import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { type CamaraClient, createCamaraClient, createTokens, type Tokens } from '@jeon/camara'
import { z } from 'zod'
import type { RushChoices } from './options.ts'
import { type ProvedLine, proveOwner } from './rush-owner.ts'

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
   * @returns the line, whose owner has shown who is there
   */
  openLine(limit: number, ownerOf?: ProvedLine): Promise<ProvedLine>
}

/** A thousand at once are answered one after the other. */
const PATIENCE_MS = 60_000
const NUMBERS_TRIED = 20

const client = z.object({ id: z.string(), secret: z.string() })
const opened = z.object({ phone_number: z.string() })
const clock = z.object({ now: z.iso.datetime() })

/** @throws {@link SandboxMissing} */
export async function reachSandbox(choices: RushChoices): Promise<Sandbox> {
  const { carriersUrl } = choices
  const health = await fetch(`${carriersUrl}/healthz`).catch(() => undefined)
  if (health === undefined) {
    throw new SandboxMissing(`No carriers listen at ${carriersUrl}: start them with npm start.`)
  }
  if (!health.ok) {
    throw new SandboxMissing(`The carriers at ${carriersUrl} are not well: ${await health.text()}`)
  }
  const { carrier } = choices
  const { camara, tokens } = await enter(choices)
  return {
    camara,
    async now() {
      const answer = await fetch(`${carriersUrl}/sandbox/clock`)
      return Date.parse(clock.parse(await answer.json()).now)
    },
    async openLine(limit, ownerOf) {
      const phoneNumber = await openLine(choices, limit, ownerOf?.phoneNumber)
      return proveOwner({ carriersUrl, carrier, tokens }, phoneNumber)
    },
  }
}

/** A client of its own: what it buys is nobody else's to reconcile. */
async function enter({ carrier, carriersUrl }: RushChoices): Promise<Entered> {
  const answer = await fetch(`${carriersUrl}/sandbox/clients/${carrier}`, {
    method: 'POST',
    // Many at once is what this is about.
    body: JSON.stringify({ name: 'Rush', contact: '02-000-0037', settings: { rate: null } }),
  })
  if (answer.status !== 201) {
    throw new SandboxMissing(
      `${carriersUrl} lets nobody in at ${carrier}: ${answer.status} ${await answer.text()}`,
    )
  }
  return clientOf(`${carriersUrl}/${carrier}`, client.parse(await answer.json()))
}

interface Entered {
  readonly camara: CamaraClient
  readonly tokens: Tokens
}

function clientOf(root: string, { id, secret }: z.output<typeof client>): Entered {
  const tokens = createTokens({
    issuer: root,
    clientId: id,
    clientSecret: secret,
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
  return { camara, tokens }
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
        // Or the network would speak for the owner.
        on_network: false,
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
