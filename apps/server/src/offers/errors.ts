import { type ErrorEntry, final } from '../error-entry.ts'

/** Refusals about merchants, what they offer, and wallets. */
export const offerErrors = {
  merchant_not_found: final(
    404,
    ['Merchant not found', 'There is no such merchant.', 'Check the merchant id.'],
    ['가맹점을 찾을 수 없습니다', '그런 가맹점이 없습니다.', '가맹점 아이디를 확인하세요.'],
  ),
  merchant_required: final(
    400,
    [
      'Merchant is required',
      'Without a key of the merchant, the request has to say whose offer it means.',
      'Send "merchant", or a page key.',
    ],
    [
      '가맹점이 필요합니다',
      '가맹점 키가 없으면 어느 가맹점의 상품인지 알려야 합니다.',
      '"merchant"나 페이지 키를 보내세요.',
    ],
  ),
  merchant_mismatch: final(
    403,
    [
      'Another merchant',
      'The key belongs to another merchant than the request names.',
      'Leave "merchant" away, or use the right key.',
    ],
    [
      '다른 가맹점입니다',
      '키의 가맹점과 요청의 가맹점이 다릅니다.',
      '"merchant"를 빼거나 맞는 키를 쓰세요.',
    ],
  ),
  offer_not_found: final(
    404,
    ['Offer not found', 'The merchant has no such offer.', 'Check the id of the offer.'],
    ['상품을 찾을 수 없습니다', '가맹점에 그런 상품이 없습니다.', '상품 아이디를 확인하세요.'],
  ),
  offer_exists: final(
    409,
    [
      'Offer exists',
      'The merchant already has an offer of that id.',
      'Change it with PATCH, or choose another id.',
    ],
    [
      '이미 있는 상품입니다',
      '같은 아이디의 상품이 있습니다.',
      'PATCH로 바꾸거나 다른 아이디를 쓰세요.',
    ],
  ),
  offer_closed: final(
    409,
    [
      'Offer is closed',
      'The merchant no longer sells this.',
      'Open the offer again with PATCH {"active":true}.',
    ],
    [
      '판매가 끝난 상품입니다',
      '가맹점이 더는 팔지 않는 상품입니다.',
      'PATCH {"active":true}로 다시 열 수 있습니다.',
    ],
  ),
  wallet_not_found: final(
    404,
    [
      'Wallet not found',
      'There is no such wallet, or it does not let this merchant charge it.',
      'Check the wallet id.',
    ],
    [
      '지갑을 찾을 수 없습니다',
      '그런 지갑이 없거나 이 가맹점이 쓸 수 없는 지갑입니다.',
      '지갑 아이디를 확인하세요.',
    ],
  ),
  currency_not_held: final(
    402,
    [
      'Wallet does not keep that currency',
      'The wallet has no pocket in {currency}.',
      'Top up the wallet in that currency.',
    ],
    [
      '지갑에 그 통화가 없습니다',
      '지갑에 {currency} 주머니가 없습니다.',
      '그 통화로 지갑을 충전하세요.',
    ],
  ),
  limits_invalid: final(
    400,
    ['Limits are not valid', '{reason}', 'See PUT /v1/wallet/limits in /docs.'],
    ['한도가 올바르지 않습니다', '{reason}', '/docs의 PUT /v1/wallet/limits를 보세요.'],
  ),
  sandbox_only: final(
    404,
    [
      'Only in the sandbox',
      'This endpoint exists in the sandbox alone.',
      'Use a test key against a sandbox.',
    ],
    [
      '샌드박스에서만 쓸 수 있습니다',
      '샌드박스에만 있는 주소입니다.',
      '샌드박스에서 시험용 키로 쓰세요.',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>
