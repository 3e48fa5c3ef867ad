/** A stretch of time, both ends included, in milliseconds since 1970. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** The same time in as few spans as it takes, the earliest first. */
export function merged(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const last = joined.at(-1)
    if (last === undefined || span.fromMs > last.toMs + 1) joined.push(span)
    else joined[joined.length - 1] = { ...last, toMs: Math.max(last.toMs, span.toMs) }
  }
  return joined
}

/** What of a span none of the others covers, the earliest first. */
export function uncovered(span: Span, others: readonly Span[]): Span[] {
  const left: Span[] = []
  let { fromMs } = span
  for (const other of merged(others)) {
    if (other.toMs < fromMs || other.fromMs > span.toMs) continue
    if (other.fromMs > fromMs) left.push({ fromMs, toMs: other.fromMs - 1 })
    fromMs = other.toMs + 1
  }
  if (fromMs <= span.toMs) left.push({ fromMs, toMs: span.toMs })
  return left
}
