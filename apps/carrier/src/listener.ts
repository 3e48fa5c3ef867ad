import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

export interface ListenerParts {
  readonly app: Hono
  /** @returns false: it is not for an OpenID provider, and nothing was done */
  handleOpenid(req: IncomingMessage, res: ServerResponse): boolean
}

/** A server of the carriers that does not listen yet. */
export function createListener({ app, handleOpenid }: ListenerParts): Server {
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  return createServer((req, res) => {
    if (!handleOpenid(req, res)) void answer(req, res)
  })
}

/** @returns the port, which port 0 leaves to the machine */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** How long requests that are under way may take to end when the server closes. */
const farewellMs = 5_000

/** Takes no more requests, and waits for those that are under way. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const tooLong = setTimeout(() => server.closeAllConnections(), farewellMs)
  // A connection between two requests is not idle for Node until its answer is flushed.
  const nudge = setInterval(() => server.closeIdleConnections(), 50)
  server.closeIdleConnections()
  await closed
  clearInterval(nudge)
  clearTimeout(tooLong)
}
