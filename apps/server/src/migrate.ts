import { migrateSchema } from '@jeon/postgres'

/** Brings the schema "jeon" up to date. @returns the names of the files that were applied now */
export function migratePlatform(databaseUrl: string): Promise<string[]> {
  return migrateSchema({
    databaseUrl,
    schema: 'jeon',
    directory: new URL('../sql/', import.meta.url),
  })
}
