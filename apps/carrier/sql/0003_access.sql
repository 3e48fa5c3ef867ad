-- Who may ask, and what is told to whom.

-- settings: {"sync": true, "validation": "none" | "code" | "url", "featureQuirks": false, "webhookAllowHttp": true,
--            "smsLinks": false, "rate": {"perSecond": 200, "burst": 400} | null, "dailyQuota": null | 10000}
create table carrier.client (
  id            text not null,
  carrier       text not null,
  name          text not null,
  contact       text not null,
  secret_hash   text not null,
  redirect_uris text[] not null,
  scopes        text[] not null,
  jwks          jsonb,
  settings      jsonb not null,
  created_at    timestamptz not null,
  primary key (carrier, id)
);

-- How many requests came in on a day of the carrier's calendar, of clients that have a daily quota.
create table carrier.client_usage (
  carrier   text not null,
  client_id text not null,
  day       date not null,
  requests  bigint not null check (requests >= 0),
  primary key (carrier, client_id, day),
  foreign key (carrier, client_id) references carrier.client
);

-- What the OpenID provider keeps: codes, grants, tokens, backchannel requests.
create table carrier.openid (
  carrier    text not null,
  model      text not null,
  id         text not null,
  payload    jsonb not null,
  grant_id   text,
  uid        text,
  user_code  text,
  consumed_at timestamptz,
  expires_at timestamptz,
  primary key (carrier, model, id)
);
create index openid_by_grant on carrier.openid (carrier, grant_id) where grant_id is not null;
create index openid_by_uid on carrier.openid (carrier, model, uid) where uid is not null;

-- A signing key of an issuer, made on first start.
create table carrier.issuer_key (
  carrier    text primary key,
  jwk        jsonb not null,
  created_at timestamptz not null
);

-- CloudEvents that wait for their sink, and those that got there.
create table carrier.delivery (
  id           text primary key,
  carrier      text not null,
  client_id    text not null,
  about        uuid not null,
  sink         text not null,
  token        text,
  body         jsonb not null,
  attempts     integer not null default 0,
  due_at       timestamptz not null,
  delivered_at timestamptz,
  given_up_at  timestamptz,
  last_error   text,
  created_at   timestamptz not null
);
create index delivery_due on carrier.delivery (due_at) where delivered_at is null and given_up_at is null;
create index delivery_by_about on carrier.delivery (about);

-- Codes by SMS: for payments, OTP SMS and the owner's own proofs. The code is kept as a hash. holder: what the code is
-- for, such as a payment or a proof; its last code counts. client_id: because of whom it was sent; null: the owner.
create table carrier.code (
  id         text primary key,
  holder     text not null,
  carrier    text not null,
  line_id    text not null references carrier.line,
  purpose    text not null,
  client_id  text,
  code_hash  text not null,
  attempts   integer not null default 0,
  sent_at    timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index code_by_line on carrier.code (line_id, sent_at);
create index code_by_client on carrier.code (carrier, client_id, sent_at) where client_id is not null;
create index code_by_holder on carrier.code (holder, sent_at);

-- A second factor given for one purpose: unblock, raise, password. identity_tries: wrong ones.
create table carrier.proof (
  id         text primary key,
  line_id    text not null references carrier.line,
  purpose    text not null,
  needs      text[] not null,
  given      text[] not null,
  identity_tries integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index proof_by_line on carrier.proof (line_id, created_at);

-- Who looked at a line's SIM, tenure, age or status, for the owner's eyes.
create table carrier.inquiry (
  id        text primary key,
  line_id   text not null references carrier.line,
  client_id text not null,
  api       text not null,
  answer    text not null,
  at        timestamptz not null
);
create index inquiry_by_line on carrier.inquiry (line_id, at);

create table carrier.sandbox_clock (
  only_row     boolean primary key default true check (only_row),
  offset_ms    bigint not null,
  frozen_at_ms bigint
);

-- Up to where the agenda's daily work has been done.
create table carrier.agenda (
  carrier text not null,
  task    text not null,
  done_to timestamptz not null,
  primary key (carrier, task)
);
