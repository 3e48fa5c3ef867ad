-- What a cycle cost, what was paid of it, and what happens when it is not. Amounts are in smallest units.

-- One run of a month's close for a carrier: resumable, with its progress.
create table carrier.close_run (
  carrier     text not null,
  cycle       text not null,
  after_line  text not null default '',
  lines       integer not null default 0,
  items       bigint not null default 0,
  amount      bigint not null default 0,
  begun_at    timestamptz not null,
  finished_at timestamptz,
  primary key (carrier, cycle)
);

-- A movement that the ledger has to make because of what is said in the same transaction. id is the ledger's transfer
-- id. Whatever is not posted yet is posted at the next start: the ledger makes each id once.
create table carrier.posting (
  id         uuid primary key,
  carrier    text not null,
  line_id    text not null references carrier.line,
  kind       text not null check (kind in ('receipt', 'surcharge', 'relief', 'write_off', 'recovery')),
  bucket     text not null check (bucket in ('general', 'content')),
  amount     bigint not null check (amount > 0),
  about      text not null,
  created_at timestamptz not null,
  posted_at  timestamptz
);
create index posting_open on carrier.posting (carrier, id) where posted_at is null;

-- settled: paid, credited, relieved or written off. written_off: what of that was given up and not paid afterwards; the owner
-- still owes it, though nothing follows from it any more.
create table carrier.bill (
  id              text primary key,
  carrier         text not null,
  line_id         text not null references carrier.line,
  cycle           text not null,
  made_on         date not null,
  due_on          date not null,
  profile_version text not null,
  state           text not null
                  check (state in ('open', 'paid', 'overdue_1', 'overdue_2', 'charged_off', 'relief')),
  -- Due dates that have passed while something was owed: each adds its surcharge once.
  missed          smallint not null default 0,
  total           bigint not null,
  settled         bigint not null default 0 check (settled between 0 and total),
  written_off     bigint not null default 0 check (written_off between 0 and settled),
  made_at         timestamptz not null,
  unique (line_id, cycle)
);
create index bill_open on carrier.bill (carrier, due_on) where settled < total;
create index bill_lost on carrier.bill (line_id) where written_off > 0;

-- kind 'payment': third-party charge, once per payment. 'surcharge': for the unpaid part of item `about`.
-- A surcharge's missed: which due date it is for; its label is empty, since readers are told of it in their language.
-- amount = paid + credited + relieved + written_off + what is still owed. A bill's total and settled are the sums.
create table carrier.bill_item (
  bill_id     text not null references carrier.bill,
  number      integer not null,
  kind        text not null check (kind in ('payment', 'surcharge')),
  payment_id  uuid unique,
  about       integer,
  missed      smallint check ((missed is null) = (kind = 'payment')),
  bucket      text not null,
  label       text not null,
  amount      bigint not null check (amount >= 0),
  paid        bigint not null default 0 check (paid >= 0),
  credited    bigint not null default 0 check (credited >= 0),
  relieved    bigint not null default 0 check (relieved >= 0),
  written_off bigint not null default 0 check (written_off >= 0),
  at          timestamptz not null,
  primary key (bill_id, number),
  check (paid + credited + relieved + written_off <= amount)
);

-- Money from the owner of a line. id is also the ledger's transfer id, of the first bucket that it pays. asked: the amount as it
-- was asked for ("all"), so that a key is not used for two things. early: for what is not billed yet. rest: became a credit.
create table carrier.receipt (
  id       uuid primary key,
  carrier  text not null,
  line_id  text not null references carrier.line,
  key      text not null,
  asked    text not null,
  amount   bigint not null check (amount > 0),
  early    boolean not null,
  method   text not null,
  rest     bigint not null default 0 check (rest >= 0),
  at       timestamptz not null,
  unique (line_id, key)
);

-- What a receipt paid: an item of a bill, or (early) a payment that is not billed yet.
create table carrier.allocation (
  receipt_id uuid not null references carrier.receipt,
  part       integer not null,
  bill_id    text,
  number     integer,
  payment_id uuid,
  amount     bigint not null check (amount > 0),
  primary key (receipt_id, part),
  check ((bill_id is null) = (number is null)),
  check ((bill_id is null) <> (payment_id is null))
);
create index allocation_by_payment on carrier.allocation (payment_id) where payment_id is not null;

-- A late refund, or what was paid beyond the debt: used up by bills, oldest first, without interest. payment_id: an early
-- payment whose purchase was cancelled afterwards, where the market allows that.
create table carrier.credit (
  id         text primary key,
  line_id    text not null references carrier.line,
  refund_id  uuid unique,
  receipt_id uuid unique,
  payment_id uuid unique,
  amount     bigint not null check (amount > 0),
  used       bigint not null default 0 check (used >= 0 and used <= amount),
  created_at timestamptz not null
);
create index credit_left on carrier.credit (line_id, created_at) where used < amount;

create table carrier.credit_use (
  credit_id text not null references carrier.credit,
  bill_id   text not null,
  number    integer not null,
  amount    bigint not null check (amount > 0),
  at        timestamptz not null,
  primary key (credit_id, bill_id, number)
);

-- The ladder of a line's oldest overdue bill. done_at is never before noticed_at, and due_on is the day that the notice named.
create table carrier.dunning_step (
  line_id    text not null references carrier.line,
  bill_id    text not null references carrier.bill,
  stage      text not null,
  notice_on  date not null,
  due_on     date not null,
  noticed_at timestamptz,
  done_at    timestamptz,
  ended_at   timestamptz,
  primary key (bill_id, stage),
  check (done_at is null or noticed_at <= done_at)
);
create index dunning_step_open on carrier.dunning_step (line_id) where ended_at is null;

-- While a pause runs, the ladder of the line stands still.
create table carrier.pause (
  id       text primary key,
  line_id  text not null references carrier.line,
  cause    text not null check (cause in ('dispute', 'relief')),
  about    text not null,
  from_on  date not null,
  until_on date
);
create index pause_by_line on carrier.pause (line_id);
create unique index pause_by_cause on carrier.pause (cause, about);

-- remark: for the operator. While it is open: why the money cannot be given back, so that nobody tries again by himself.
create table carrier.dispute (
  id          text primary key,
  carrier     text not null,
  line_id     text not null references carrier.line,
  payment_id  uuid not null references carrier.payment,
  reason      text not null,
  state       text not null check (state in ('open', 'justified', 'rejected', 'withdrawn')),
  payout_held boolean not null,
  opened_at   timestamptz not null,
  answer_by   timestamptz not null,
  answered_at timestamptz,
  answer      text,
  remark      text
);
create unique index dispute_open on carrier.dispute (payment_id) where state = 'open';
create index dispute_by_line on carrier.dispute (line_id, opened_at);

create table carrier.relief (
  id          text primary key,
  line_id     text not null references carrier.line,
  state       text not null check (state in ('applied', 'granted', 'refused', 'completed', 'broken')),
  cut_percent text not null,
  months      integer not null,
  paid_months integer not null default 0,
  -- What was owed after the cut, and the day from which the months count.
  owed        bigint not null default 0,
  granted_on  date,
  applied_at  timestamptz not null,
  decided_at  timestamptz
);
create index relief_by_line on carrier.relief (line_id);
create unique index relief_running on carrier.relief (line_id) where state in ('applied', 'granted');

create table carrier.statement_request (
  id           text primary key,
  line_id      text not null references carrier.line,
  from_on      date not null,
  to_on        date not null,
  requested_at timestamptz not null,
  answer_by    timestamptz not null,
  ready_at     timestamptz,
  text         text
);
create index statement_by_line on carrier.statement_request (line_id, requested_at);
create index statement_waiting on carrier.statement_request (requested_at) where ready_at is null;

-- Messages to the owner, as SMS. The outbox of a real carrier would hand them to its message centre. number: their order.
-- send_at: what was written at night and can wait is sent then; null: it was sent when it was written.
create table carrier.message (
  id           text primary key,
  number       bigint not null generated always as identity,
  carrier      text not null,
  line_id      text not null references carrier.line,
  phone_number text not null,
  kind         text not null,
  text         text not null,
  about        text not null,
  created_at   timestamptz not null,
  send_at      timestamptz
);
create index message_waiting on carrier.message (send_at, id) where send_at is not null;
create index message_by_line on carrier.message (line_id, number);
create index message_by_age on carrier.message (carrier, created_at);
