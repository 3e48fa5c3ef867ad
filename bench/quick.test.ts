/**
 * The quick form of the bench as a test: it fails when a ratio fell by half. Busy machines are why
 * it looks at ratios only, and measures again before it fails.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('./src/main.ts', import.meta.url))
const LEASH = fileURLToPath(new URL('../scripts/leash.mjs', import.meta.url))
const TIMEOUT_MS = 300_000

test('no ratio fell by half', { timeout: TIMEOUT_MS }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'jeon-quick-'))
  const file = join(directory, 'bench.json')
  try {
    const { code, output } = await run(['--quick', '--json', file])
    expect(code, output).toBe(0)
    const { measures }: { measures: readonly { id: string }[] } = JSON.parse(
      await readFile(file, 'utf8'),
    )
    const ids = measures.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining([
        ...['engine.uniform', 'ratio.statement', 'ratio.http'],
        ...['carrier.decisions', 'carrier.close', 'ratio.carrier'],
      ]),
    )
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

function run(parameters: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    // The leash ends it when this process is gone.
    const child = spawn(process.execPath, ['--import', LEASH, MAIN, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, JEON_LEASH: '3' },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    }
    child.once('error', reject)
    child.once('exit', (code) => resolve({ code, output }))
  })
}
