import { displayAmount, moneyFromJson } from '@jeon/money'

/** Money for people: `₩150`, `$0.002`. What cannot be read is shown as it came. */
export function moneyText(money: { readonly amount: string; readonly currency: string }): string {
  const parsed = moneyFromJson(money, { sign: 'signed' })
  if (!parsed.ok) return `${money.amount} ${money.currency}`
  return displayAmount(parsed.money.amount, parsed.money.asset, 'en')
}

/** How many columns a terminal gives a text: wide characters, such as Hangul, take two. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text.replace(ansiCodes, '')) {
    if (/\p{M}/u.test(character)) continue
    width += wideCharacter.test(character) ? 2 : 1
  }
  return width
}

/** A column of a table. */
export interface Column<Row> {
  readonly title: string
  readonly align?: 'left' | 'right'
  readonly text: (row: Row) => string
}

/** Rows under titles, each column as wide as its widest text. */
export function tableText<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => column.text(row))),
  ]
  const widths = columns.map((_column, index) =>
    Math.max(...cells.map((line) => widthOf(line[index] ?? ''))),
  )
  return cells
    .map((line) =>
      line
        .map((cell, index) => padded(cell, widths[index] ?? 0, columns[index]?.align ?? 'left'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A text with spaces before or after it. */
export function padded(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + space : space + text
}

/** `████░░░░` for a share between 0 and 1; more than nothing shows at least one block. */
export function barText(share: number, width: number): string {
  const clamped = Math.min(1, Math.max(0, share))
  const filled = clamped === 0 ? 0 : Math.max(1, Math.round(clamped * width))
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}

/**
 * Date, time and zone: `2026-11-23 09:10 KST`.
 *
 * @param zone - IANA name, as of a line's market. (Default: the terminal's own)
 */
export function timeText(rfc3339: string, zone?: string): string {
  const time = new Date(rfc3339)
  if (Number.isNaN(time.getTime())) return rfc3339
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const timeZone = zone !== undefined && isZone(zone) ? zone : own
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    })
      .formatToParts(time)
      .map(({ type, value }) => [type, value] as const),
  )
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? ''
  const name = zoneNames[timeZone] ?? part('timeZoneName')
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${name}`
}

/** Zones without summer time whose short name is not in the English data. */
const zoneNames: Readonly<Record<string, string>> = { 'Asia/Seoul': 'KST', 'Asia/Tokyo': 'JST' }

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with one
const ansiCodes = /\x1b\[[0-9;]*m/g
const wideCharacter =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/
