/** The seed that JEON_SEED names, or another one each time. */
export function chooseSeed(): number {
  const text = process.env.JEON_SEED
  if (text === undefined || text === '') return Math.floor(Math.random() * 2 ** 31)
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`JEON_SEED must be an integer and is "${text}"`)
  return Number(text)
}
