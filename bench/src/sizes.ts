/** How much is done. The quick form is for catching a fall by half, not for figures to show. */
export interface Sizes {
  readonly repetitions: number
  readonly wallets: number
  readonly merchants: number
  /** Payments before the clock starts, so that the compiler has done its work. */
  readonly warmUp: number
  readonly uniform: number
  readonly hot: number
  readonly random: number
  readonly latency: number
  readonly copyRows: number
  readonly statementSeconds: number
  readonly statementSessions: readonly number[]
  readonly httpWallets: number
  readonly httpSeconds: number
  readonly httpWarmUpMs: number
  /** Also what no ratio is made of: receipts, JSON batches, keys without time. */
  readonly httpExtras: boolean
  readonly httpConnections: readonly number[]
  readonly batches: number
  readonly growth: GrowthSizes | undefined
  readonly carrier: CarrierSizes
  readonly syncWrites: number
}

export interface CarrierSizes {
  /** The lines that pay while decisions are measured. */
  readonly lines: number
  /** Decisions a repetition, without HTTP. */
  readonly decisions: number
  readonly decisionsAtOnce: number
  /** The lines whose month is closed. */
  readonly billedLines: number
  readonly itemsPerLine: number
}

export interface GrowthSizes {
  readonly wallets: number
  /** The wallets that pay while rates are measured. */
  readonly active: number
  /** Transfers when opening and memory are measured. */
  readonly half: number
  /** Transfers at the end. */
  readonly full: number
  /** Payments a repetition of a rate. */
  readonly sample: number
  /** Payments after the last clean close, before the kill. */
  readonly tail: number
}

export const fullSizes: Sizes = {
  repetitions: 3,
  wallets: 100_000,
  merchants: 1_000,
  warmUp: 200_000,
  uniform: 1_000_000,
  hot: 500_000,
  random: 500_000,
  latency: 3_000,
  copyRows: 500_000,
  statementSeconds: 4,
  statementSessions: [8, 16, 32, 64],
  httpWallets: 1_000,
  httpSeconds: 4,
  httpWarmUpMs: 1_000,
  httpExtras: true,
  httpConnections: [1, 16, 64, 256],
  batches: 24,
  growth: {
    wallets: 1_000_000,
    active: 100_000,
    half: 10_000_000,
    full: 20_000_000,
    sample: 500_000,
    tail: 900_000,
  },
  carrier: {
    lines: 2_000,
    decisions: 30_000,
    decisionsAtOnce: 512,
    billedLines: 100_000,
    itemsPerLine: 10,
  },
  syncWrites: 300,
}

export const quickSizes: Sizes = {
  repetitions: 3,
  wallets: 10_000,
  merchants: 1_000,
  warmUp: 60_000,
  uniform: 100_000,
  hot: 60_000,
  random: 30_000,
  latency: 300,
  copyRows: 100_000,
  statementSeconds: 1,
  statementSessions: [16, 32],
  httpWallets: 100,
  httpSeconds: 1,
  httpWarmUpMs: 500,
  httpExtras: false,
  httpConnections: [64],
  batches: 6,
  growth: undefined,
  carrier: {
    lines: 200,
    decisions: 3_000,
    decisionsAtOnce: 256,
    billedLines: 3_000,
    itemsPerLine: 10,
  },
  syncWrites: 60,
}

/** To try the growth part out in half a minute. Its figures mean nothing. */
export const smallGrowth: GrowthSizes = {
  wallets: 50_000,
  active: 10_000,
  half: 400_000,
  full: 700_000,
  sample: 60_000,
  tail: 60_000,
}
