export { type App, type AppDeps, createApp } from './app.ts'
export type { CarrierConfig } from './carriers/model.ts'
export { type ErrorCode, errors, type Language, type Problem } from './errors.ts'
export { createLog, type Log, type LogOptions } from './log.ts'
export {
  newspaperOrigins,
  openPlatform,
  type Platform,
  type PlatformOptions,
} from './platform.ts'
export { openSandboxKeys, type SandboxKeys, seedOffers } from './sandbox/seed.ts'
export { type Limits, type Settings, sandboxLimits } from './settings.ts'
