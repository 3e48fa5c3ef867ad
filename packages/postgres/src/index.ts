export {
  type CreateDatabaseOptions,
  createDatabase,
  createFreshDatabase,
  databaseUrl,
  dropDatabase,
  ensureDatabase,
  type FreshDatabase,
  withFreshDatabase,
} from './databases.ts'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  eraseEmbeddedPostgres,
  startEmbeddedPostgres,
} from './embedded.ts'
export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.ts'
export { MigrationChanged, type Migrations, migrateSchema } from './migrate.ts'
export { findFreePort } from './ports.ts'
export {
  checkPort,
  type DataPlace,
  openServer,
  type PortWish,
  portFailure,
  prepareDirectory,
  type Reset,
} from './start-checks.ts'
export { StartFailure } from './start-failure.ts'
export { freshDatabase, testServerUrl } from './testing.ts'
