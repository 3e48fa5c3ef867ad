import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database.ts'
import type { Link, LinkAttempt, LinkBlock, Shown } from './model.ts'

/** A link with its sealed tokens. */
export interface KeptLink {
  readonly link: Link
  readonly tokens: Buffer
}

export interface KeptAttempt {
  readonly attempt: LinkAttempt
  readonly held: Buffer | null
}

/** What is written down about a line. */
export interface LineEvent {
  readonly walletId: string
  readonly carrier: string
  readonly phoneNumber: string
  readonly action:
    | 'link_begun'
    | 'link_refused'
    | 'linked'
    | 'moved_away'
    | 'unlinked'
    | 'blocked'
    | 'opened'
    | 'broken'
    | 'token_kept'
  readonly detail: string
  readonly atMs: number
}

export type LineStore = ReturnType<typeof createLineStore>

/** Keeps which lines wallets are linked to, links under way, and what was done. */
export function createLineStore(database: Database) {
  return {
    async links(): Promise<KeptLink[]> {
      const rows = await database.selectFrom('jeon.line_link').selectAll().execute()
      return rows.map(linkOf)
    },

    /** The wallet that has this line, if another than `walletId`. */
    async otherWalletOf(
      carrier: string,
      phoneNumber: string,
      walletId: string,
    ): Promise<string | undefined> {
      const row = await database
        .selectFrom('jeon.line_link')
        .select('wallet_id')
        .where('carrier', '=', carrier)
        .where('phone_number', '=', phoneNumber)
        .where('wallet_id', '<>', walletId)
        .executeTakeFirst()
      return row?.wallet_id
    },

    /** Links a line, ends its attempt, and takes it away from whoever had it; all or nothing. */
    async link({ link, tokens }: KeptLink, attempt: LinkAttempt): Promise<void> {
      const at = new Date(link.linkedAtMs)
      await database.transaction().execute(async (sql) => {
        const gone = await sql
          .deleteFrom('jeon.line_link')
          .where('carrier', '=', link.carrier)
          .where('phone_number', '=', link.phoneNumber)
          .returning('wallet_id')
          .execute()
        const about = { carrier: link.carrier, phone_number: link.phoneNumber, at }
        for (const { wallet_id } of gone) {
          if (wallet_id === link.walletId) continue
          const event = { wallet_id, ...about, action: 'moved_away', detail: link.walletId }
          await sql.insertInto('jeon.line_audit').values(event).execute()
        }
        await sql
          .insertInto('jeon.line_link')
          .values({
            wallet_id: link.walletId,
            carrier: link.carrier,
            phone_number: link.phoneNumber,
            tokens,
            shown: [...link.shown],
            linked_at: at,
            ...blockColumns(link.blocked),
          })
          .execute()
        const done = { wallet_id: link.walletId, ...about, action: 'linked' }
        await sql
          .insertInto('jeon.line_audit')
          .values({ ...done, detail: link.shown.join(' ') })
          .execute()
        await sql
          .insertInto('jeon.link_attempt')
          .values(attemptRow(attempt, null, at))
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet({ state: 'linked', needs: [], held: null }),
          )
          .execute()
      })
    },

    async unlink(walletId: string): Promise<void> {
      await database.deleteFrom('jeon.line_link').where('wallet_id', '=', walletId).execute()
    },

    async saveTokens(walletId: string, tokens: Buffer): Promise<void> {
      await database
        .updateTable('jeon.line_link')
        .set({ tokens })
        .where('wallet_id', '=', walletId)
        .execute()
    },

    async saveBlock(walletId: string, block: LinkBlock | null): Promise<void> {
      await database
        .updateTable('jeon.line_link')
        .set(blockColumns(block))
        .where('wallet_id', '=', walletId)
        .execute()
    },

    async saveBroken(walletId: string, block: LinkBlock): Promise<void> {
      await database
        .updateTable('jeon.line_link')
        .set({ ...blockColumns(block), broken_at: new Date(block.atMs) })
        .where('wallet_id', '=', walletId)
        .execute()
    },

    async saveAttempt(attempt: LinkAttempt, held: Buffer | null, nowMs: number): Promise<void> {
      const row = attemptRow(attempt, held, new Date(nowMs))
      const { created_at: _, ...changes } = row
      await database
        .insertInto('jeon.link_attempt')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changes))
        .execute()
    },

    async attempt(id: string, walletId: string): Promise<KeptAttempt | undefined> {
      const row = await database
        .selectFrom('jeon.link_attempt')
        .selectAll()
        .where('id', '=', id)
        .where('wallet_id', '=', walletId)
        .executeTakeFirst()
      return row === undefined ? undefined : attemptOf(row)
    },

    async audit(event: LineEvent): Promise<void> {
      await database
        .insertInto('jeon.line_audit')
        .values({
          wallet_id: event.walletId,
          carrier: event.carrier,
          phone_number: event.phoneNumber,
          action: event.action,
          detail: event.detail,
          at: new Date(event.atMs),
        })
        .execute()
    },
  }
}

function blockColumns(block: LinkBlock | null) {
  return {
    blocked_code: block?.code ?? null,
    blocked_text: block?.text ?? null,
    blocked_at: block === null ? null : new Date(block.atMs),
    retry_at: block === null ? null : new Date(block.retryAtMs),
  }
}

function attemptRow(attempt: LinkAttempt, held: Buffer | null, at: Date) {
  return {
    id: attempt.id,
    wallet_id: attempt.walletId,
    carrier: attempt.carrier,
    phone_number: attempt.phoneNumber,
    state: attempt.state,
    needs: [...attempt.needs],
    held,
    reason_code: attempt.reason?.code ?? null,
    reason_text: attempt.reason?.text ?? null,
    created_at: at,
    expires_at: new Date(attempt.expiresAtMs),
  }
}

function linkOf(row: Selectable<Tables['jeon.line_link']>): KeptLink {
  const { blocked_code: code, blocked_text: text, blocked_at: at, retry_at: retryAt } = row
  const blocked =
    code === null || text === null || at === null || retryAt === null
      ? null
      : { code, text, atMs: at.getTime(), retryAtMs: retryAt.getTime() }
  const link: Link = {
    walletId: row.wallet_id,
    carrier: row.carrier,
    phoneNumber: row.phone_number,
    shown: row.shown.filter(isShown),
    linkedAtMs: row.linked_at.getTime(),
    blocked,
    brokenAtMs: row.broken_at?.getTime() ?? null,
  }
  return { link, tokens: row.tokens }
}

function attemptOf(row: Selectable<Tables['jeon.link_attempt']>): KeptAttempt {
  const { reason_code: code, reason_text: text } = row
  return {
    attempt: {
      id: row.id,
      walletId: row.wallet_id,
      carrier: row.carrier,
      phoneNumber: row.phone_number,
      state: row.state,
      needs: row.needs.filter(isShown),
      reason: code === null || text === null ? null : { code, text },
      expiresAtMs: row.expires_at.getTime(),
    },
    held: row.held,
  }
}

function isShown(text: string): text is Shown {
  return text === 'network' || text === 'sms_code' || text === 'password'
}
