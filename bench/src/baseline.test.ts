import { expect, test } from 'vitest'
import { best, findFalls, readBaseline } from './baseline.ts'
import { addRatios } from './ratios.ts'
import { type Measure, Report } from './report.ts'

function ratio(id: string, value: number): Measure {
  return { id, title: id, counts: '', unit: 'ratio', value, values: [value] }
}

test('a ratio that fell by more than half is found, one that held is not', () => {
  const baseline = { 'ratio.a': 20, 'ratio.b': 0.9 }
  expect(findFalls(baseline, [ratio('ratio.a', 10), ratio('ratio.b', 0.9)])).toEqual([])
  const falls = findFalls(baseline, [ratio('ratio.a', 9.9), ratio('ratio.b', 0.9)])
  expect(falls).toEqual(['ratio.a is 9.90; it was 20.00'])
})

test('times are not compared, and neither is what the baseline does not know', () => {
  const time: Measure = { ...ratio('ratio.a', 1), unit: 'ms' }
  expect(findFalls({ 'ratio.a': 20 }, [time, ratio('ratio.new', 0.1)])).toEqual([])
})

test('a fall has to happen twice', () => {
  const twice = best([ratio('ratio.a', 1), ratio('ratio.b', 8)], [ratio('ratio.a', 9)])
  expect(twice.map(({ value }) => value)).toEqual([9, 8])
})

test('every ratio of the committed baseline is one that the bench makes', async () => {
  const report = new Report(() => undefined)
  for (const id of [
    'engine.uniform',
    'engine.hot_merchant',
    'engine.hot_payer',
    'engine.two_shards',
    'engine.random_ids',
    'floor.statement',
    'floor.copy',
    'http.echo_64',
    'http.payments_64',
    'http.batch_ndjson',
    'carrier.echo_64',
    'carrier.payments_64',
    'carrier.decisions',
  ]) {
    report.add({ id, title: id, counts: '', unit: 'per second', values: [100, 50, 75] })
  }
  addRatios(report, 'best')
  const made = report.measures.filter(({ unit }) => unit === 'ratio').map(({ id }) => id)
  const baseline = await readBaseline()
  expect(Object.keys(baseline).length).toBeGreaterThan(5)
  expect(Object.keys(baseline).filter((id) => !made.includes(id))).toEqual([])
  expect(Object.values(baseline).every((value) => value > 0)).toBe(true)
})
