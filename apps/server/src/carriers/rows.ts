import type { ColumnType } from 'kysely'

/** A row of jeon.line_link. */
export interface LinkRow {
  wallet_id: string
  carrier: string
  phone_number: string
  tokens: Buffer
  shown: string[]
  linked_at: Date
  blocked_code: string | null
  blocked_text: string | null
  blocked_at: Date | null
  retry_at: Date | null
  broken_at: Date | null
}

/** A row of jeon.link_attempt. */
export interface AttemptRow {
  id: string
  wallet_id: string
  carrier: string
  phone_number: string
  state: ColumnType<'proof_needed' | 'linked' | 'refused'>
  needs: string[]
  held: Buffer | null
  reason_code: string | null
  reason_text: string | null
  created_at: Date
  expires_at: Date
}
