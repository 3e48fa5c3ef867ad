import { helpText, readConfig, StartFailure } from './config.ts'
import { withoutSecrets } from './log.ts'
import { type Running, start } from './start.ts'

/** `npm run carrier`: the composition root, and what it says to the person who started it. */
async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env, process.cwd())
  if (config.help) {
    process.stdout.write(helpText)
    return
  }
  const stopping = createStopping()
  process.stdout.write('\nJeon carriers\n\n')
  const running = await start(config, (step) => process.stdout.write(`  … ${step}\n`))
  process.stdout.write(welcome(running))
  await stopping.asked
  process.stdout.write('\n  stopping: finishing what was accepted …\n')
  await running.stop()
  process.stdout.write('  stopped; the data stays for the next npm run carrier\n')
}

/** The first Ctrl-C ends in good order, also while still starting; the second one at once. */
function createStopping(): { readonly asked: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let count = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      count += 1
      // The embedded database ends with this process, whatever way that goes.
      if (count > 1) process.exit(130)
      resolve()
    })
  }
  return { asked: promise }
}

function welcome({ url, carriers, clientSecret }: Running): string {
  const [first = 'skt'] = carriers.carriers.keys()
  const rows = [
    ...[...carriers.carriers.values()].map(({ id, name }) => [name, `${url}/${id}`]),
    ['', ''],
    ['phones', `${url}/`],
    ['numbers', `${url}/sandbox/numbers`],
    ['self-care', `${url}/${first}/selfcare/v1/openapi.json`],
    ['client', carriers.clientId],
    ['secret', clientSecret],
  ]
  const table = rows.map(([name = '', value = '']) => `  ${name.padEnd(11)}${value}`.trimEnd())
  return `\n${table.join('\n')}

  Next: open ${url}/ and choose a phone.
  Ctrl-C stops everything and keeps the data; npm run carrier -- --reset begins anew.
`
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  const isExpected = error instanceof StartFailure
  const text = isExpected
    ? message
    : `The carriers could not start: ${message.split('\n')[0] ?? ''}`
  process.stderr.write(`\n${withoutSecrets(text)}\n`)
  if (!isExpected && process.env.JEON_DEBUG !== undefined && error instanceof Error) {
    process.stderr.write(`${withoutSecrets(error.stack ?? '')}\n`)
  }
  process.exitCode = 1
})
