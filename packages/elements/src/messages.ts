/** What the paywall says, in one language; `{}` stands for a price or a time. */
export interface Messages {
  readonly read_action: string
  readonly read_hint: string
  readonly busy_status: string
  readonly paid_status: string
  readonly undo_action: string
  readonly refunded_status: string
  readonly undo_error: string
  readonly unknown_status: string
  readonly stalled_error: string
  readonly waiting_status: string
  readonly confirm_action: string
  readonly content_error: string
  readonly retry_action: string
  readonly wallet_action: string
  readonly line_action: string
  /** Follows the reason for a refusal. */
  readonly untaken_hint: string
  readonly resets_hint: string
  /** Reasons by the problem's `code`. */
  readonly [reason: `declined_${string}`]: string
  readonly declined_error: string
}

/** Whole sentences, never pieces: Korean particles do not survive being glued. */
export const messages: Readonly<Record<'ko' | 'en', Messages>> = {
  ko: {
    read_action: '계속 읽기',
    read_hint: '10초 안에 되돌릴 수 있어요.',
    busy_status: '잠시만요…',
    paid_status: '{} 냈어요.',
    undo_action: '되돌리기',
    refunded_status: '{} 돌려드렸어요.',
    undo_error: '되돌리지 못했어요.',
    unknown_status: '결제됐는지 확인하고 있어요. 두 번 결제되지 않아요.',
    stalled_error: '아직 확인하지 못했어요. 두 번 결제되지 않아요.',
    waiting_status: '통신사가 확인을 기다려요. 마치면 여기서 이어져요.',
    confirm_action: '통신사에서 확인하기',
    content_error: '결제는 됐어요. 글을 불러오지 못했어요.',
    retry_action: '다시 시도',
    wallet_action: '지갑 열기',
    line_action: '내 회선 열기',
    untaken_hint: '돈은 나가지 않았어요.',
    resets_hint: '{}부터 다시 쓸 수 있어요.',
    declined_insufficient_funds: '지갑에 돈이 모자라요.',
    declined_window_exceeded: '정해 둔 지출 한도를 넘어요.',
    declined_price_mismatch: '값이 바뀌었어요.',
    declined_line_not_linked: '휴대폰 요금으로 내는 상품이에요. 회선을 먼저 연결하세요.',
    declined_unreachable: '연결이 되지 않아요.',
    declined_error: '결제하지 못했어요.',
  },
  en: {
    read_action: 'Read on',
    read_hint: 'You can undo for 10 seconds.',
    busy_status: 'One moment…',
    paid_status: '{} paid.',
    undo_action: 'Undo',
    refunded_status: '{} refunded.',
    undo_error: 'Could not be undone.',
    unknown_status: 'Checking your payment. You will not pay twice.',
    stalled_error: 'Not confirmed yet. You will not pay twice.',
    waiting_status: 'Your phone company asks you to confirm. This page goes on by itself.',
    confirm_action: 'Confirm with phone company',
    content_error: 'You have paid. The text did not load.',
    retry_action: 'Try again',
    wallet_action: 'Open wallet',
    line_action: 'Open phone line',
    untaken_hint: 'Nothing was taken.',
    resets_hint: 'You can spend again from {}.',
    declined_insufficient_funds: 'Not enough in your wallet.',
    declined_window_exceeded: 'This is over your spending limit.',
    declined_price_mismatch: 'The price has changed.',
    declined_line_not_linked: 'This is paid on a phone bill. Link your line first.',
    declined_unreachable: 'No connection.',
    declined_error: 'The payment was declined.',
  },
}
