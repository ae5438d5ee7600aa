-- SPEC S11: how often each network, and each address or link, has asked at a door. One row a key: when its count is at rest again. Unlogged: after a crash everybody begins anew,
-- and asking costs no flush. A row that is at rest says nothing and is swept.
create unlogged table kernel.door_count (
  key     bytea primary key,
  rest_at timestamptz not null
);
create index door_count_rest on kernel.door_count (rest_at);

-- Asks at a door for all keys in one round trip, first the network's: what it may not ask costs the target nothing. A key is free while its count is not above its room; each question adds
-- a step. No count is believed beyond what it could be, so that a node whose clock is wrong closes a door for a step at most. Seconds to wait; null when the way is free.
create function kernel.ask_at_door(keys bytea[], steps interval[], rooms interval[], moment timestamptz) returns double precision language plpgsql as $$
declare
  waits interval;
begin
  for i in 1 .. cardinality(keys) loop
    insert into kernel.door_count as c (key, rest_at) values (keys[i], moment + steps[i])
      on conflict (key) do update set rest_at = greatest(c.rest_at, moment) + steps[i] where c.rest_at <= moment + rooms[i];
    if not found then
      select least(c.rest_at, moment + rooms[i] + steps[i]) - moment - rooms[i] into waits from kernel.door_count c where c.key = keys[i];
      -- Beyond what could be: a clock was wrong. The count is full, not more.
      update kernel.door_count c set rest_at = moment + rooms[i] + steps[i] where c.key = keys[i] and c.rest_at > moment + rooms[i] + steps[i];
      return extract(epoch from greatest(coalesce(waits, interval '0'), interval '0'));
    end if;
  end loop;
  return null;
end
$$;
