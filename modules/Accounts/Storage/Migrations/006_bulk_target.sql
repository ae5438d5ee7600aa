-- What a bulk action moves accounts to, where it moves them: understood by the room that carries it out.
alter table accounts.bulk_draft add target text;
