import { PURCHASE_CATEGORIES, type PurchaseCategory } from '@jeon/billing'
import { amountToWire, type CreatePaymentBody, type CreateRefundBody } from '@jeon/camara'
import type { Charge, Collection, RailRefund } from './model.ts'

/** Where a carrier may tell what happened, and with which token. */
export interface Sink {
  readonly url: string
  readonly token: string
  readonly expiresAtMs: number
}

/**
 * What a merchant's category is in the market's rules. Categories are the merchant's own words; one that is no word of
 * the rules is ordinary digital goods.
 */
export function purchaseCategoryOf(category: string): PurchaseCategory {
  return PURCHASE_CATEGORIES.find((known) => known === category) ?? 'digital'
}

/** The request for a purchase of its own. The same for every sending: nothing in it comes from a clock. */
export function preparationOf(charge: Charge, sink: Sink | undefined): CreatePaymentBody {
  const { asset, amount } = charge
  return {
    amountTransaction: {
      phoneNumber: charge.phoneNumber,
      clientCorrelator: charge.id,
      referenceCode: charge.id,
      paymentAmount: {
        chargingInformation: {
          amount: amountToWire(amount, asset),
          currency: asset.code,
          description: charge.description,
        },
        chargingMetaData: {
          merchantName: charge.merchantName,
          merchantIdentifier: charge.merchantId,
          purchaseCategoryCode: purchaseCategoryOf(charge.category),
          channel: 'online',
          ...(charge.offer === '' ? {} : { productId: charge.offer }),
        },
      },
    },
    ...sinkOf(sink),
  }
}

/** The request for a collection: one sum, with what it is for. */
export function collectionRequestOf(
  collection: Collection,
  sink: Sink | undefined,
): CreatePaymentBody {
  const { asset, amount, items } = collection
  return {
    amountTransaction: {
      phoneNumber: collection.phoneNumber,
      clientCorrelator: collection.id,
      referenceCode: collection.id,
      paymentAmount: {
        chargingInformation: {
          amount: amountToWire(amount, asset),
          currency: asset.code,
          description: collection.description,
        },
        chargingMetaData: {
          merchantName: 'Jeon',
          merchantIdentifier: 'jeon',
          purchaseCategoryCode: 'digital' satisfies PurchaseCategory,
          channel: 'online',
        },
        paymentDetails: items.map((item) => ({
          id: item.id,
          amount: amountToWire(item.amount, asset),
          currency: asset.code,
          description: item.description,
        })),
      },
    },
    ...sinkOf(sink),
  }
}

/** The request to give a purchase back, wholly or in part. */
export function refundRequestOf(refund: RailRefund, charge: Charge): CreateRefundBody {
  const keys = { clientCorrelator: refund.id, referenceCode: refund.id }
  const reason = refund.reference === '' ? {} : { reason: refund.reference }
  const chargingMetaData = { merchantIdentifier: charge.merchantId }
  if (refund.isTotal) {
    return {
      type: 'total',
      amountTransaction: { ...keys, refundAmount: { chargingMetaData } },
      ...reason,
    }
  }
  const chargingInformation = {
    amount: amountToWire(refund.amount, charge.asset),
    currency: charge.asset.code,
    description: charge.description,
  }
  return {
    type: 'partial',
    amountTransaction: { ...keys, refundAmount: { chargingInformation, chargingMetaData } },
    ...reason,
  }
}

function sinkOf(sink: Sink | undefined) {
  if (sink === undefined) return {}
  return {
    sink: sink.url,
    sinkCredential: {
      credentialType: 'ACCESSTOKEN' as const,
      accessToken: sink.token,
      accessTokenExpiresUtc: new Date(sink.expiresAtMs).toISOString(),
      accessTokenType: 'bearer' as const,
    },
  }
}
