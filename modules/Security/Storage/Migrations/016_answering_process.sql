-- Which process carries the request out: when that one is dead, another may begin anew.
alter table security.api_answer add column process uuid;
