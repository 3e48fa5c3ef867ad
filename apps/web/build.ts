import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Where the built pages are: `index.html`, `line.html` and their `assets/`, made for the address /wallet/. */
export const webDist = join(root, 'dist')

const pages = ['index.html', 'line.html'].map((name) => join(root, name))

/** What the pages are made of; when none of it is younger than the built pages, there is nothing to do. */
const sources = [
  join(root, 'src'),
  ...pages,
  join(root, 'build.ts'),
  fileURLToPath(new URL('../../packages/money/src', import.meta.url)),
  fileURLToPath(new URL('../../packages/sdk/src', import.meta.url)),
]

/**
 * Builds the payer's pages, unless they are built already.
 *
 * @returns the folder to serve at /wallet/ (and its line.html at /line), and whether it was built now
 * @example
 * ```ts
 * const { folder } = await buildWeb()
 * ```
 */
export async function buildWeb(): Promise<{ readonly folder: string; readonly isFresh: boolean }> {
  const builtMs = await modifiedMs(join(webDist, 'line.html'))
  const changedMs = Math.max(...(await Promise.all(sources.map(newestMs))))
  if (builtMs > changedMs) return { folder: webDist, isFresh: false }
  const { build } = await import('vite')
  const built = await build({
    root,
    configFile: false,
    base: '/wallet/',
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      // Two pages: what one of them alone needs is not loaded by the other.
      rollupOptions: { input: pages },
    },
  })
  const bundles = Array.isArray(built) ? built : [built]
  await keep(bundles.flatMap((bundle) => ('output' in bundle ? bundle.output : [])))
  return { folder: webDist, isFresh: true }
}

type Built = { readonly fileName: string } & (
  | { readonly type: 'chunk'; readonly code: string }
  | { readonly type: 'asset'; readonly source: string | Uint8Array }
)

/** Whole files at once, pages last: whoever serves or builds at the same time never sees half of it. */
async function keep(files: readonly Built[]): Promise<void> {
  await mkdir(join(webDist, 'assets'), { recursive: true })
  const isPage = ({ fileName }: Built) => fileName.endsWith('.html')
  for (const file of [...files].sort((one, other) => Number(isPage(one)) - Number(isPage(other)))) {
    const draft = join(webDist, `${randomUUID()}.draft`)
    await writeFile(draft, file.type === 'chunk' ? file.code : file.source)
    await rename(draft, join(webDist, file.fileName))
  }
  const kept = new Set(files.map(({ fileName }) => fileName))
  for (const name of await readdir(join(webDist, 'assets'))) {
    if (!kept.has(`assets/${name}`)) await rm(join(webDist, 'assets', name), { force: true })
  }
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
