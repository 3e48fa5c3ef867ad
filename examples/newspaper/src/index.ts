import { serve } from '@hono/node-server'
import { createJeon } from '@jeon/sdk'
import { createPaper } from './app.ts'
import { putOnSale } from './offers.ts'

export interface NewspaperOptions {
  /** (Default: 4300; 0 for any free one.) */
  readonly port?: number
  /** The address to listen on. (Default: this machine only, 127.0.0.1) */
  readonly host?: string
  /** The Jeon server. */
  readonly server: string
  /** The merchant's id, `mer_…`. */
  readonly merchant: string
  /** `sk_…`, with `offers:write`; stays on this machine. */
  readonly secretKey: string
  /** `pk_…`, goes into the pages. */
  readonly pageKey: string
}

export interface Newspaper {
  readonly url: string
  stop(): Promise<void>
}

/**
 * Puts the articles on sale and opens the paper.
 *
 * @throws when the Jeon server does not take the keys or cannot be reached, or the port is taken
 */
export async function startNewspaper(options: NewspaperOptions): Promise<Newspaper> {
  const { server, merchant, secretKey, pageKey, port = 4300, host = '127.0.0.1' } = options
  const jeon = createJeon({ server, key: secretKey, merchant })
  await putOnSale(jeon)
  const app = createPaper({ jeon, pageKey })
  return new Promise((resolve, reject) => {
    const listener = serve({ fetch: app.fetch, port, hostname: host }, (address) => {
      resolve({
        url: `http://localhost:${address.port}`,
        stop: () =>
          new Promise((done, failed) => {
            listener.close((error) => (error ? failed(error) : done()))
            if ('closeAllConnections' in listener) listener.closeAllConnections()
          }),
      })
    })
    listener.once('error', reject)
  })
}
