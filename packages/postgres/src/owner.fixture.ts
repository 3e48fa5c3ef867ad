/**
 * A program that owns a database and is made to be killed: starts it in the directory that is named
 * first, prints one line of JSON, and waits.
 */
import { startEmbeddedPostgres } from './embedded.ts'

const [directory = ''] = process.argv.slice(2)
const { url, pid } = await startEmbeddedPostgres({ directory })
process.stdout.write(`${JSON.stringify({ url, pid })}\n`)
