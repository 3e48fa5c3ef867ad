/**
 * The platform with carriers behind it, as a process that can be killed: `node carrier-platform.ts OPTIONS.json`. It asks
 * its carriers with little patience, so that a silent one is found out within seconds.
 */
import { readFile } from 'node:fs/promises'
import { createLog, openPlatform, type PlatformOptions } from '@jeon/server'
import { z } from 'zod'

const optionsSchema = z.object({
  port: z.int(),
  databaseUrl: z.string(),
  directory: z.string(),
  carriersUrl: z.string(),
  carrier: z.string(),
  clientSecret: z.string(),
  timeoutMs: z.int(),
})

export type PlatformProcessOptions = z.output<typeof optionsSchema>

const [, , file = ''] = process.argv
const options = optionsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
const { carriersUrl, carrier, clientSecret, timeoutMs } = options
const opening: PlatformOptions = {
  databaseUrl: options.databaseUrl,
  directory: options.directory,
  publicUrl: `http://localhost:${options.port}`,
  log: createLog({ level: 'error' }),
  carriers: [
    {
      id: carrier,
      name: carrier.toUpperCase(),
      apiRoot: `${carriersUrl}/${carrier}`,
      issuer: `${carriersUrl}/${carrier}`,
      clientId: 'jeon-platform',
      clientSecret,
      timeoutMs,
    },
  ],
}
const platform = await openPlatform(opening)
await platform.listen(options.port)
process.once('SIGTERM', () => {
  void platform.close().then(() => process.exit(0))
})
process.stdout.write('up\n')
