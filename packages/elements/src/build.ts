import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** The script a page loads. */
export interface BuiltElements {
  readonly code: string
  /** What it weighs on the wire. */
  readonly gzipBytes: number
}

/** The most that the script may weigh, both languages and all styles included. */
export const gzipBytesMax = 6600

/** Fields that never leave the bundle, besides the names of messages: nothing of them is on the wire or in the page. */
const ownFields = [
  // Paywall
  ...['host', 'panel', 'client', 'store', 'lockName', 'shownPrice', 'state', 'area'],
  ...['box', 'stopped', 'tapped', 'focused', 'proof', 'attempt', 'refundKey', 'sentAtMs'],
  ...['paidAtMs', 'undoTimer'],
  // PaywallState, PaywallEvent, Effect, View
  ...['sends', 'asks', 'stalled', 'here', 'effects', 'delayMs', 'undoMs', 'refusal', 'resetsAt'],
  ...['isNew', 'html', 'quiet', 'busy'],
]

/**
 * Bundles and minifies everything that a page needs into one ES module.
 *
 * @example
 * ```ts
 * const { code, gzipBytes } = await buildElements()
 * ```
 */
export async function buildElements(): Promise<BuiltElements> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    mangleProps: new RegExp(`_(action|status|hint|error)$|^(${ownFields.join('|')})$`),
    write: false,
  })
  const code = result.outputFiles[0]?.text
  if (code === undefined) throw new Error('esbuild wrote no file')
  return { code, gzipBytes: gzipSync(code, { level: 9 }).length }
}
