import { expect, test } from 'vitest'
import { docsOf } from './docs.ts'
import { Report, type Results } from './report.ts'

function results(isQuick = false): Results {
  const report = new Report(() => undefined)
  const counts = 'Accepted payments.'
  report.add({
    id: 'a',
    title: 'fast',
    counts,
    unit: 'per second',
    values: [3, 1, 2],
    target: { least: 2 },
  })
  report.add({
    id: 'b',
    title: 'large',
    counts,
    unit: 'bytes',
    values: [221],
    target: { most: 220 },
  })
  return {
    format: 1,
    date: '2026-11-22T00:00:00.000Z',
    command: 'npm run bench',
    isQuick,
    tookS: 600,
    machine: {
      cores: 2,
      cpu: 'A CPU',
      memoryGB: 8,
      system: 'linux 6',
      node: 'v26',
      postgres: '18',
      loadBefore: 0.1,
    },
    sync: [{ bytes: 4096, p50: 0.2, p99: 1, writes: 300 }],
    settings: [{ name: 'fsync', value: 'on' }],
    measures: report.measures,
    notes: ['A note.'],
    failures: ['http: no port\nat x'],
  }
}

test('the page shows medians, and shortfalls as plainly as what was reached', () => {
  const page = docsOf(results())
  expect(page).toContain('1 of 2 targets are met. **Not met: large.**')
  expect(page).toContain('| fast | 2 /s | ≥ 2 /s | met |')
  expect(page).toContain('| large | 221 bytes | ≤ 220 bytes | **not met** |')
  expect(page).toContain('| fast | 2 /s | 3: 1 /s … 3 /s |')
  expect(page).toContain('fdatasync of 4 KiB | p50 0.20 ms, p99 1.00 ms')
  expect(page).toContain('fsync = on')
  expect(page).toContain('**Could not be measured: http: no port**')
  expect(page).not.toContain('quick form')
})

test('figures of the quick form are marked as such', () => {
  expect(docsOf(results(true))).toContain('**These are the figures of the quick form')
})
