-- When everything went that was begun in the account until its address was taken back (SPEC A15): what is younger is its owner's.
alter table accounts.left_address add column settled_at timestamptz;
