-- Which silos there are, for nodes on one database: what Orleans' ADO.NET clustering (10.4.2) asks of PostgreSQL, in our own words, because
-- its packages bring no SQL. Fixed by the provider: the relation OrleansQuery with its two columns, the keys, the @parameters, and the
-- names and types of the columns that come back. It finds the schema by the search path of its connection.
create schema orleans;

create table orleans.cluster (
  id      text primary key,
  version int not null default 0,
  made_at timestamptz not null default now()
);

create table orleans.silo (
  cluster_id   text not null references orleans.cluster on delete cascade,
  address      text not null,
  port         int not null,
  generation   int not null,
  name         text not null,
  host         text not null,
  status       int not null,
  gateway_port int,
  suspects     text,
  started_at   timestamptz not null,
  alive_at     timestamptz not null,
  primary key (cluster_id, address, port, generation)
);

-- Constant, so a view: there are no rows to keep.
create view orleans.OrleansQuery (QueryKey, QueryText) as values
-- A cluster on loopback is one start of a machine; those that nobody has been in for a week go when the next one begins.
('InsertMembershipVersionKey', $q$
  with gone as (
    delete from orleans.cluster c where c.id <> @DeploymentId and c.made_at < now() - interval '7 days'
      and not exists (select from orleans.silo s where s.cluster_id = c.id and s.alive_at > now() - interval '7 days')),
  made as (insert into orleans.cluster (id) values (@DeploymentId) on conflict do nothing returning 1)
  select count(*)::int as row_count from made$q$),
('MembershipReadAllKey', $q$
  select c.id as DeploymentId, s.address as Address, s.port as Port, s.generation as Generation, s.name as SiloName, s.host as HostName,
    s.status as Status, s.gateway_port as ProxyPort, s.suspects as SuspectTimes, s.started_at as StartTime, s.alive_at as IAmAliveTime,
    c.version as Version
  from orleans.cluster c left join orleans.silo s on s.cluster_id = c.id where c.id = @DeploymentId$q$),
('MembershipReadRowKey', $q$
  select c.id as DeploymentId, s.address as Address, s.port as Port, s.generation as Generation, s.name as SiloName, s.host as HostName,
    s.status as Status, s.gateway_port as ProxyPort, s.suspects as SuspectTimes, s.started_at as StartTime, s.alive_at as IAmAliveTime,
    c.version as Version
  from orleans.cluster c left join orleans.silo s
    on s.cluster_id = c.id and s.address = @Address and s.port = @Port and s.generation = @Generation
  where c.id = @DeploymentId$q$),
-- The cluster's version is the fence: who has not seen the last change changes nothing.
('InsertMembershipKey', $q$
  with seen as (
    update orleans.cluster set version = version + 1 where id = @DeploymentId and version = @Version
      and not exists (select from orleans.silo
        where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
    returning id),
  made as (
    insert into orleans.silo (cluster_id, address, port, generation, name, host, status, gateway_port, started_at, alive_at)
    select id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from seen returning 1)
  select count(*)::int as row_count from made$q$),
('UpdateMembershipKey', $q$
  with seen as (update orleans.cluster set version = version + 1 where id = @DeploymentId and version = @Version returning id),
  changed as (
    update orleans.silo set status = @Status, suspects = @SuspectTimes, alive_at = @IAmAliveTime from seen
    where cluster_id = seen.id and address = @Address and port = @Port and generation = @Generation returning 1)
  select count(*)::int as row_count from changed$q$),
('UpdateIAmAlivetimeKey', $q$
  update orleans.silo set alive_at = @IAmAliveTime
  where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation$q$),
('GatewaysQueryKey', $q$
  select address as Address, gateway_port as ProxyPort, generation as Generation from orleans.silo
  where cluster_id = @DeploymentId and status = @Status and gateway_port > 0$q$),
('DeleteMembershipTableEntriesKey', $q$delete from orleans.cluster where id = @DeploymentId$q$),
-- 3 is a silo that is active.
('CleanupDefunctSiloEntriesKey', $q$
  delete from orleans.silo where cluster_id = @DeploymentId and alive_at < @IAmAliveTime and status <> 3$q$),
('CleanupDefunctSiloEntryKey', $q$
  delete from orleans.silo
  where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation and status <> 3$q$);
