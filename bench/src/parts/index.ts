import type { Part } from '../bench.ts'
import { carrier } from './carrier.ts'
import { engine } from './engine.ts'
import { floors } from './floors.ts'
import { growth } from './growth.ts'
import { http } from './http.ts'

export type PartName = 'engine' | 'floors' | 'http' | 'carrier' | 'growth'

export const PARTS: Readonly<Record<PartName, Part>> = { engine, floors, http, carrier, growth }

/** In the order they are run. */
export const PART_NAMES: readonly PartName[] = ['engine', 'floors', 'http', 'carrier', 'growth']
