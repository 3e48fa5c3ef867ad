/** Texts that every page says alike, in both languages. */
export const shellEn = {
  language_action: '한국어로 보기',
  connection_live_status: 'Live',
  connection_connecting_status: 'Connecting',
  connection_reconnecting_status: 'Connection lost, trying again',
  connection_offline_status: 'You are offline. Figures may be old.',
  close_action: 'Close',
  error_retry_action: 'Try again',
  toast_region_label: 'Notices',
} as const

export const shellKo: Readonly<Record<keyof typeof shellEn, string>> = {
  language_action: 'View in English',
  connection_live_status: '실시간',
  connection_connecting_status: '연결하는 중',
  connection_reconnecting_status: '연결이 끊겨 다시 잇는 중입니다',
  connection_offline_status: '오프라인입니다. 금액이 최신이 아닐 수 있습니다.',
  close_action: '닫기',
  error_retry_action: '다시 시도',
  toast_region_label: '알림',
}
