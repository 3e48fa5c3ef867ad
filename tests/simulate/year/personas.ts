import type { Random } from '../../crash/random.ts'

/** How an owner pays a bill: days after it was due, and how much at a time. */
export interface PayingHabit {
  /** Whole days after the due date; negative: before. `null`: never. */
  readonly daysLate: readonly [least: number, most: number] | null
  readonly how: 'all' | 'oldest' | 'half'
}

/** A kind of owner. Chances are per day unless they say otherwise. */
export interface Persona {
  readonly name: string
  /** Out of all owners, in percent. */
  readonly share: number
  readonly age: readonly [least: number, most: number]
  /** Days since the line was opened, when the year begins. */
  readonly openedDaysAgo: readonly [least: number, most: number]
  readonly lines: 1 | 2
  readonly kind: 'postpaid' | 'prepaid' | 'corporate'
  readonly consents: boolean
  readonly buys: number
  readonly prices: readonly number[]
  readonly categories: readonly ('digital' | 'content' | 'voucher' | 'physical')[]
  readonly pays: PayingHabit
  /** Pays for this month's use before its bill. */
  readonly paysEarly: number
  readonly blocks: number
  readonly changesLimit: number
  readonly disputes: number
  /** Asks for debt relief once this many days overdue. `null`: never. */
  readonly reliefAfterDays: number | null
  readonly revokesConsent: number
}

const small = [100, 300, 500, 1_000, 1_100, 3_300] as const
const middle = [1_000, 3_300, 5_500, 9_900, 11_000] as const
const large = [11_000, 33_000, 55_000, 99_000, 150_000] as const
const vouchers = [5_000, 10_000, 30_000, 50_000] as const

const ordinary: Omit<Persona, 'name' | 'share'> = {
  age: [19, 70],
  openedDaysAgo: [200, 4_000],
  lines: 1,
  kind: 'postpaid',
  consents: true,
  buys: 0.25,
  prices: middle,
  categories: ['digital', 'digital', 'digital', 'content', 'physical'],
  pays: { daysLate: [0, 0], how: 'all' },
  paysEarly: 0,
  blocks: 0,
  changesLimit: 0,
  disputes: 0,
  reliefAfterDays: null,
  revokesConsent: 0,
}

/** Shares add up to 100. */
export const personas: readonly Persona[] = [
  { ...ordinary, name: 'steady', share: 30 },
  { ...ordinary, name: 'snacker', share: 10, buys: 0.8, prices: small },
  { ...ordinary, name: 'at the limit', share: 8, buys: 0.7, prices: large },
  { ...ordinary, name: 'gamer', share: 6, buys: 0.5, prices: large, categories: ['content'] },
  { ...ordinary, name: 'voucher buyer', share: 4, prices: vouchers, categories: ['voucher'] },
  { ...ordinary, name: 'two lines', share: 6, lines: 2, buys: 0.5, prices: large },
  { ...ordinary, name: 'minor', share: 4, age: [12, 18], buys: 0.3, prices: middle },
  { ...ordinary, name: 'newcomer', share: 2, openedDaysAgo: [0, 60], prices: large },
  { ...ordinary, name: 'pays early', share: 4, buys: 0.6, prices: large, paysEarly: 0.05 },
  { ...ordinary, name: 'blocker', share: 4, blocks: 0.03, changesLimit: 0.04 },
  { ...ordinary, name: 'disputer', share: 2, disputes: 0.02 },
  { ...ordinary, name: 'a little late', share: 5, pays: { daysLate: [1, 12], how: 'all' } },
  { ...ordinary, name: 'late', share: 4, pays: { daysLate: [13, 45], how: 'oldest' } },
  { ...ordinary, name: 'very late', share: 3, pays: { daysLate: [46, 85], how: 'all' } },
  { ...ordinary, name: 'pays in parts', share: 3, pays: { daysLate: [-3, 40], how: 'half' } },
  { ...ordinary, name: 'never pays', share: 2, pays: { daysLate: null, how: 'all' } },
  {
    ...ordinary,
    name: 'in relief',
    share: 1,
    pays: { daysLate: null, how: 'all' },
    reliefAfterDays: 40,
  },
  { ...ordinary, name: 'dormant', share: 1, buys: 0 },
  { ...ordinary, name: 'prepaid', share: 0.5, kind: 'prepaid', buys: 0.05 },
  { ...ordinary, name: 'corporate', share: 0.5, kind: 'corporate', buys: 0.05 },
]

/** One persona, by its share. */
export function pickPersona(random: Random): Persona {
  let place = random.integer(0, 999_999) / 10_000
  for (const persona of personas) {
    place -= persona.share
    if (place < 0) return persona
  }
  const [first] = personas
  if (first === undefined) throw new RangeError('there are no personas')
  return first
}
