import { expect, test } from 'vitest'
import { LiveHub } from './hub.ts'

const atMs = Date.UTC(2026, 10, 22)
const change = (lineId: string, id: string) => ({ lineId, what: 'payment' as const, id, atMs })

function reading(stream: ReadableStream<Uint8Array> | undefined) {
  if (stream === undefined) throw new Error('the feed was refused')
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  const next = async () => {
    const { value } = await reader.read()
    return value === undefined ? undefined : decoder.decode(value)
  }
  return { next, stop: () => reader.cancel() }
}

test('a feed tells what changes on its line and on no other', async () => {
  const hub = new LiveHub({ heartbeatMs: 10_000 })
  const feed = reading(hub.open('line_1', new AbortController().signal))
  expect(await feed.next()).toBe('retry: 2000\n\n')
  const next = feed.next()
  hub.tell(change('line_2', 'b'))
  hub.tell(change('line_1', 'a'))
  hub.tell(change('line_1', 'a'))
  const told = JSON.stringify({ what: 'payment', id: 'a', at: new Date(atMs).toISOString() })
  expect(await next).toBe(`event: changed\ndata: ${told}\n\n`)
  await feed.stop()
  expect(hub.count).toBe(0)
})

test('another day is told on every line', async () => {
  const hub = new LiveHub({ heartbeatMs: 10_000 })
  const feeds = ['line_1', 'line_2'].map((id) =>
    reading(hub.open(id, new AbortController().signal)),
  )
  for (const feed of feeds) await feed.next()
  hub.tellNewDay(atMs)
  for (const feed of feeds) {
    expect(await feed.next()).toContain('"what":"line"')
    await feed.stop()
  }
})

test('a quiet feed gives a sign of life', async () => {
  const hub = new LiveHub({ heartbeatMs: 5 })
  const feed = reading(hub.open('line_1', new AbortController().signal))
  await feed.next()
  expect(await feed.next()).toBe(': still here\n\n')
  await feed.stop()
})

test('feeds are limited per line, and one that is left makes room', async () => {
  const hub = new LiveHub({ feedsPerLineMax: 1 })
  const leaving = new AbortController()
  expect(hub.open('line_1', leaving.signal)).toBeDefined()
  expect(hub.open('line_1', new AbortController().signal)).toBeUndefined()
  leaving.abort()
  expect(hub.open('line_1', new AbortController().signal)).toBeDefined()
})

test('who does not read is dropped, and closing ends every feed', async () => {
  const hub = new LiveHub()
  hub.open('line_1', new AbortController().signal)
  for (let count = 0; count <= 500; count += 1) hub.tell(change('line_1', String(count)))
  expect(hub.count).toBe(0)
  const feed = reading(hub.open('line_1', new AbortController().signal))
  await feed.next()
  const next = feed.next()
  hub.close()
  expect(await next).toBeUndefined()
  expect(hub.open('line_1', new AbortController().signal)).toBeUndefined()
})
