import { isMet, type Measure, type Target, type Unit } from './report.ts'

/** `123,456 /s`, `0.84 ms`, `× 27.3`. */
export function figure(value: number, unit: Unit): string {
  switch (unit) {
    case 'per second':
      return `${whole(value)} /s`
    case 'ms':
      return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`
    case 's':
      return `${value.toFixed(2)} s`
    case 'MB':
      return `${whole(value)} MB`
    case 'bytes':
      return `${whole(value)} bytes`
    case 'percent':
      return `${value.toFixed(1)} %`
    case 'ratio':
      return `× ${value >= 10 ? value.toFixed(1) : value.toFixed(2)}`
  }
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** The smallest and the largest of the repetitions; empty for a single one. */
export function spread({ values, unit }: Measure): string {
  if (values.length < 2) return ''
  return `${figure(Math.min(...values), unit)} … ${figure(Math.max(...values), unit)}`
}

export function targetText(target: Target | undefined, unit: Unit): string {
  if (target === undefined) return ''
  return 'least' in target ? `≥ ${figure(target.least, unit)}` : `≤ ${figure(target.most, unit)}`
}

export function verdict(measure: Measure): string {
  const met = isMet(measure)
  if (met === undefined) return ''
  return met ? 'met' : 'NOT MET'
}

const WIDTHS = [54, 15, 30, 16] as const

export function tableHead(): string {
  const head = line(['measure', 'median', 'spread', 'target', ''])
  return `${head}\n${'─'.repeat(head.length + 8)}`
}

export function tableRow(measure: Measure): string {
  const { title, value, unit, target } = measure
  return line([
    title,
    figure(value, unit),
    spread(measure),
    targetText(target, unit),
    verdict(measure),
  ])
}

function line([title = '', ...cells]: readonly string[]): string {
  const padded = cells.map((cell, at) => cell.padStart(WIDTHS[at + 1] ?? 0))
  return `${title.padEnd(WIDTHS[0])}${padded.join('  ')}`.trimEnd()
}
