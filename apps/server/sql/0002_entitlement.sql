-- What was paid for and may be used. Written by the ledger follower "entitlements" alone, in the transaction that moves
-- its cursor; can be emptied and built again from the journal.

create table jeon.entitlement (
  shard       integer not null,
  sequence    bigint not null,
  payment_id  text not null,
  wallet_id   text not null,
  merchant_id text not null,
  offer       text not null,
  unlocks     text not null,
  amount      bigint not null,
  refunded    bigint not null default 0,
  created_at  timestamptz not null,
  primary key (shard, sequence),
  check (refunded between 0 and amount)
);
create index entitlement_by_wallet on jeon.entitlement (wallet_id, merchant_id, unlocks);
