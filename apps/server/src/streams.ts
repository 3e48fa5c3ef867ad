/**
 * An iterable that tells when it is over: read to the end, failed, or left. A generator alone does not tell when it is
 * left before its first step, and tells late when it is left while it waits.
 */
export function tellingEnd<T>(pieces: AsyncGenerator<T>, onEnd: () => void): AsyncIterable<T> {
  let ended = false
  const end = () => {
    if (ended) return
    ended = true
    onEnd()
  }
  const iterator: AsyncIterator<T> = {
    async next() {
      try {
        const result = await pieces.next()
        if (result.done === true) end()
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    async return() {
      end()
      await pieces.return(undefined)
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
