/**
 * The paper's drawings: block prints in a few flat inks, made of text so that nothing has to be fetched. The inks are
 * classes (`ink paper tint red moss sea gold`), coloured by drawings.css for day and night.
 */
export function drawingOf(articleId: string): string {
  const draw = drawings[articleId]
  return draw === undefined ? '' : print(draw())
}

/** The paper's stamp: 錢, an old word for money. Two coins' worth of strokes, drawn, not typed. */
export const seal = `<svg class="seal" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" aria-hidden="true"><rect x="2" y="2" width="44" height="44" rx="7" fill="#b3261e"/><circle cx="24" cy="24" r="14.5" fill="none" stroke="#fff8ec" stroke-width="4"/><rect x="19" y="19" width="10" height="10" fill="none" stroke="#fff8ec" stroke-width="3.2"/></svg>`

const width = 800
const height = 500

const drawings: Readonly<Record<string, () => string>> = {
  'moss-library': shelves,
  'last-ferry': ferry,
  'salt-road': mountains,
  'firefly-chorus': fireflies,
  'cracked-bell': bell,
  'bread-census': bakeries,
  'tide-clock': neapTide,
}

function print(shapes: string): string {
  return `<svg class="drawing" viewBox="0 0 ${width} ${height}" role="presentation" preserveAspectRatio="xMidYMid slice">${shapes}</svg>`
}

function shelves(): string {
  const dishes: string[] = []
  for (let row = 0; row < 3; row++) {
    const floor = 160 + row * 145
    for (let column = 0; column < 6; column++) {
      const x = 95 + column * 122
      // One is out on loan: only its card is there.
      if (row === 1 && column === 3) dishes.push(card(x, floor))
      else dishes.push(dish(x, floor, row * 6 + column))
    }
    dishes.push(box(20, floor, 760, 12, 'ink'))
  }
  return (
    sheet('tint') + box(20, 20, 10, 460, 'ink') + box(770, 20, 10, 460, 'ink') + dishes.join('')
  )
}

function dish(x: number, floor: number, seed: number): string {
  const tall = 26 + ((seed * 17) % 31)
  const lean = ((seed * 7) % 5) * 3 - 6
  const mound = `M${x - 38} ${floor - 10}C${x - 34 + lean} ${floor - tall} ${x - 12 + lean} ${floor - tall - 16} ${x + lean} ${floor - tall - 6}S${x + 36} ${floor - tall + 8} ${x + 38} ${floor - 10}Z`
  const stalks = [-20, -6, 9, 22]
    .slice(seed % 3)
    .map((at) => {
      const top = floor - tall - 22 - ((seed * at * at) % 13)
      return `<path class="line" d="M${x + at} ${floor - tall + 10}q${lean} -14 ${lean / 2} ${top - floor + tall - 4}"/>${dot(x + at + lean / 2, top + 4, 4, seed % 4 === 0 ? 'red' : 'ink')}`
    })
    .join('')
  return `${stalks}<path class="${seed % 4 === 2 ? 'sea' : 'moss'}" d="${mound}"/><path class="ink" d="M${x - 46} ${floor - 16}h92l-6 16h-80z"/>`
}

function card(x: number, floor: number): string {
  return `<g transform="rotate(-4 ${x} ${floor})">${box(x - 30, floor - 62, 60, 60, 'paper')}${box(x - 20, floor - 48, 40, 5, 'red')}${box(x - 20, floor - 34, 30, 4, 'ink')}${box(x - 20, floor - 24, 36, 4, 'ink')}</g>`
}

function ferry(): string {
  const waves = Array.from({ length: 6 }, (_, row) => wave(330 + row * 30, row)).join('')
  const windows = Array.from({ length: 9 }, (_, i) => box(288 + i * 29, 258, 17, 22, 'gold')).join(
    '',
  )
  const steam = [0, 22, 44]
    .map((x) => `<path class="line thick" d="M${448 + x} 168c-16-18 16-28 0-48s14-26 2-46"/>`)
    .join('')
  return `${sheet('tint')}${dot(640, 110, 52, 'gold')}<path class="moss" d="M0 300C90 240 150 236 230 300Z"/><path class="moss" d="M560 300c60-34 150-44 240-20v20z"/>${box(0, 296, 800, 204, 'sea')}${steam}<path class="ink" d="M210 290h390l-44 70H262z"/>${box(268, 240, 280, 54, 'ink')}${box(330, 196, 120, 48, 'ink')}${windows}${box(346, 206, 88, 22, 'gold')}${box(446, 176, 50, 22, 'red')}${box(438, 172, 66, 8, 'red')}${waves}`
}

function wave(y: number, row: number): string {
  const start = row % 2 ? -60 : -20
  return `<path class="line paperline" d="M${start} ${y + 34}${'q20 -14 40 0t40 0'.repeat(11)}"/>`
}

function mountains(): string {
  return `${sheet('tint')}${dot(170, 120, 58, 'red')}<path class="sea" d="M0 300L150 170 270 262 420 110 560 240 690 160 800 250V500H0Z"/><path class="moss" d="M0 380L120 290 260 350 430 250 600 360 720 300 800 350V500H0Z"/><path class="ink" d="M0 500V430C140 380 250 420 380 400S640 380 800 440V500Z"/><path class="path" d="M70 500C220 440 420 470 470 420S330 372 400 334 470 300 432 262"/>${rock(592, 404)}${porter(500, 402)}`
}

function rock(x: number, floor: number): string {
  return `<path class="tint outlined" d="M${x} ${floor + 10}l8 -84 34 -36 44 8 34 52 12 66z"/><path class="line" d="M${x + 8} ${floor - 72}q26 14 58 4"/>`
}

function porter(x: number, floor: number): string {
  return `<g class="paper">${dot(x + 6, floor - 98, 15, 'paper')}<path d="M${x - 10} ${floor - 82}l24 -2 8 44 -4 42h-12l-2 -36 -12 36h-13l10 -44z"/><path d="M${x - 62} ${floor - 128}l42 -10 10 84 -34 8z"/></g><path class="line paperline" d="M${x + 22} ${floor - 66}l20 66"/>`
}

function fireflies(): string {
  const lights = Array.from({ length: 60 }, (_, i) => {
    // The golden angle scatters evenly and looks like nobody did it.
    const angle = i * 2.39996
    const radius = 30 + Math.sqrt(i) * 46
    const x = Math.round(400 + Math.cos(angle) * radius * 1.25)
    const y = Math.round(180 + Math.sin(angle) * radius * 0.5)
    if (y < 20 || y > 310) return ''
    const size = 3 + (i % 4) * 2
    return `${dot(x, y, size * 2.6, 'glow')}${dot(x, y, size, 'gold')}${dot(x, 350 + Math.round((320 - y) * 0.35), size * 0.7, 'glow')}`
  }).join('')
  const reeds = Array.from({ length: 16 }, (_, i) => {
    const x = i < 9 ? i * 19 : 560 + (i - 9) * 38
    return `<path class="line nightline" d="M${x} 500q${8 - (i % 5) * 4} -90 ${(i % 4) * 9 - 8} -${150 + ((i * 37) % 90)}"/>`
  }).join('')
  return `${sheet('night')}<path class="nightland" d="M0 330V250C90 200 190 262 300 236S520 190 620 230 740 236 800 214V330Z"/>${box(0, 330, 800, 3, 'glow')}${lights}${reeds}`
}

function bell(): string {
  const rings = [0, 1, 2]
    .map(
      (i) =>
        `<path class="line thick" d="M${196 - i * 46} 150q-${40 + i * 10} 110 0 220"/><path class="line thick" d="M${604 + i * 46} 150q${40 + i * 10} 110 0 220"/>`,
    )
    .join('')
  return `${sheet('tint')}${box(90, 26, 620, 20, 'ink')}${box(116, 46, 16, 454, 'ink')}${box(668, 46, 16, 454, 'ink')}${rings}<path class="line rope" d="M400 46v34"/><circle class="line thick" cx="400" cy="92" r="18"/><path class="gold" d="M400 104c-74 0-104 44-108 112l-14 176c-2 18-20 22-20 38h284c0-16-18-20-20-38l-14-176c-4-68-34-112-108-112z"/>${box(268, 408, 264, 24, 'ink')}<path class="line" d="M292 206h216M284 320h232"/>${[320, 360, 400, 440, 480].map((x) => dot(x, 178, 7, 'ink')).join('')}<path class="crack" d="M446 262l-14 34 20 24-16 36 22 26-12 28"/>`
}

function bakeries(): string {
  const shops = ['red', 'moss', 'sea', 'gold']
    .map((ink, i) => {
      const x = 44 + i * 184
      const top = 150 + (i % 2) * 34
      const stripes = [0, 2, 4].map((at) => box(x + 6 + at * 25, 240, 25, 46, 'paper')).join('')
      return `${box(x, top, 162, 280 - (i % 2) * 34, 'ink')}<path class="ink" d="M${x - 8} ${top}l89 -58 89 58z"/>${box(x - 4, 240, 170, 46, ink)}${stripes}${box(x + 16, 304, 78, 74, 'glowbox')}${bun(x + 55, 366)}${box(x + 108, 304, 40, 126, ink)}${dot(x + 81, top + 36, 15, 'glowbox')}`
    })
    .join('')
  const tally = Array.from({ length: 4 }, (_, i) => {
    const x = 80 + i * 184
    return `<path class="line thick" d="M${x} 448v34m22 -34v34m22 -34v34m22 -34v34m-78 -6l92 -22"/>`
  }).join('')
  return `${sheet('tint')}${dot(700, 66, 34, 'gold')}${shops}${box(0, 428, 800, 6, 'ink')}${tally}`
}

function bun(x: number, floor: number): string {
  return `<path class="bun" d="M${x - 30} ${floor}c0 -40 60 -40 60 0z"/>${dot(x, floor - 20, 4, 'ink')}`
}

function neapTide(): string {
  const glints = Array.from({ length: 9 }, (_, i) =>
    box(400 - 150 + i * 14, 316 + i * 20, 300 - i * 28, 5, 'paper'),
  ).join('')
  return `${sheet('tint')}${dot(400, 286, 120, 'red')}${box(0, 290, 800, 210, 'sea')}${glints}${boat(130, 330, 1)}${boat(600, 366, 1.4)}${boat(290, 300, 0.5)}<path class="line" d="M560 96q14 -16 28 0q14 -16 28 0M640 132q10 -12 20 0q10 -12 20 0"/>`
}

function boat(x: number, y: number, scale: number): string {
  return `<g transform="translate(${x} ${y}) scale(${scale})"><path class="ink" d="M-60 0H60L44 26H-44z"/><path class="ink" d="M-4 0V-86h6V0z"/><path class="paper" d="M6 -82L46 -10H6z"/>${box(-50, 32, 100, 4, 'ink')}</g>`
}

function sheet(ink: string): string {
  return box(0, 0, width, height, ink)
}

function box(x: number, y: number, wide: number, tall: number, ink: string): string {
  return `<rect class="${ink}" x="${x}" y="${y}" width="${wide}" height="${tall}"/>`
}

function dot(x: number, y: number, radius: number, ink: string): string {
  return `<circle class="${ink}" cx="${x}" cy="${y}" r="${radius}"/>`
}
