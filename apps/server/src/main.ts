import { helpText, readConfig, StartFailure } from './config.ts'
import { withoutSecrets } from './log.ts'
import { createProgress } from './progress.ts'
import { type Running, start } from './start.ts'

/** `npm start`: the composition root of the sandbox, and what it says to the person who started it. */
async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env, process.cwd())
  if (config.help) {
    process.stdout.write(helpText)
    return
  }
  const stopping = createStopping()
  process.stdout.write('\nJeon sandbox\n\n')
  const running = await start(
    config,
    createProgress(process.stdout, () => performance.now()),
  )
  process.stdout.write(welcome(running))
  await stopping.asked
  process.stdout.write('\n  stopping: finishing what was accepted …\n')
  await running.stop()
  process.stdout.write('  stopped; the data stays for the next npm start\n')
}

/** The first Ctrl-C ends in good order, also while still starting; the second one at once. */
function createStopping(): { readonly asked: Promise<void> } {
  let count = 0
  let resolve: () => void = () => undefined
  const asked = new Promise<void>((done) => {
    resolve = done
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      count += 1
      // The embedded database ends with this process, whatever way that goes.
      if (count > 1) process.exit(130)
      resolve()
    })
  }
  return { asked }
}

function welcome({ url, newspaperUrl, carriersUrl, platform }: Running): string {
  const { operator, merchant, wallet } = platform.keys
  const rows = [
    ...(newspaperUrl === undefined ? [] : [['newspaper', newspaperUrl]]),
    ['wallet', `${url}/wallet`],
    ...(carriersUrl === undefined
      ? []
      : [
          ['phone line', `${url}/line`],
          ['carriers', `${carriersUrl}   test numbers and their SMS; payment password 135790`],
        ]),
    ['API', `${url}/v1`],
    ['docs', `${url}/docs   ${url}/docs/errors   ${url}/openapi.json`],
    ['health', `${url}/readyz   ${url}/metrics`],
    ['', ''],
    ['merchant', `${merchant.id}  (The Daily Jeon)`],
    ['secret key', merchant.secret],
    ['page key', merchant.page],
    ['operator', operator],
  ]
  const table = rows.map(([name = '', value = '']) => `  ${name.padEnd(11)}${value}`.trimEnd())
  const next =
    newspaperUrl === undefined
      ? `Next: open ${url}/docs`
      : `Next: open ${newspaperUrl}, tap a price, read; then ${url}/wallet`
  return `
${table.join('\n')}

  Try a payment of 150 won, out of the sandbox's test wallet (a browser's pays only when its owner taps):

  curl ${url}/v1/payments -H 'Authorization: Bearer ${merchant.secret}' \\
    -H "Idempotency-Key: try-$(date +%s)" -H 'Content-Type: application/json' \\
    -d '{"wallet":"${wallet.id}","offer":"article-1"}'

  ${next}
  Ctrl-C stops everything and keeps the data; npm start -- --reset begins anew.
`
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  const isExpected = error instanceof StartFailure
  const text = isExpected ? message : `Jeon could not start: ${message.split('\n')[0] ?? ''}`
  process.stderr.write(`\n${withoutSecrets(text)}\n`)
  if (!isExpected && process.env.JEON_DEBUG !== undefined && error instanceof Error) {
    process.stderr.write(`${withoutSecrets(error.stack ?? '')}\n`)
  }
  process.exitCode = 1
})
