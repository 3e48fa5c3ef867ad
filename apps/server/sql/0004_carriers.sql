-- Phone lines behind wallets, and the money that comes through them. Amounts are in the currency's smallest unit.
-- Every row that a carrier is asked about keeps the key it was asked under, so that a question is never asked twice
-- under two keys.

-- auto: the market's rules say whether a purchase is a carrier's payment of its own or is collected with others.
alter table jeon.offer
  add column charge text not null default 'auto' check (charge in ('each', 'collected', 'auto'));

-- One line a wallet, one wallet a line. tokens: the line's tokens, AES-256-GCM with the key in the data directory.
-- blocked_*: nothing more is given on credit, since the last collection was refused or the line may not pay; retry_at: when
-- it is tried again. broken_at: the carrier said that the link is no more; only linking again makes it anew.
create table jeon.line_link (
  wallet_id    text primary key references jeon.wallet,
  carrier      text not null,
  phone_number text not null,
  tokens       bytea not null,
  shown        text[] not null,
  linked_at    timestamptz not null,
  blocked_code text,
  blocked_text text,
  blocked_at   timestamptz,
  retry_at     timestamptz,
  broken_at    timestamptz,
  unique (carrier, phone_number)
);

-- A link under way. held: where its proof goes, sealed like tokens: a request that the carrier itself holds open, or,
-- when the network has vouched and more is asked all the same, a proof in self-care and the tokens for it.
create table jeon.link_attempt (
  id           text primary key,
  wallet_id    text not null references jeon.wallet,
  carrier      text not null,
  phone_number text not null,
  state        text not null check (state in ('proof_needed', 'linked', 'refused')),
  needs        text[] not null,
  held         bytea,
  reason_code  text,
  reason_text  text,
  created_at   timestamptz not null,
  expires_at   timestamptz not null
);
create index link_attempt_by_wallet on jeon.link_attempt (wallet_id, created_at);

-- What was done with lines, and to whom; only ever added to.
create table jeon.line_audit (
  id           bigint generated always as identity primary key,
  wallet_id    text not null,
  carrier      text not null,
  phone_number text not null,
  action       text not null,
  detail       text not null,
  at           timestamptz not null
);
create index line_audit_by_wallet on jeon.line_audit (wallet_id, id);

-- A purchase that is a carrier's payment of its own. id: the payment's, in 32 hexadecimal digits; also the key at the
-- carrier. state says which step comes next; settled and declined are final, stranded waits for the operator.
-- sent_machine_at and due_at are the machine's time, which goes on when the sandbox's clock stands still; the others are
-- the program's. The same below.
create table jeon.rail_charge (
  id                 text primary key,
  wallet_id          text not null references jeon.wallet,
  merchant_id        text not null,
  shard              integer not null,
  carrier            text not null,
  phone_number       text not null,
  amount             bigint not null check (amount > 0),
  currency           text not null,
  category           text not null,
  offer              text not null,
  reference          text not null,
  device             text not null,
  description        text not null,
  merchant_name      text not null,
  profile_version    text not null,
  state              text not null check (state in ('intent', 'held', 'sent', 'pending_validation', 'reserved',
    'confirming', 'cancelling', 'charged', 'settled', 'refused', 'declined', 'stranded')),
  carrier_payment_id text,
  authorization_id   text,
  validation_url     text,
  reason_code        text,
  reason_text        text,
  attempts           integer not null default 0,
  created_at         timestamptz not null,
  first_sent_at      timestamptz,
  last_sent_at       timestamptz,
  sent_machine_at    timestamptz,
  due_at             timestamptz not null,
  ended_at           timestamptz
);
create index rail_charge_open on jeon.rail_charge (due_at) where ended_at is null;
create index rail_charge_by_wallet on jeon.rail_charge (wallet_id, created_at);
create index rail_charge_by_carrier on jeon.rail_charge (carrier, first_sent_at);

-- What a wallet owes, taken in one sum. details: the purchases in it, as they were sent.
create table jeon.collection (
  id                 text primary key,
  wallet_id          text not null references jeon.wallet,
  shard              integer not null,
  carrier            text not null,
  phone_number       text not null,
  cause              text not null check (cause in ('threshold', 'cycle', 'payer', 'close', 'retry')),
  amount             bigint not null check (amount > 0),
  currency           text not null,
  details            jsonb not null,
  description        text not null,
  profile_version    text not null,
  state              text not null check (state in ('intent', 'sent', 'charged', 'settled', 'declined')),
  carrier_payment_id text,
  reason_code        text,
  reason_text        text,
  attempts           integer not null default 0,
  created_at         timestamptz not null,
  first_sent_at      timestamptz,
  last_sent_at       timestamptz,
  sent_machine_at    timestamptz,
  due_at             timestamptz not null,
  ended_at           timestamptz
);
-- One at a time: the next begins when the last one's end is known.
create unique index collection_open on jeon.collection (wallet_id) where ended_at is null;
create index collection_due on jeon.collection (due_at) where ended_at is null;
create index collection_by_wallet on jeon.collection (wallet_id, created_at);
create index collection_by_carrier on jeon.collection (carrier, first_sent_at);

-- Money of an each-charged purchase on its way back to the line. id: the refund's; also the key at the carrier.
-- kept: the carrier would not take it back, so it stays in the wallet.
create table jeon.rail_refund (
  id                text primary key,
  charge_id         text not null references jeon.rail_charge,
  amount            bigint not null check (amount > 0),
  is_total          boolean not null,
  reference         text not null,
  state             text not null check (state in ('intent', 'returned', 'sent', 'denied', 'settled', 'kept')),
  carrier_refund_id text,
  reason_code       text,
  reason_text       text,
  attempts          integer not null default 0,
  created_at        timestamptz not null,
  first_sent_at     timestamptz,
  last_sent_at      timestamptz,
  sent_machine_at   timestamptz,
  due_at            timestamptz not null,
  ended_at          timestamptz
);
create index rail_refund_open on jeon.rail_refund (due_at) where ended_at is null;
create index rail_refund_by_charge on jeon.rail_refund (charge_id);

-- Events of carriers that have been heard, so that each is heard once.
create table jeon.rail_event (
  carrier   text not null,
  source    text not null,
  id        text not null,
  about     text not null,
  heard_at  timestamptz not null,
  primary key (carrier, source, id)
);

-- How far the work of days and cycles has come: a date or a month.
create table jeon.rail_task (
  name    text primary key,
  done_to text not null
);

-- A day of a carrier's list against ours.
create table jeon.reconciliation (
  id          text primary key,
  carrier     text not null,
  day         text not null,
  state       text not null check (state in ('complete', 'failed')),
  ours        integer not null,
  theirs      integer not null,
  matched     integer not null,
  open        integer not null,
  breaks      integer not null,
  amount      bigint not null,
  currency    text not null,
  detail      text,
  finished_at timestamptz not null
);
create index reconciliation_by_day on jeon.reconciliation (day, carrier, finished_at);

-- Where the two lists differ, or the ledger could not follow a carrier (stranded: found by no reconciliation). Nothing
-- here repairs anything: somebody owns it and says what was done.
create table jeon.reconciliation_break (
  id                 text primary key,
  reconciliation_id  text references jeon.reconciliation,
  carrier            text not null,
  day                text not null,
  kind               text not null check (kind in ('missing_here', 'missing_there', 'amount', 'status', 'duplicate',
    'stranded')),
  subject            text not null,
  our_id             text,
  carrier_payment_id text,
  our_amount         bigint,
  their_amount       bigint,
  currency           text not null,
  our_status         text,
  their_status       text,
  found_at           timestamptz not null,
  seen_at            timestamptz not null,
  owner              text,
  resolved_at        timestamptz,
  note               text
);
-- A break that is seen again on the next run is the same break.
create unique index reconciliation_break_open on jeon.reconciliation_break (carrier, kind, subject)
  where resolved_at is null;
