-- The ledger's tables. Everything is keyed by shard, so that the same statements run on one
-- Postgres, on one per shard, or on a distributed one. No sequence, trigger or function.

CREATE SCHEMA IF NOT EXISTS ledger;

-- One row a shard: who writes it (epoch), and the number the next transfer gets.
CREATE TABLE ledger.shard (
  shard           int2   PRIMARY KEY,
  epoch           int8   NOT NULL,
  owner           text   NOT NULL,
  next_seq        int8   NOT NULL,
  checkpoint_seq  int8   NOT NULL,
  CHECK (next_seq > checkpoint_seq AND checkpoint_seq >= 0)
) WITH (fillfactor = 20);

-- The number the next account of a shard gets. Apart from ledger.shard, so that opening accounts
-- never waits for a payment.
CREATE TABLE ledger.account_number (
  shard  int2  PRIMARY KEY,
  next   int8  NOT NULL CHECK (next BETWEEN 1 AND 2147483648)
);

-- An account and its state as it was right after transfer as_of. The state is a checkpoint:
-- the truth is the fold of ledger.transfer.
CREATE TABLE ledger.account (
  shard            int2   NOT NULL,
  account          int4   NOT NULL,
  reference        text   NOT NULL,
  asset            text   NOT NULL,
  kind             text   NOT NULL,
  overdraft        int8,             -- how far below zero; null: without limit
  overdraft_widest int8,             -- the widest that overdraft has ever been; null: without limit
  limits           jsonb,            -- spending windows; null: none
  as_of            int8   NOT NULL DEFAULT 0,
  last_seq         int8   NOT NULL DEFAULT 0,
  debits_posted    int8   NOT NULL DEFAULT 0,
  credits_posted   int8   NOT NULL DEFAULT 0,
  debits_pending   int8   NOT NULL DEFAULT 0,
  credits_pending  int8   NOT NULL DEFAULT 0,
  day_key          int4   NOT NULL DEFAULT 0,  -- 20261122 in the zone of the limits
  day_amount       int8   NOT NULL DEFAULT 0,
  day_count        int4   NOT NULL DEFAULT 0,
  month_key        int4   NOT NULL DEFAULT 0,  -- 202611
  month_amount     int8   NOT NULL DEFAULT 0,
  month_count      int4   NOT NULL DEFAULT 0,
  scoped           jsonb,            -- use of windows per merchant and category
  PRIMARY KEY (shard, account)
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX account_reference ON ledger.account (shard, reference);

-- The journal. Numbered without gaps in each shard; never updated, never deleted.
-- previous_debit and previous_credit chain each account's history backwards, so that no history
-- needs an index of its own: that is worth a third of the write rate. Each shard has a partition,
-- transfer_<shard>, made when the shard is first opened, and in it three indexes: unique (seq), unique (id),
-- and (origin) where there is one. The partition stands for the shard in these keys, which saves 26 bytes a
-- transfer.
CREATE TABLE ledger.transfer (
  shard            int2   NOT NULL,
  kind             int2   NOT NULL,  -- see ledger.transfer_kind
  ttl_s            int4   NOT NULL,  -- seconds a hold lasts; 0 for the other kinds
  seq              int8   NOT NULL,
  amount           int8   NOT NULL,
  at_ms            int8   NOT NULL,
  previous_debit   int8   NOT NULL,  -- seq of the debited account's transfer before this; 0: none
  previous_credit  int8   NOT NULL,
  origin           int8   NOT NULL,  -- seq of the transfer this resolves or gives back; 0: none
  debit            int4   NOT NULL,
  credit           int4   NOT NULL,
  id               uuid   NOT NULL,
  category         text   NOT NULL,
  offer            text   NOT NULL,
  reference        text   NOT NULL,
  device           text   NOT NULL
) PARTITION BY LIST (shard);

-- Names for the numbers in ledger.transfer.kind.
CREATE TABLE ledger.transfer_kind (kind int2 PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO ledger.transfer_kind VALUES
  (1, 'payment'), (2, 'hold'), (3, 'capture'), (4, 'void'),
  (5, 'expire'), (6, 'refund'), (7, 'topup'), (8, 'movement');

-- One row a commit. hash = SHA-256(previous_hash, the rows in binary COPY form, by seq).
CREATE TABLE ledger.batch (
  shard          int2   NOT NULL,
  first_seq      int8   NOT NULL,
  transfers      int4   NOT NULL CHECK (transfers > 0),
  epoch          int8   NOT NULL,
  at_ms          int8   NOT NULL,
  previous_hash  bytea  NOT NULL,
  hash           bytea  NOT NULL,
  PRIMARY KEY (shard, first_seq)
);

-- Holds that were open right after transfer ledger.shard.checkpoint_seq.
CREATE TABLE ledger.open_hold (
  shard  int2  NOT NULL,
  seq    int8  NOT NULL,
  PRIMARY KEY (shard, seq)
);

-- How far each follower has come: everything up to and including seq is done.
CREATE TABLE ledger.follower (
  name   text  NOT NULL,
  shard  int2  NOT NULL,
  seq    int8  NOT NULL,
  PRIMARY KEY (name, shard)
);
