const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Ten years: further than any billing calendar has to be tried. */
export const advanceMaxMs = 3_660 * unitsMs.d

/** Milliseconds of a text such as `40d`, `2h` or `1d12h`; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  if (text.length > 40 || !/^(\d{1,9}(ms|s|m|h|d|w))+$/.test(text)) return undefined
  let total = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) {
    if (unit === undefined || !isUnit(unit)) return undefined
    total += Number(count) * unitsMs[unit]
  }
  return total
}

function isUnit(text: string): text is keyof typeof unitsMs {
  return Object.hasOwn(unitsMs, text)
}
