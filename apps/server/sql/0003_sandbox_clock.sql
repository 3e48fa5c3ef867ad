-- The sandbox's test clock: one row at most. frozen_at_ms is null while the clock runs.

create table jeon.sandbox_clock (
  only_row     boolean primary key default true check (only_row),
  offset_ms    bigint not null,
  frozen_at_ms bigint
);
