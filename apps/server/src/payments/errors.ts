import type { AmountCode, WireCode } from '@jeon/money'
import { type ErrorEntry, final, passing } from '../error-entry.ts'

/** What may be wrong with an amount of money on the wire. */
export const moneyErrors = {
  amount_not_string: final(
    400,
    [
      'Amount is not a string',
      'An amount is a decimal string such as "0.3".',
      'Send "amount" as a string, never as a JSON number.',
    ],
    [
      '금액이 문자열이 아닙니다',
      '금액은 "0.3" 같은 십진수 문자열입니다.',
      '"amount"를 숫자가 아니라 문자열로 보내세요.',
    ],
  ),
  amount_too_long: final(
    400,
    ['Amount is too long', 'No amount needs that many characters.', 'Send at most 21 characters.'],
    ['금액이 너무 깁니다', '이만큼 긴 금액은 없습니다.', '21자 이내로 보내세요.'],
  ),
  amount_malformed: final(
    400,
    [
      'Amount is malformed',
      'An amount is digits with at most one point: no exponent, grouping or white space.',
      'Send an amount such as "150" or "0.3".',
    ],
    [
      '금액 형식이 잘못되었습니다',
      '금액은 숫자와 소수점 하나로 씁니다. 지수, 자릿수 구분, 공백은 쓸 수 없습니다.',
      '"150"이나 "0.3"처럼 보내세요.',
    ],
  ),
  amount_sign: final(
    400,
    ['Amount has a sign', 'Amounts are written without a sign.', 'Leave the sign away.'],
    ['금액에 부호가 있습니다', '금액은 부호 없이 씁니다.', '부호를 빼고 보내세요.'],
  ),
  amount_too_many_places: final(
    400,
    [
      'Amount has too many places',
      'The amount is finer than the smallest unit of its currency.',
      'KRW and JPY have 3 decimal places, USD and EUR 6.',
    ],
    [
      '소수 자릿수가 너무 많습니다',
      '이 통화의 가장 작은 단위보다 작은 금액입니다.',
      'KRW와 JPY는 소수 3자리, USD와 EUR은 6자리까지입니다.',
    ],
  ),
  money_not_object: final(
    400,
    [
      'Money is not an object',
      'Money is an object with "amount" and "currency".',
      'Send {"amount":"150","currency":"KRW"}.',
    ],
    [
      '금액이 객체가 아닙니다',
      '금액은 "amount"와 "currency"가 있는 객체입니다.',
      '{"amount":"150","currency":"KRW"}처럼 보내세요.',
    ],
  ),
  currency_not_string: final(
    400,
    ['Currency is missing', 'An amount needs its currency.', 'Send "currency", for example "KRW".'],
    ['통화가 없습니다', '금액에는 통화가 필요합니다.', '"currency"를 보내세요. 예: "KRW".'],
  ),
  currency_unknown: final(
    400,
    [
      'Currency is unknown',
      'This platform does not keep that currency.',
      'Use one of KRW, USD, JPY, EUR.',
    ],
    [
      '알 수 없는 통화입니다',
      '이 플랫폼에서 쓰지 않는 통화입니다.',
      'KRW, USD, JPY, EUR 가운데 하나를 쓰세요.',
    ],
  ),
} as const satisfies Record<Exclude<AmountCode, 'amount_out_of_range'> | WireCode, ErrorEntry>

/** What reading an amount from a request may be refused for. */
export const amountCodes = [
  'amount_malformed',
  'amount_sign',
  'amount_too_long',
  'amount_too_many_places',
  'amount_out_of_range',
] as const

/** Refusals of payments and refunds, the ledger's among them. */
export const paymentErrors = {
  account_not_found: final(
    404,
    [
      'Account not found',
      'The ledger does not know one of the accounts.',
      'Check the wallet and the merchant.',
    ],
    ['계정을 찾을 수 없습니다', '원장에 없는 계정입니다.', '지갑과 가맹점을 확인하세요.'],
  ),
  same_account: final(
    400,
    ['Payer and payee are the same', 'An account cannot pay itself.', 'Choose another merchant.'],
    [
      '보내는 쪽과 받는 쪽이 같습니다',
      '자기 자신에게 지불할 수 없습니다.',
      '다른 가맹점을 고르세요.',
    ],
  ),
  asset_mismatch: final(
    400,
    [
      'Currencies differ',
      'The wallet and the merchant keep different currencies.',
      'Pay in the currency of the offer.',
    ],
    ['통화가 다릅니다', '지갑과 가맹점의 통화가 다릅니다.', '상품의 통화로 지불하세요.'],
  ),
  amount_not_positive: final(
    400,
    ['Amount is not positive', 'An amount of zero moves nothing.', 'Send an amount above zero.'],
    ['금액이 0입니다', '0은 지불할 수 없습니다.', '0보다 큰 금액을 보내세요.'],
  ),
  amount_out_of_range: final(
    400,
    [
      'Amount is out of range',
      'The amount is larger than the ledger keeps.',
      'Send a smaller amount.',
    ],
    ['금액이 너무 큽니다', '원장이 다룰 수 있는 범위를 넘었습니다.', '더 작은 금액을 보내세요.'],
  ),
  balance_overflow: final(
    409,
    [
      'Balance would overflow',
      'The account cannot hold that much.',
      'Move money out of the account first.',
    ],
    ['잔액 한도를 넘습니다', '이 계정에 담을 수 없는 금액입니다.', '먼저 잔액을 줄이세요.'],
  ),
  id_malformed: final(
    400,
    [
      'Id is malformed',
      'The id is not a TypeID of the right kind.',
      'Send the id exactly as it was given to you.',
    ],
    [
      '아이디 형식이 잘못되었습니다',
      '올바른 종류의 TypeID가 아닙니다.',
      '받은 아이디를 그대로 보내세요.',
    ],
  ),
  facts_malformed: final(
    400,
    [
      'Text cannot be kept',
      'Reference, category, offer and device have at most 200 characters each, none of them NUL or half a character.',
      'Shorten the text, or send whole Unicode characters.',
    ],
    [
      '저장할 수 없는 글입니다',
      'reference, category, offer, device는 200자까지이며 깨진 문자를 담을 수 없습니다.',
      '글을 줄이거나 올바른 유니코드 문자로 보내세요.',
    ],
  ),
  insufficient_funds: final(
    402,
    [
      'Not enough money in the wallet',
      'There is {left} left in this wallet.',
      'Top up the wallet or pay in another currency.',
    ],
    [
      '지갑에 돈이 모자랍니다',
      '이 지갑에는 {left}이 남아 있습니다.',
      '지갑을 충전하거나 다른 통화로 지불하세요.',
    ],
  ),
  window_exceeded: final(
    409,
    [
      'Spending limit reached',
      "This payment would pass one of the payer's own limits ({limit}); {left} left in it.",
      'Wait until it resets, or let the payer change the limit in the wallet.',
    ],
    [
      '한도를 넘었습니다',
      '지불하는 사람이 정한 한도({limit})를 넘습니다. 남은 한도: {left}.',
      '한도가 새로 시작될 때까지 기다리거나 지갑에서 한도를 바꾸세요.',
    ],
  ),
  key_reused: final(
    422,
    [
      'Idempotency key was used for something else',
      'The same key was sent before with another body.',
      'Make a new key for each intent, and keep it for each attempt at that intent.',
    ],
    [
      '멱등 키가 다른 요청에 쓰였습니다',
      '같은 키로 다른 내용이 이미 처리되었습니다.',
      '새로운 지불에는 새 키를, 같은 지불의 재시도에는 같은 키를 쓰세요.',
    ],
  ),
  payment_not_found: final(
    404,
    [
      'Payment not found',
      'There is no such payment, or it is not yours to see.',
      'If you asked because an outcome was unknown: it did not happen.',
    ],
    [
      '지불 내역이 없습니다',
      '그런 지불이 없거나 볼 수 없는 지불입니다.',
      '결과를 몰라서 물으셨다면: 그 지불은 이루어지지 않았습니다.',
    ],
  ),
  not_refundable: final(
    409,
    ['Not refundable', 'Only a payment can be refunded.', 'Void a hold instead of refunding it.'],
    [
      '환불할 수 없습니다',
      '지불만 환불할 수 있습니다.',
      '예약(hold)은 환불하지 말고 취소(void)하세요.',
    ],
  ),
  refund_exceeds_payment: final(
    409,
    [
      'Refund exceeds the payment',
      'There is {left} of this payment left to refund.',
      'Refund at most that.',
    ],
    [
      '환불액이 지불액보다 큽니다',
      '환불할 수 있는 금액은 {left}입니다.',
      '그 금액까지만 환불하세요.',
    ],
  ),
  refund_not_covered: final(
    409,
    [
      'Merchant cannot cover the refund',
      "The merchant's balance is smaller than the refund.",
      'Refund less, or later.',
    ],
    [
      '가맹점 잔액이 모자랍니다',
      '가맹점의 잔액이 환불액보다 적습니다.',
      '더 적게, 또는 나중에 환불하세요.',
    ],
  ),
  refund_window_over: final(
    409,
    [
      'Too late to undo',
      'A payer can undo a payment for {seconds} seconds.',
      'Ask the merchant for a refund.',
    ],
    [
      '되돌릴 수 있는 시간이 지났습니다',
      '지불 후 {seconds}초 동안만 되돌릴 수 있습니다.',
      '가맹점에 환불을 요청하세요.',
    ],
  ),
  refund_partial_not_allowed: final(
    403,
    ['Only the merchant refunds a part', 'A payer undoes a whole payment.', 'Leave "amount" away.'],
    [
      '일부 환불은 가맹점만 할 수 있습니다',
      '지불한 사람은 전체만 되돌릴 수 있습니다.',
      '"amount"를 빼고 보내세요.',
    ],
  ),
  amount_required: final(
    400,
    [
      'Amount is required',
      'Without an offer with a fixed price, a payment needs its amount.',
      'Send "amount", and "currency" when there is no offer.',
    ],
    [
      '금액이 필요합니다',
      '정해진 값이 없는 지불에는 금액이 필요합니다.',
      '"amount"를, 상품이 없으면 "currency"도 보내세요.',
    ],
  ),
  offer_required: final(
    400,
    ['Offer is required', 'A page can only sell what its merchant offers.', 'Send "offer".'],
    ['상품이 필요합니다', '페이지는 가맹점이 내놓은 상품만 팔 수 있습니다.', '"offer"를 보내세요.'],
  ),
  price_mismatch: final(
    409,
    [
      'The price is another one',
      'The offer costs {price}.',
      'Show the payer the current price and ask again.',
    ],
    ['값이 다릅니다', '이 상품의 값은 {price}입니다.', '현재 값을 보여주고 다시 물어보세요.'],
  ),
  wallet_required: final(
    400,
    ['Wallet is required', 'A merchant says which wallet pays.', 'Send "wallet".'],
    ['지갑이 필요합니다', '어느 지갑에서 지불할지 알려주세요.', '"wallet"을 보내세요.'],
  ),
  batch_too_long: final(
    413,
    ['Batch is too long', 'A batch has at most {most} payments.', 'Send several batches.'],
    ['묶음이 너무 깁니다', '한 묶음은 {most}건까지입니다.', '여러 묶음으로 나누어 보내세요.'],
  ),
  linked_failed: final(
    409,
    [
      'Another member of the group failed',
      'Linked movements succeed or fail together: {detail}.',
      'Correct that member and send the group again.',
    ],
    [
      '묶인 다른 항목이 실패했습니다',
      '묶인 이체는 함께 성공하거나 함께 실패합니다: {detail}.',
      '실패한 항목을 고쳐 다시 보내세요.',
    ],
  ),
  linked_across_shards: final(
    400,
    [
      'Group spans shards',
      'Linked movements must be kept by one shard.',
      'Link only movements of one payer.',
    ],
    [
      '묶음이 여러 샤드에 걸쳐 있습니다',
      '묶인 이체는 한 샤드 안에 있어야 합니다.',
      '한 지불자의 이체만 묶으세요.',
    ],
  ),
  shard_unavailable: passing(
    503,
    [
      'Ledger shard is not available',
      'The part of the ledger that keeps this wallet is recovering.',
      'Send the same request with the same key again.',
    ],
    [
      '원장을 잠시 쓸 수 없습니다',
      '이 지갑을 맡은 원장이 복구 중입니다.',
      '같은 키로 같은 요청을 다시 보내세요.',
    ],
  ),
  overloaded: passing(
    503,
    [
      'Too much at once',
      'More requests are under way than this server takes at a time.',
      'Send the same request with the same key again, a little later.',
    ],
    [
      '요청이 너무 많습니다',
      '동시에 처리할 수 있는 요청 수를 넘었습니다.',
      '잠시 뒤 같은 키로 같은 요청을 다시 보내세요.',
    ],
  ),
  unknown_outcome: passing(
    503,
    [
      'Outcome is not known yet',
      'The database did not say whether it was committed.',
      'Send the same request with the same key again, or look at GET {href}. Never send it under another key.',
    ],
    [
      '결과를 아직 알 수 없습니다',
      '데이터베이스가 확정 여부를 알려주지 않았습니다.',
      '같은 키로 같은 요청을 다시 보내거나 GET {href}로 확인하세요. 다른 키로 다시 보내지 마세요.',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>
