-- A mail is kept as the values of its letter and written out when it is sent: cheap to queue by the hundred thousand, and always in the organization's present wording.
alter table kernel.mail
  add template         text not null default 'plain',
  add letter           jsonb not null default '{}',
  add can_wait         boolean not null default false,
  add tried_at         timestamptz,
  add undeliverable_at timestamptz;

update kernel.mail set letter = case when text = '' then '{}' else jsonb_build_object('subject', subject, 'text', text) end, undeliverable_at = case when sent_at is null and attempts >= 12 then next_at end;

drop index kernel.mail_waiting;
alter table kernel.mail alter template drop default, alter letter drop default, drop subject, drop text, drop html;

-- Notices that can wait stand behind everything else.
create index mail_waiting on kernel.mail (can_wait, next_at) where sent_at is null and undeliverable_at is null;
create index mail_undelivered on kernel.mail (organization_id, created_at) where sent_at is null;
create index mail_recipient on kernel.mail (recipient);
