-- What every mail in the organization's name carries at its end; null for nothing.
alter table sites.organization add mail_contact text, add mail_signature text;
