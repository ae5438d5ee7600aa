-- What stands in the enterprise extension of a person, for one index over all that a provider may match by: the attribute's name and its
-- value without letter case, but for the manager's id. Hashed, because what is sent is kept whole and an index holds 2,704 bytes.
create function directory.scim_enterprise(resource jsonb) returns text[] immutable parallel safe language sql as $$
  select coalesce(array_agg(md5(key || '=' || case when key = 'manager' then value ->> 'value' else lower(value #>> '{}') end)), '{}')
  from jsonb_each(case when jsonb_typeof(resource -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User') = 'object'
    then resource -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' else '{}' end)
  where jsonb_typeof(value) = 'string' or (key = 'manager' and value ->> 'value' is not null)
$$;
create index provisioned_user_enterprise on directory.provisioned_user using gin (directory.scim_enterprise(resource));
