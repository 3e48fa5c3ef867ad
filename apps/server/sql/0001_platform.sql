-- Who is paid, who pays, what is sold, and who may ask. Money itself is in the schema "ledger".

create table jeon.merchant (
  id         text primary key,
  name       text not null,
  created_at timestamptz not null
);

-- The web origins whose pages may sell for a merchant.
create table jeon.merchant_origin (
  merchant_id text not null references jeon.merchant,
  origin      text not null,
  primary key (merchant_id, origin)
);
create index merchant_origin_by_origin on jeon.merchant_origin (origin);

-- Keys are kept as SHA-256 of 256 random bits; the keys themselves are nowhere.
create table jeon.api_key (
  hash        text primary key,
  kind        text not null check (kind in ('sk', 'pk', 'op')),
  merchant_id text references jeon.merchant,
  scopes      text[] not null,
  created_at  timestamptz not null,
  revoked_at  timestamptz,
  check ((kind = 'op') = (merchant_id is null))
);

-- merchant_id: the merchant on whose page the wallet began, who may charge it in the sandbox.
create table jeon.wallet (
  id          text primary key,
  shard       integer not null,
  merchant_id text references jeon.merchant,
  created_at  timestamptz not null
);

-- A wallet has one ledger account per currency.
create table jeon.pocket (
  wallet_id  text not null references jeon.wallet,
  currency   text not null,
  account_id bigint not null unique,
  primary key (wallet_id, currency)
);

create table jeon.session (
  hash        text primary key,
  wallet_id   text not null references jeon.wallet,
  kind        text not null check (kind in ('cookie', 'token')),
  device_hash text,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  revoked_at  timestamptz,
  check ((kind = 'cookie') = (device_hash is not null))
);

-- amount: in the currency's smallest unit; null lets the payer choose.
create table jeon.offer (
  merchant_id text not null references jeon.merchant,
  id          text not null,
  title       text not null,
  amount      bigint check (amount > 0),
  currency    text not null,
  category    text not null,
  unlocks     text,
  active      boolean not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  primary key (merchant_id, id)
);
