/**
 * The floor: `node echo.ts REPLY_BYTES` reads a JSON body, parses it, stringifies it, and answers
 * with as many bytes as a payment's answer has. Prints its port; ends when its input ends.
 */
import { createServer } from 'node:http'

const replyBytes = Number(process.argv[2])

const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    text += chunk
  })
  request.on('end', () => {
    const body: unknown = JSON.parse(text)
    const rest = Math.max(0, replyBytes - text.length - '{"body":,"rest":""}'.length)
    const reply = JSON.stringify({ body, rest: 'x'.repeat(rest) })
    response.writeHead(201, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(reply),
    })
    response.end(reply)
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.stdout.write(`${address?.port}\n`)
})
process.stdin.on('close', () => process.exit(0))
process.stdin.resume()
