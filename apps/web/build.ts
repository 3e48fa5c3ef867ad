import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Where the built pages are: `index.html` and `assets/`, made for the address /wallet/. */
export const webDist = join(root, 'dist')

/** What the pages are made of; when none of it is younger than the built pages, there is nothing to do. */
const sources = [
  join(root, 'src'),
  join(root, 'index.html'),
  join(root, 'build.ts'),
  fileURLToPath(new URL('../../packages/money/src', import.meta.url)),
  fileURLToPath(new URL('../../packages/sdk/src', import.meta.url)),
]

/**
 * Builds the payer's pages, unless they are built already.
 *
 * @returns the folder to serve at /wallet/, and whether it was built now
 * @example
 * ```ts
 * const { folder } = await buildWeb()
 * ```
 */
export async function buildWeb(): Promise<{ readonly folder: string; readonly isFresh: boolean }> {
  const builtMs = await modifiedMs(join(webDist, 'index.html'))
  const changedMs = Math.max(...(await Promise.all(sources.map(newestMs))))
  if (builtMs > changedMs) return { folder: webDist, isFresh: false }
  const { build } = await import('vite')
  await build({
    root,
    configFile: false,
    base: '/wallet/',
    logLevel: 'warn',
    build: { outDir: webDist, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  })
  return { folder: webDist, isFresh: true }
}

async function newestMs(path: string): Promise<number> {
  const own = await modifiedMs(path)
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  const inner = await Promise.all(
    entries.map((entry) => modifiedMs(join(entry.parentPath, entry.name))),
  )
  return Math.max(own, ...inner)
}

async function modifiedMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  )
}
