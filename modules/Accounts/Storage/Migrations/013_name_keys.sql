-- What rules compare, such as department:finance. Rules decide who must use a second step, so these keys are right from the first moment:
-- in lower case, as they were compared before.
alter table accounts.profile add column detail_keys text[] not null default '{}';
update accounts.profile set detail_keys = array_remove(array['jobTitle:' || lower(job_title), 'department:' || lower(department),
  'organization:' || lower(organization), 'location:' || lower(location), 'timeZone:' || lower(time_zone), 'language:' || lower(language)],
  null)
where coalesce(job_title, department, organization, location, time_zone, language) is not null;

create or replace view accounts.v_profile as
  select account_id, public_name, job_title, department, organization, location, phone, time_zone, language, picture, provisioned_by,
    detail_keys from accounts.profile;

-- Names are folded by the program alone (SPEC N1, N2): what stands in these columns is what it wrote there. The keys of before stay, in
-- lower case, until the program has written them anew, which it does while it serves.
alter table accounts.account alter column name_key drop expression;
