import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlatformProcessOptions } from './carrier-platform.ts'
import { type Child, startChild } from './child.ts'

/** The carrier of the campaign; the others of the program have nothing to do. */
export const carrier = 'skt'

/** How long the platform waits for its carrier. */
export const patienceMs = 1_000

/** Where everything of a campaign is. */
export interface Places {
  readonly directory: string
  readonly carriersPort: number
  readonly platformPort: number
}

export function carriersUrl({ carriersPort }: Places): string {
  return `http://localhost:${carriersPort}`
}

/** The carriers, on a database of their own. */
export function startCarriers(places: Places, databaseUrl: string): Promise<Child> {
  const { carriersPort, directory } = places
  return startChild({
    name: 'the carriers',
    program: join(import.meta.dirname, 'carrier-program.ts'),
    parameters: [String(carriersPort), directory, databaseUrl],
    isUp: /^up$/m,
  })
}

/** The platform that charges through them. The carriers have to have been started once. */
export async function startPlatform(places: Places, databaseUrl: string): Promise<Child> {
  const { directory, platformPort } = places
  const options: PlatformProcessOptions = {
    port: platformPort,
    databaseUrl,
    directory,
    carriersUrl: carriersUrl(places),
    carrier,
    clientSecret: (await readFile(join(directory, 'client-secret'), 'utf8')).trim(),
    timeoutMs: patienceMs,
  }
  const file = join(directory, 'platform.json')
  await writeFile(file, JSON.stringify(options))
  return startChild({
    name: 'the platform',
    program: join(import.meta.dirname, 'carrier-platform.ts'),
    parameters: [file],
    isUp: /^up$/m,
  })
}
