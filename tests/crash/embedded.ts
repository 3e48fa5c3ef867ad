import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eraseEmbeddedPostgres, findFreePort } from '@jeon/postgres'
import { z } from 'zod'
import { compareBalances } from './balances.ts'
import { Book } from './book.ts'
import { HttpClient } from './http.ts'
import { startLoad } from './load.ts'
import type { Random } from './random.ts'
import { resolve } from './resolve.ts'
import { startServer } from './server.ts'
import { makeWorld } from './world.ts'

const reportSchema = z.object({ ok: z.boolean(), problems: z.array(z.string()) })

/**
 * `npm start` as people have it: the server brings its own PostgreSQL. Kills the server `kills`
 * times; its database must end with it and be there again, with everything in it, at the next start.
 *
 * @returns what is wrong
 */
export async function crashEmbedded(random: Random, kills: number): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'jeon-crash-'))
  const options = { port: await findFreePort(), directory, databaseUrl: undefined }
  let server = await startServer(options)
  let http = new HttpClient(server.url)
  const problems: string[] = []
  try {
    const world = await makeWorld(http, directory, 12)
    const book = new Book()
    for (let kill = 0; kill < kills; kill += 1) {
      book.recent = []
      const load = startLoad({ book, http, world, random, clients: 12 })
      await sleep(random.integer(20, 800))
      await server.kill()
      await load.stop()
      http.close()
      server = await startServer(options)
      http = new HttpClient(server.url)
      problems.push(...load.strange, ...(await resolve({ book, http, world, random })))
      problems.push(...(await compareBalances(book, http, world)))
      const path = '/v1/operator/verify'
      const answer = await http.send({ method: 'POST', path, key: world.operator })
      if (answer.lost) problems.push(`verify: ${answer.reason}`)
      else problems.push(...reportSchema.parse(answer.json).problems)
    }
  } finally {
    const code = await server.stop()
    if (code !== 0) problems.push(`the server stopped with code ${code}`)
    http.close()
    await eraseEmbeddedPostgres(join(directory, 'postgres'))
    await rm(directory, { recursive: true, force: true })
  }
  return problems
}
