export {
  type CreateDatabaseOptions,
  createDatabase,
  createFreshDatabase,
  databaseUrl,
  dropDatabase,
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
export { freshDatabase, testServerUrl } from './testing.ts'
