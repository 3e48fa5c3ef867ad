import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Io } from '../src/io.ts'
import { paintsFor } from '../src/io.ts'
import { createProgress } from '../src/progress.ts'
import { barText, moneyText, tableText, timeText, widthOf } from '../src/text.ts'

describe('text', () => {
  test('money is exact, and never nothing for something', () => {
    expect(moneyText({ amount: '0.3', currency: 'KRW' })).toBe('₩0.3')
    expect(moneyText({ amount: '0.002', currency: 'USD' })).toBe('$0.002')
    expect(moneyText({ amount: '12', currency: 'GEM' })).toBe('12 GEM')
  })

  test('columns stand under each other, with Hangul and colours too', () => {
    expect(widthOf('기사 1')).toBe(6)
    expect(widthOf(paintsFor(true).bold('ab'))).toBe(2)
    const columns = [
      { title: 'FOR', text: (row: { name: string }) => row.name },
      { title: 'N', text: () => '1' },
    ]
    const lines = tableText(columns, [{ name: '첫 기사' }, { name: 'one' }]).split('\n')
    expect(lines.map((line) => widthOf(line))).toEqual([10, 10, 10])
  })

  test('a time says its zone, the market’s where there is one', () => {
    const at = '2026-11-23T00:10:59Z'
    expect(timeText(at, 'Asia/Seoul')).toBe('2026-11-23 09:10 KST')
    expect(timeText('2026-07-01T23:30:00Z', 'Europe/Berlin')).toBe('2026-07-02 01:30 CEST')
    expect(timeText(at, 'America/New_York')).toBe('2026-11-22 19:10 GMT-5')
    for (const zone of [undefined, 'Nowhere/Here'])
      expect(timeText(at, zone)).toMatch(/^2026-11-2[234] \d\d:\d\d [A-Z]/)
    expect(timeText('soon', 'Asia/Seoul')).toBe('soon')
  })

  test('a bar shows that there is something', () => {
    expect([barText(0, 4), barText(0.001, 4), barText(2, 4)]).toEqual(['░░░░', '█░░░', '████'])
  })

  test('without colour nothing but the text is printed', () => {
    expect(paintsFor(false).bad('no')).toBe('no')
  })
})

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const written = (isTty: boolean, run: (io: Io) => void): string => {
    let err = ''
    run({
      out: () => undefined,
      err: (text) => {
        err += text
      },
      isTty,
      hasColor: false,
      env: {},
      cwd: '/',
      home: '/',
      columns: 80,
      signal: new AbortController().signal,
    })
    return err
  }

  test('nothing is said about what is done within two seconds', () => {
    const text = written(true, (io) => {
      const progress = createProgress(io, 'verifying')
      vi.advanceTimersByTime(1_900)
      progress.done()
    })
    expect(text).toBe('')
  })

  test('a terminal gets one line that is drawn over and goes away', () => {
    const text = written(true, (io) => {
      const progress = createProgress(io, 'verifying')
      progress.update(0.5, '10 of 20')
      vi.advanceTimersByTime(3_000)
      progress.done()
    })
    expect(text).toContain('50 % 10 of 20')
    expect(text).not.toContain('\n')
    expect(text.endsWith('\r\u001b[2K')).toBe(true)
  })

  test('a file gets a plain line now and then', () => {
    const text = written(false, (io) => {
      const progress = createProgress(io, 'verifying')
      vi.advanceTimersByTime(25_000)
      progress.done()
    })
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(3)
    expect(text).not.toContain('\r')
  })
})
