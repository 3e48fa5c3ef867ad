import { assetOfProfile, type Cycle, type MarketProfile } from '@jeon/billing'
import type { Clock } from '@jeon/clock'
import { type Asset, formatAsset } from '@jeon/money'
import { dayAt } from './days.ts'
import type { Carrier, CarrierId } from './model.ts'

/** The time at each carrier, and the rules that hold there now. */
export class CarrierClock {
  readonly #clock: Clock
  readonly #carriers: ReadonlyMap<CarrierId, Carrier>

  constructor(clock: Clock, carriers: ReadonlyMap<CarrierId, Carrier>) {
    this.#clock = clock
    this.#carriers = carriers
  }

  get carriers(): Iterable<Carrier> {
    return this.#carriers.values()
  }

  /** Unix milliseconds of the program. */
  now(): number {
    return this.#clock.now()
  }

  /** Unix milliseconds of the machine, for ids. */
  machineNow(): number {
    return this.#clock.machineNow()
  }

  /** Throws RangeError for a carrier that is not hosted here. */
  carrier(id: CarrierId): Carrier {
    const carrier = this.#carriers.get(id)
    if (carrier === undefined) throw new RangeError(`there is no carrier ${id}`)
    return carrier
  }

  /** The rules that hold now. */
  profile(id: CarrierId): MarketProfile {
    return this.carrier(id).profileAt(this.now())
  }

  today(id: CarrierId): string {
    return dayAt(this.now(), this.profile(id).zone).date
  }

  cycle(id: CarrierId): Cycle {
    return dayAt(this.now(), this.profile(id).zone).cycle
  }

  assetOf(id: CarrierId): Asset {
    return assetOfProfile(this.profile(id))
  }

  /** The asset in which the carrier's accounts are kept, `KRW/3`. */
  asset(id: CarrierId): string {
    return formatAsset(this.assetOf(id))
  }
}
