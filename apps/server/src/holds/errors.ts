import { type ErrorEntry, final } from '../error-entry.ts'

/** Refusals of holds. */
export const holdErrors = {
  hold_not_found: final(
    404,
    ['Hold not found', 'There is no such hold, or it is not yours to see.', 'Check the id.'],
    [
      '예약을 찾을 수 없습니다',
      '그런 예약이 없거나 볼 수 없는 예약입니다.',
      '아이디를 확인하세요.',
    ],
  ),
  hold_resolved: final(
    409,
    [
      'Hold is already resolved',
      'The hold was {detail} before.',
      'Look at the hold; make a new one when needed.',
    ],
    [
      '이미 끝난 예약입니다',
      '이 예약은 이미 처리되었습니다({detail}).',
      '예약을 조회하고, 필요하면 새로 만드세요.',
    ],
  ),
  capture_exceeds_hold: final(
    409,
    ['Capture exceeds the hold', 'The hold reserves {left}.', 'Capture at most that.'],
    ['예약보다 많이 받을 수 없습니다', '예약된 금액은 {left}입니다.', '그 금액까지만 받으세요.'],
  ),
  hold_ttl_out_of_range: final(
    400,
    [
      'Hold lasts too short or too long',
      'The time to live is outside of what the ledger allows.',
      'Send "ttl_s" from 1 to 604800 (7 days).',
    ],
    [
      '예약 기간이 범위를 벗어났습니다',
      '예약 기간이 허용 범위 밖입니다.',
      '"ttl_s"는 1에서 604800(7일) 사이로 보내세요.',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>
