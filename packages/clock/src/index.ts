export { advanceMaxMs, durationMs } from './duration.ts'
export { type Clock, type ClockPosition, TestClock } from './test-clock.ts'
