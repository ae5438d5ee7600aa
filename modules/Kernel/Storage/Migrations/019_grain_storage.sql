-- What grains keep that have no tables of their own: the counts of tries and limits (SPEC S11). For Orleans' ADO.NET storage (10.4.2), in
-- our own words. Unlogged, as the counts of before were: after a crash of the database nodes write anew what they have in memory.
-- The key is the grain's whole identity: of two first writes one wins, and the other one hears of it.
create unlogged table orleans.grain_state (
  service_id  text not null,
  type_hash   int not null,
  type        text not null,
  id_hash     int not null,
  n0          bigint not null,
  n1          bigint not null,
  extension   text not null,
  version     int not null,
  modified_at timestamptz not null default clock_timestamp(),
  payload     bytea,
  primary key (service_id, type, n0, n1, extension)
);

-- The view of 015, and four queries more. A version is told that was not there before; where nothing was written, the one that was asked
-- for: then the provider knows that another one has written.
alter view orleans.OrleansQuery rename to membership_query;

create view orleans.OrleansQuery (QueryKey, QueryText) as
select QueryKey, QueryText from orleans.membership_query union all values
('ReadFromStorageKey', $q$
  select payload as PayloadBinary, null::text as PayloadXml, null::text as PayloadJson, modified_at as ModifiedOn, version as Version
  from orleans.grain_state where service_id = @ServiceId and type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
    and extension = coalesce(@GrainIdExtensionString, '')$q$),
('WriteToStorageKey', $q$
  with changed as (
    update orleans.grain_state set payload = @PayloadBinary, version = version + 1, modified_at = clock_timestamp()
    where service_id = @ServiceId and type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
      and extension = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion::int
    returning version),
  made as (
    insert into orleans.grain_state (service_id, type_hash, type, id_hash, n0, n1, extension, version, payload)
    select @ServiceId, @GrainTypeHash, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), 1,
      @PayloadBinary where @GrainStateVersion::int is null
    on conflict do nothing returning version)
  select coalesce((select version from changed), (select version from made), @GrainStateVersion::int) as NewGrainStateVersion$q$),
('ClearStorageKey', $q$
  with changed as (
    update orleans.grain_state set payload = null, version = version + 1, modified_at = clock_timestamp()
    where service_id = @ServiceId and type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
      and extension = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion::int
    returning version)
  select coalesce((select version from changed), @GrainStateVersion::int) as NewGrainStateVersion$q$),
('DeleteStorageKey', $q$
  with gone as (
    delete from orleans.grain_state
    where service_id = @ServiceId and type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1
      and extension = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion::int
    returning version)
  select coalesce((select version + 1 from gone), @GrainStateVersion::int) as NewGrainStateVersion$q$);
