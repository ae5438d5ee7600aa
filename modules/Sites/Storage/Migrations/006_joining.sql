-- Somebody without a usable account is just joining by this link: one follower at a time, until the account is there (SPEC U3). The account's id, whose turn it is, and how long that holds.
alter table sites.invitation add joining_as uuid, add joining_turn uuid, add joining_until timestamptz;
