import type { ColumnType } from 'kysely'

/** int8 comes as text and goes as a number or bigint; where it is money it becomes a bigint at once. */
export type Int8 = ColumnType<string, number | bigint | string, number | bigint | string>
