import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The platform as a client of the carriers, in the sandbox. */
export const sandboxClientId = 'jeon-platform'

/** The platform's secret, made when there is none yet, and kept where only this user reads it. */
export async function clientSecretIn(directory: string): Promise<string> {
  const path = join(directory, 'client-secret')
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (kept.trim() !== '') return kept.trim()
  const secret = createClientSecret()
  await writeFile(path, `${secret}\n`, { mode: 0o600 })
  return secret
}

/** A new secret that cannot be guessed. */
export function createClientSecret(): string {
  return `sandbox-secret-${randomBytes(24).toString('base64url')}`
}
