import type { Database } from '../database.ts'
import { type ApiKey, type Scope, scopes, type WalletSession } from './model.ts'

/** Keeps keys and sessions. Everything in here is a hash. */
export interface AuthStore {
  findKey(hash: string): Promise<ApiKey | undefined>
  saveKey(key: ApiKey, at: Date): Promise<void>
  revokeKey(hash: string, at: Date): Promise<void>
  findSession(hash: string): Promise<WalletSession | undefined>
  saveSession(session: WalletSession, at: Date): Promise<void>
  revokeSession(hash: string, at: Date): Promise<void>
}

export function createAuthStore(database: Database): AuthStore {
  return {
    async findKey(hash) {
      const row = await database
        .selectFrom('jeon.api_key')
        .selectAll()
        .where('hash', '=', hash)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return {
        hash: row.hash,
        kind: row.kind,
        merchantId: row.merchant_id,
        scopes: new Set(row.scopes.filter(isScope)),
      }
    },
    async saveKey(key, at) {
      await database
        .insertInto('jeon.api_key')
        .values({
          hash: key.hash,
          kind: key.kind,
          merchant_id: key.merchantId,
          scopes: [...key.scopes],
          created_at: at,
        })
        // What a kind of key may do grows with the platform; a key that was revoked stays so.
        .onConflict((conflict) => conflict.column('hash').doUpdateSet({ scopes: [...key.scopes] }))
        .execute()
    },
    async revokeKey(hash, at) {
      await database
        .updateTable('jeon.api_key')
        .set({ revoked_at: at })
        .where('hash', '=', hash)
        .execute()
    },
    async findSession(hash) {
      const row = await database
        .selectFrom('jeon.session')
        .selectAll()
        .where('hash', '=', hash)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return {
        hash: row.hash,
        walletId: row.wallet_id,
        kind: row.kind,
        deviceHash: row.device_hash,
        expiresAtMs: row.expires_at.getTime(),
      }
    },
    async saveSession(session, at) {
      await database
        .insertInto('jeon.session')
        .values({
          hash: session.hash,
          wallet_id: session.walletId,
          kind: session.kind,
          device_hash: session.deviceHash,
          created_at: at,
          expires_at: new Date(session.expiresAtMs),
        })
        .execute()
    },
    async revokeSession(hash, at) {
      await database
        .updateTable('jeon.session')
        .set({ revoked_at: at })
        .where('hash', '=', hash)
        .execute()
    },
  }
}

function isScope(text: string): text is Scope {
  return scopes.some((scope) => scope === text)
}
