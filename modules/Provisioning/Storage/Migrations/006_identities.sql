-- Who is who at the provider (SPEC A16). What it called a person by stays known when the person is unlinked, so that somebody else with the same address is seen to be somebody else.
alter table directory.identity_directory add column other_identity smallint not null default 0 check (other_identity between 0 and 2);

create table directory.former_identity (
  directory_id uuid not null references directory.identity_directory on delete cascade,
  account_id   uuid not null,
  external_id  text collate "C" not null,
  gone_at      timestamptz not null,
  primary key (directory_id, account_id)
);
create index former_identity_account on directory.former_identity (account_id);

-- Somebody whom the provider named with the address of an account that it knew under another id; an admin says whether it is the same person. Asked again, it is the same question.
create table directory.identity_question (
  directory_id  uuid not null references directory.identity_directory on delete cascade,
  account_id    uuid not null,
  external_id   text collate "C" not null,
  known_as      text collate "C" not null,
  user_name     text not null,
  name          text not null,
  email         text not null,
  asked_at      timestamptz not null,
  last_asked_at timestamptz not null,
  times         int not null default 1,
  primary key (directory_id, account_id)
);
create index identity_question_account on directory.identity_question (account_id);
create index identity_question_old on directory.identity_question (last_asked_at);
