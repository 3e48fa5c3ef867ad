import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { z } from 'zod'
import { type Endpoint, endpoint, type Reply } from './endpoint.ts'
import { type Refusal, refuse } from './errors.ts'

/** What browsers load from the platform itself. */
export interface PageParts {
  /** The script <jeon-paywall> comes from; undefined when it could not be built. */
  readonly elements: string | undefined
  /** The folder of the built pages of a payer; undefined when they were not built. */
  readonly webDirectory: string | undefined
}

const anyone = [{ by: 'anyone' }] as const
const tag = 'Pages'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
}

/** These pages show what is the payer's alone: nothing foreign runs in it or frames it. */
const pageSecurity = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; " +
    "object-src 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
}

export function createPageEndpoints({ elements, webDirectory }: PageParts): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/elements.js',
      tag,
      summary: 'The script that makes <jeon-paywall> work',
      ways: anyone,
      replies: { 200: { description: 'An ES module', contentType: 'text/javascript' } },
      errors: ['route_not_found'],
      handle() {
        if (elements === undefined) return refuse('route_not_found')
        return {
          status: 200,
          text: elements,
          headers: {
            'Content-Type': 'text/javascript; charset=utf-8',
            'Access-Control-Allow-Origin': '*',
            'Cross-Origin-Resource-Policy': 'cross-origin',
            'Cache-Control': 'public, max-age=60',
          },
        }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/wallet',
      tag,
      summary: "The payer's wallet page",
      ways: anyone,
      replies: { 200: { description: 'A page', contentType: 'text/html' } },
      errors: ['route_not_found'],
      handle: () => fileReply(webDirectory, 'index.html'),
    }),
    endpoint({
      method: 'GET',
      path: '/line',
      tag,
      summary: "The page of the payer's phone line",
      ways: anyone,
      replies: { 200: { description: 'A page', contentType: 'text/html' } },
      errors: ['route_not_found'],
      handle: () => fileReply(webDirectory, 'line.html'),
    }),
    endpoint({
      method: 'GET',
      path: '/wallet/assets/{file}',
      tag,
      summary: 'What the pages of a payer load',
      ways: anyone,
      params: z.strictObject({ file: z.string().regex(/^[\w.-]{1,200}$/) }),
      replies: { 200: { description: 'A file', contentType: 'text/javascript' } },
      errors: ['route_not_found'],
      handle: ({ params }) => fileReply(webDirectory, join('assets', params.file)),
    }),
  ]
}

async function fileReply(directory: string | undefined, name: string): Promise<Reply | Refusal> {
  if (directory === undefined) return refuse('route_not_found')
  const path = normalize(join(directory, name))
  if (!path.startsWith(directory + sep)) return refuse('route_not_found')
  const type = types[extname(path)]
  if (type === undefined) return refuse('route_not_found')
  const text = await readFile(path).catch(() => undefined)
  if (text === undefined) return refuse('route_not_found')
  // Built assets carry a hash of their content in their names.
  const cache = name.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-cache'
  const headers = { 'Content-Type': type, 'Cache-Control': cache, ...pageSecurity }
  return { status: 200, text: new Uint8Array(text), headers }
}
