-- Null for an invitation of which no mail was sent.
alter table sites.invitation alter column sent_at drop not null;
