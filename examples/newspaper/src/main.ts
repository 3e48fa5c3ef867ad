import { parseArgs } from 'node:util'
import { startNewspaper } from './index.ts'

const help = `The Daily Jeon: a newspaper that sells single articles through Jeon.

  --server URL        the Jeon server         (JEON_SERVER, default http://localhost:4242)
  --merchant ID       mer_…                   (JEON_MERCHANT)
  --secret-key KEY    sk_…                    (JEON_SECRET_KEY)
  --page-key KEY      pk_…                    (JEON_PAGE_KEY)
  --port N            where to listen         (PORT, default 4300)
  --host ADDRESS      on which address        (HOST, default 127.0.0.1)
`

const { values } = parseArgs({
  options: {
    server: { type: 'string', default: process.env.JEON_SERVER ?? 'http://localhost:4242' },
    merchant: { type: 'string', default: process.env.JEON_MERCHANT ?? '' },
    'secret-key': { type: 'string', default: process.env.JEON_SECRET_KEY ?? '' },
    'page-key': { type: 'string', default: process.env.JEON_PAGE_KEY ?? '' },
    port: { type: 'string', default: process.env.PORT ?? '4300' },
    host: { type: 'string', default: process.env.HOST ?? '127.0.0.1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) console.log(help)
else await run()

async function run(): Promise<void> {
  const { server, merchant, host, 'secret-key': secretKey, 'page-key': pageKey } = values
  try {
    for (const name of ['merchant', 'secret-key', 'page-key'] as const) {
      if (!values[name])
        throw new Error(`--${name} is missing; \`npm start\` prints the test keys.`)
    }
    const port = Number(values.port)
    const paper = await startNewspaper({ port, host, server, merchant, secretKey, pageKey })
    console.log(`The Daily Jeon is at ${paper.url}`)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void paper.stop())
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
