/** Does some at a time, in any order; ends when all are done, and throws what the first that failed threw. */
export async function atOnce<T>(
  list: readonly T[],
  most: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const rest = list.values()
  const worker = async () => {
    for (const one of rest) await work(one)
  }
  await Promise.all(Array.from({ length: Math.min(most, list.length) }, worker))
}
