/**
 * The carriers without the sandbox's own lines and their past, as a process that can be killed:
 * `node carrier-program.ts PORT DIRECTORY DATABASE_URL`.
 */
import { clientSecretIn, createLog, KOREAN_CARRIERS, openCarriers } from '@jeon/carrier'

const [, , port = '', directory = '', databaseUrl = ''] = process.argv
const carriers = await openCarriers({
  databaseUrl,
  publicUrl: `http://localhost:${port}`,
  clientSecret: await clientSecretIn(directory),
  log: createLog({ level: 'error' }),
  seed: 'none',
  // No limit ends a campaign: neither a line's own, which its world lifts, nor the sum of what nobody confirms.
  carriers: KOREAN_CARRIERS.map((settings) => ({
    ...settings,
    patch: (profile) => ({
      ...settings.patch?.(profile),
      identity: { secondFactor: { exemptPerDay: null } },
    }),
  })),
})
await carriers.listen(Number(port))
process.once('SIGTERM', () => {
  void carriers.close().then(() => process.exit(0))
})
process.stdout.write('up\n')
