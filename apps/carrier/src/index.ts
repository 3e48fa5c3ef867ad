export { type CarrierSettings, KOREAN_CARRIERS, SANDBOX_CARRIER } from './carriers.ts'
export { createLog, type Log } from './log.ts'
export { type CarrierOptions, type Carriers, openCarriers } from './program.ts'
export {
  type MagicNumber,
  magicNumbers,
  magicPhoneNumber,
  SANDBOX_PASSWORD,
} from './sandbox/magic.ts'
export { clientSecretIn, sandboxClientId } from './secret.ts'
export { carrierDatabase, carrierDatabaseOn } from './start.ts'
