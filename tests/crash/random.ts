/** Numbers that look random and come again from the same seed. */
export interface Random {
  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number
  pick<T>(list: readonly T[]): T
  chance(probability: number): boolean
}

/** Mulberry32: small, fast, and good enough to choose what to break. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    integer,
    pick(list) {
      const one = list[integer(0, list.length - 1)]
      if (one === undefined) throw new RangeError('there is nothing to pick from')
      return one
    },
    chance: (probability) => next() < probability,
  }
}
