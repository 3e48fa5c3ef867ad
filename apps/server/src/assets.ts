import { type Asset, findAsset, formatAmount, type MoneyJson } from '@jeon/money'

/** The currencies that this platform keeps. */
export const currencies = ['KRW', 'USD', 'JPY', 'EUR'] as const

export type Currency = (typeof currencies)[number]

/** The currency of an asset that this platform opened. */
export function currencyOf(asset: Asset): Currency {
  const currency = currencies.find((code) => code === asset.code)
  if (currency === undefined) throw new Error(`this platform does not keep ${asset.code}`)
  return currency
}

/** The asset of a ledger's text form, `KRW/3`. The ledger only has assets that this platform opened. */
export function assetOfText(text: string): Asset {
  const asset = findAsset(text.slice(0, text.indexOf('/')))
  if (asset === undefined) throw new Error(`the ledger has an asset that nobody opened: ${text}`)
  return asset
}

/** An amount as it goes over the wire. */
export function moneyOf(amount: bigint, asset: Asset): MoneyJson {
  return { amount: formatAmount(amount, asset), currency: asset.code }
}

/** An amount in a sentence: `150 KRW`. */
export function moneyText(amount: bigint, asset: Asset): string {
  return `${formatAmount(amount, asset)} ${asset.code}`
}
