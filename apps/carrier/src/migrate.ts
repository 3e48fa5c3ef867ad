import { migrateSchema } from '@jeon/postgres'

/** Brings the schema "carrier" up to date. @returns the names of the files that were applied now */
export function migrateCarrier(databaseUrl: string): Promise<string[]> {
  return migrateSchema({
    databaseUrl,
    schema: 'carrier',
    directory: new URL('../sql/', import.meta.url),
  })
}
