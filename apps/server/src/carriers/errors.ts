import { type ErrorEntry, final, passing } from '../error-entry.ts'

/** Refusals about lines and carriers. */
export const carrierErrors = {
  carrier_not_found: final(
    404,
    [
      'Carrier not found',
      'This platform does not work with that carrier.',
      'Choose one of the carriers that it works with.',
    ],
    [
      '통신사를 찾을 수 없습니다',
      '이 플랫폼과 연결되지 않은 통신사입니다.',
      '연결된 통신사 가운데 하나를 고르세요.',
    ],
  ),
  line_not_linked: final(
    409,
    [
      'No line is linked',
      'This needs a phone line, and the wallet has none.',
      'Link a line first, on the page /line.',
    ],
    [
      '연결된 회선이 없습니다',
      '휴대폰 회선이 필요한데 이 지갑에는 없습니다.',
      '/line에서 먼저 회선을 연결하세요.',
    ],
  ),
  line_already_linked: final(
    409,
    ['A line is linked already', 'A wallet has one line.', 'Unlink the other one first.'],
    [
      '이미 연결된 회선이 있습니다',
      '지갑 하나에는 회선 하나만 연결합니다.',
      '먼저 다른 회선의 연결을 끊으세요.',
    ],
  ),
  line_link_expired: final(
    409,
    [
      'The link has to be renewed',
      'The carrier no longer accepts this link.',
      'Unlink the line and link it again.',
    ],
    [
      '회선을 다시 연결해야 합니다',
      '통신사가 이 연결을 더 받지 않습니다.',
      '연결을 끊고 다시 연결하세요.',
    ],
  ),
  line_owes: final(
    409,
    [
      'Something is still owed',
      'What this wallet owes could not be collected: {reason}',
      'Put the reason right and try again.',
    ],
    [
      '아직 낼 돈이 있습니다',
      '이 지갑의 미수금을 거두지 못했습니다: {reason}',
      '사유를 해결한 뒤 다시 시도하세요.',
    ],
  ),
  line_in_use: passing(
    409,
    [
      'A purchase on this line is not finished',
      'It waits for its payer, or is being paid at this moment.',
      'Confirm or refuse what waits on the page /line, then unlink.',
    ],
    [
      '이 회선에 끝나지 않은 결제가 있습니다',
      '본인 확인을 기다리거나 지금 처리되고 있습니다.',
      '/line에서 기다리는 결제를 확인하거나 취소한 뒤 연결을 끊으세요.',
    ],
  ),
  link_not_found: final(
    404,
    ['Link not found', 'There is no such attempt to link a line.', 'Begin a new one.'],
    ['연결 시도를 찾을 수 없습니다', '그런 연결 시도가 없습니다.', '처음부터 다시 하세요.'],
  ),
  link_over: final(
    409,
    ['This attempt is over', 'It was linked, refused, or took too long.', 'Begin a new one.'],
    [
      '끝난 연결 시도입니다',
      '이미 연결되었거나 거절되었거나 시간이 지났습니다.',
      '처음부터 다시 하세요.',
    ],
  ),
  carrier_unavailable: passing(
    503,
    [
      'The carrier cannot be reached',
      'It does not answer, or not sensibly.',
      'Try again a little later.',
    ],
    ['통신사와 연결할 수 없습니다', '통신사가 제대로 답하지 않습니다.', '잠시 뒤 다시 시도하세요.'],
  ),
} as const satisfies Record<string, ErrorEntry>
