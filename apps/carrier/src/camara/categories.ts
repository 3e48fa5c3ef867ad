import type { PurchaseCategory } from '@jeon/billing'
import type { ChargingMetaData } from '@jeon/camara'

/**
 * What is bought, from the free text that CAMARA leaves open. First `purchaseCategoryCode`, then `serviceId`; what is
 * unknown is `digital`, the category with the fewest privileges that everybody may sell.
 *
 * | category | codes |
 * |---|---|
 * | digital | `digital`, `digital_goods`, `software`, `game`, `news`, `article`, `music`, `video`, `book`, `subscription` |
 * | content | `content`, `in_app`, `in_app_purchase`, `app_store` |
 * | voucher | `voucher`, `gift_card`, `giftcard`, `gift_certificate`, `prepaid_voucher`, `prepaid_card` |
 * | physical | `physical`, `physical_goods`, `goods`, `delivery` |
 * | charity | `charity`, `donation` |
 * | ticket | `ticket`, `tickets`, `transport`, `parking` |
 * | voice | `voice`, `premium_rate`, `vas` |
 *
 * Letters of either case; `-`, blank and `.` count as `_`, and a plural as its singular.
 */
const codes: Readonly<Record<PurchaseCategory, readonly string[]>> = {
  digital: [
    ...['digital', 'digital_goods', 'software', 'game', 'news', 'article', 'music', 'video'],
    ...['book', 'subscription'],
  ],
  content: ['content', 'in_app', 'in_app_purchase', 'app_store'],
  voucher: [
    'voucher',
    'gift_card',
    'giftcard',
    'gift_certificate',
    'prepaid_voucher',
    'prepaid_card',
  ],
  physical: ['physical', 'physical_goods', 'goods', 'delivery'],
  charity: ['charity', 'donation'],
  ticket: ['ticket', 'tickets', 'transport', 'parking'],
  voice: ['voice', 'premium_rate', 'vas'],
}

const categoryOfCode = new Map<string, PurchaseCategory>()
for (const category of [
  'digital',
  'content',
  'voucher',
  'physical',
  'charity',
  'ticket',
  'voice',
] as const) {
  for (const code of codes[category]) categoryOfCode.set(code, category)
}

/** The category of a purchase; see the table above. */
export function categoryOf(metaData: ChargingMetaData | undefined): PurchaseCategory {
  for (const text of [metaData?.purchaseCategoryCode, metaData?.serviceId]) {
    const code = (text ?? '').trim().toLowerCase().replaceAll(/[-. ]/g, '_')
    const known = categoryOfCode.get(code) ?? categoryOfCode.get(code.replace(/s$/, ''))
    if (known !== undefined) return known
  }
  return 'digital'
}
