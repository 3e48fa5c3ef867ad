-- Persons, their lines, and what is bought on them. Money itself is in the schema "ledger": every line has an account per
-- bucket there, and every person one, whose windows count across the person's lines.

-- For statements of several parts: ends the whole statement when a part did not write what it had to.
create function carrier.expect_rows(written bigint, expected integer) returns boolean language plpgsql as $$
begin
  if written <> expected then
    raise exception '% rows instead of %', written, expected;
  end if;
  return true;
end $$;

create table carrier.person (
  id          text primary key,
  carrier     text not null,
  name        text not null,
  birthdate   date not null,
  guardian_id text references carrier.person,
  created_at  timestamptz not null
);

create table carrier.person_account (
  person_id  text not null references carrier.person,
  bucket     text not null check (bucket in ('general', 'content')),
  account_id bigint not null unique,
  primary key (person_id, bucket)
);

-- personal: the owner's own limits, {"general": {"transaction", "day", "month"}, "content": {…}} in decimal text.
-- used_at: the last accepted payment, to the day, or when the owner allowed payments again after a dormant block.
create table carrier.line (
  id                text primary key,
  carrier           text not null,
  phone_number      text not null unique,
  person_id         text not null references carrier.person,
  kind              text not null check (kind in ('postpaid', 'prepaid', 'corporate')),
  opened_on         date not null,
  stage             text not null default 'active'
                    check (stage in ('active', 'notice', 'outgoing_suspended', 'fully_suspended', 'terminated')),
  paused            boolean not null default false,
  in_arrears        boolean not null default false,
  on_network        boolean not null default true,
  sim_changed_at    timestamptz not null,
  device_changed_at timestamptz not null,
  password_hash     text,
  password_failures integer not null default 0,
  personal          jsonb not null,
  general_account   bigint not null unique,
  content_account   bigint not null unique,
  language          text not null default 'ko',
  used_at           timestamptz,
  created_at        timestamptz not null
);
create index line_by_person on carrier.line (person_id);

create table carrier.consent (
  id         text primary key,
  line_id    text not null references carrier.line,
  kind       text not null check (kind in ('payments', 'limit_raise', 'guardian', 'auto_pay', 'platform')),
  client_id  text,
  factors    text[] not null,
  wording    text not null,
  given_at   timestamptz not null,
  revoked_at timestamptz
);
create index consent_by_line on carrier.consent (line_id);

-- granted_at: the owner asked for an unblock and was granted it; lifts_at: when that takes effect. lifted_at: it did.
create table carrier.block (
  id        text primary key,
  line_id   text not null references carrier.line,
  kind      text not null
            check (kind in ('payer', 'permanent', 'voucher', 'auto_pay', 'operator', 'dormant', 'fraud')),
  reason    text not null,
  set_at    timestamptz not null,
  granted_at timestamptz,
  unblock_id text,
  lifts_at  timestamptz,
  lifted_at timestamptz
);
create index block_by_line on carrier.block (line_id);
create index block_lifting on carrier.block (lifts_at) where lifted_at is null and lifts_at is not null;

-- superseded_at: a later change of the same bucket was made before this one took effect.

create table carrier.limit_change (
  id           text primary key,
  line_id      text not null references carrier.line,
  bucket       text not null,
  before       jsonb not null,
  after        jsonb not null,
  requested_at timestamptz not null,
  effective_at timestamptz not null,
  applied_at   timestamptz,
  superseded_at timestamptz
);
create index limit_change_due on carrier.limit_change (effective_at)
  where applied_at is null and superseded_at is null;
create index limit_change_by_line on carrier.limit_change (line_id);

-- A CAMARA payment. id is also the ledger's transfer id of the line's leg. cycle: the month it counts in. A refused
-- synchronous payment leaves no row here but one in carrier.attempt.
-- asynchronous: it was acknowledged before it was decided, so that a row "processing" must be decided, not forgotten.
-- facts: what is echoed to the client and what was known of the order: {"metaData", "items", "isTaxIncluded", …}.
-- counted_at: when the ledger counted it in its windows; cycle is the month of that. paid_at may be in a later one.
-- refunded: all that was given back or is about to be. cancelled: the part of it that is never billed (refunds of mode
-- "cancel"), so that a bill's item is amount - cancelled; the rest of refunded comes back as credits or transfers.
create table carrier.payment (
  id                  uuid primary key,
  carrier             text not null,
  client_id           text not null,
  line_id             text not null references carrier.line,
  client_correlator   text,
  reference_code      text not null,
  steps               smallint not null check (steps in (1, 2)),
  status              text not null check
                      (status in ('processing', 'pending_validation', 'reserved', 'succeeded', 'denied', 'cancelled')),
  bucket              text not null,
  category            text not null,
  amount              bigint not null check (amount > 0),
  currency            text not null,
  description         text not null,
  merchant_id         text not null,
  merchant_name       text not null,
  merchant_contact    text not null,
  facts               jsonb not null,
  bound_to_phone      boolean not null,
  sink                text,
  sink_token          text,
  profile_version     text not null,
  cycle               text not null,
  denial_reason       text,
  validation          jsonb,
  expires_at          timestamptz,
  refunded            bigint not null default 0 check (refunded >= 0 and refunded <= amount),
  paid_early          bigint not null default 0 check (paid_early >= 0),
  cancelled           bigint not null default 0 check (cancelled >= 0 and cancelled <= refunded),
  asynchronous        boolean not null,
  created_at          timestamptz not null,
  counted_at          timestamptz,
  paid_at             timestamptz,
  updated_at          timestamptz not null
);
create unique index payment_by_correlator on carrier.payment (carrier, client_id, client_correlator)
  where client_correlator is not null;
create index payment_by_reference on carrier.payment (carrier, client_id, reference_code);
create index payment_by_client on carrier.payment (carrier, client_id, created_at, id);
create index payment_by_line on carrier.payment (line_id, cycle, created_at);
create index payment_unresolved on carrier.payment (carrier, created_at)
  where status in ('processing', 'pending_validation', 'reserved');
-- Few: their outcome was found out so late that the close of their month, and of the one after, may have missed them.
create index payment_late on carrier.payment (carrier, cycle)
  where status = 'succeeded' and updated_at - created_at > interval '20 days';

-- What was declined, for the owner's eyes.
create table carrier.attempt (
  id            text primary key,
  carrier       text not null,
  client_id     text not null,
  line_id       text not null,
  amount        bigint not null,
  currency      text not null,
  description   text not null,
  merchant_id   text not null,
  merchant_name text not null,
  merchant_contact text not null,
  category      text not null,
  reason        text not null,
  detail        jsonb not null,
  at            timestamptz not null
);
create index attempt_by_line on carrier.attempt (line_id, at);

-- mode: how the money comes back. 'cancel' within the cycle; else a credit on later bills or a bank transfer.
-- ledger_kind: 'refund' gives limits back while their period runs; 'movement' leaves them as they are.
create table carrier.refund (
  id                uuid primary key,
  carrier           text not null,
  client_id         text not null,
  payment_id        uuid not null references carrier.payment,
  client_correlator text,
  reference_code    text not null,
  line_id           text not null references carrier.line,
  bucket            text not null,
  type              text not null check (type in ('total', 'partial')),
  ledger_kind       text not null check (ledger_kind in ('refund', 'movement')),
  mode              text not null check (mode in ('cancel', 'bill_credit', 'bank_transfer')),
  status            text not null check (status in ('processing', 'succeeded', 'denied')),
  amount            bigint not null check (amount > 0),
  reason            text,
  facts             jsonb not null,
  sink              text,
  sink_token        text,
  denial_reason     text,
  created_at        timestamptz not null,
  refunded_at       timestamptz
);
create unique index refund_by_correlator on carrier.refund (carrier, client_id, client_correlator)
  where client_correlator is not null;
create index refund_by_payment on carrier.refund (payment_id, created_at);
create index refund_by_reference on carrier.refund (carrier, client_id, reference_code);
create index refund_by_line on carrier.refund (line_id, created_at);
create index refund_unresolved on carrier.refund (created_at) where status = 'processing';
