import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CliFailure, type Io } from './io.ts'
import { asFields, clientFor, errorCodeOf, fieldText, parseFields } from './sandbox.ts'

/** The terminal's own wallet on one server. */
export interface PurseEntry {
  readonly wallet: string
  /** `ws_test_…`: whoever has it can pay. It is sent to the server that it is for, and to no other. */
  readonly token: string
  /** Ids of payments whose outcome is not known, by what they are for. */
  readonly pending: Readonly<Record<string, string>>
  /** Of those, which wait for their payer to confirm them, by the phone line that the carrier asks about. */
  readonly waiting: Readonly<Record<string, string>>
}

/** Where the wallet is kept: $JEON_HOME, or ~/.config/jeon. */
export function pursePath(io: Io): string {
  const folder =
    io.env.JEON_HOME ?? join(io.env.XDG_CONFIG_HOME ?? join(io.home, '.config'), 'jeon')
  return join(folder, 'wallet.json')
}

/** The wallet for a server, if there is one already. */
export async function readPurse(io: Io, server: string): Promise<PurseEntry | undefined> {
  return (await readAll(io)).get(server)
}

/** The wallet for a server; a guest wallet is made and kept on first use. */
export async function openPurse(io: Io, server: string): Promise<PurseEntry> {
  const kept = await readPurse(io, server)
  return kept ?? replacePurse(io, server)
}

/** A new guest wallet in place of one that the server no longer knows, as after `npm start -- --reset`. */
export async function replacePurse(io: Io, server: string): Promise<PurseEntry> {
  const { wallet, token } = await clientFor(server, undefined).wallet.createGuest()
  const entry = { wallet: wallet.id, token, pending: {}, waiting: {} }
  await savePurse(io, server, entry)
  return entry
}

/** The wallet for a server, when the command makes no sense without one. */
export async function existingPurse(io: Io, server: string): Promise<PurseEntry> {
  const kept = await readPurse(io, server)
  if (kept !== undefined) return kept
  throw new CliFailure('wallet_missing', `There is no wallet for ${server} yet.`, {
    hint: 'The first payment, or this command, makes a guest wallet.',
    next: 'jeon wallet --new',
  })
}

/** Writes the file anew, readable by its owner alone, and never half. */
export async function savePurse(io: Io, server: string, entry: PurseEntry): Promise<void> {
  const path = pursePath(io)
  const all = await readAll(io)
  all.set(server, entry)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.new`
  await writeFile(draft, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, path)
}

async function readAll(io: Io): Promise<Map<string, PurseEntry>> {
  const path = pursePath(io)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return new Map()
    throw error
  }
  const fields = parseFields(text)
  if (fields === undefined) {
    throw new CliFailure('wallet_file_malformed', `${path} is not a wallet file.`, {
      hint: 'Move it away; the next payment makes a new guest wallet.',
    })
  }
  const entries = new Map<string, PurseEntry>()
  for (const [server, json] of Object.entries(fields)) {
    const entry = asFields(json)
    const wallet = fieldText(entry, 'wallet')
    const token = fieldText(entry, 'token')
    if (wallet === undefined || token === undefined) continue
    const [pending, waiting] = [textsIn(entry?.pending), textsIn(entry?.waiting)]
    entries.set(server, { wallet, token, pending, waiting })
  }
  return entries
}

function textsIn(json: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(asFields(json) ?? {}).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  )
  return Object.fromEntries(texts)
}
