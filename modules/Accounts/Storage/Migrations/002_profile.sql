-- Pictures as this platform made them: square, re-encoded, without anything that the upload carried along (SPEC M5). Written before the turn that decides on them.
create table accounts.picture (
  id         uuid primary key,
  account_id uuid not null references accounts.account,
  content    bytea not null,
  made_at    timestamptz not null
);
create index picture_account on accounts.picture (account_id);

-- The wide part of an account (SPEC M3), apart from the narrow row that claims write; no row while nothing is set.
create table accounts.profile (
  account_id         uuid primary key references accounts.account,
  public_name        text,
  job_title          text,
  department         text,
  organization       text,
  location           text,
  phone              text,
  time_zone          text,
  language           text,
  picture            uuid references accounts.picture,
  -- The identity provider that owns some of the fields, and which (SPEC A11).
  provisioned_by     text,
  provisioned_fields text[]
);

-- Links that confirm a person's own new address (SPEC A12).
create table accounts.email_change (
  token_hash bytea primary key,
  account_id uuid not null references accounts.account,
  old_email  text not null,
  new_email  text not null,
  sent_at    timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index email_change_account on accounts.email_change (account_id, sent_at desc);

-- What lists may show beside the narrow row.
create view accounts.v_profile as select account_id, public_name, job_title, department, organization, location, phone, time_zone, language, picture, provisioned_by from accounts.profile;
