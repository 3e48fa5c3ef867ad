export { type AllocateOutcome, allocate, type WeightsCode } from './allocate.ts'
export {
  AMOUNT_TEXT_MAX,
  type Amount,
  type AmountCode,
  type AmountOutcome,
  amountFrom,
  formatAmount,
  type ParseAmountOptions,
  parseAmount,
} from './amount.ts'
export {
  type Asset,
  type AssetCode,
  type AssetOutcome,
  assetOf,
  type BuiltInCode,
  defineCredit,
  EUR,
  findAsset,
  formatAsset,
  GBP,
  JPY,
  KRW,
  parseAsset,
  sameAsset,
  USD,
} from './asset.ts'
export { type DisplayOptions, displayAmount } from './display.ts'
export { type Failure, type MoneyCode, MoneyError } from './errors.ts'
export {
  addAllChecked,
  addChecked,
  type CheckedOutcome,
  INT64_MAX,
  INT64_MIN,
  isInt64,
  multiplyChecked,
  subtractChecked,
} from './int64.ts'
export {
  applyRate,
  type Divided,
  divide,
  type Rate,
  type Rounded,
  type RoundingCode,
  type RoundingMode,
  round,
  roundingModes,
} from './rounding.ts'
export {
  type Money,
  type MoneyFromJsonOptions,
  type MoneyJson,
  type MoneyOutcome,
  moneyFromJson,
  moneyToJson,
  type WireCode,
} from './wire.ts'
