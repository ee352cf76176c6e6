-- Run once by an administrator, as a superuser:
--   psql -v app_password='…' -v migrate_password='…' -f real_server.sql
-- Then give Fisc two addresses:
--   DATABASE_URL=postgresql://fisc_app:…@host/fisc
--   MIGRATE_DATABASE_URL=postgresql://fisc_migrate:…@host/fisc
-- and run `fisc db migrate`.

-- Owns every table and cannot sign in. It copies databases for training and for tests.
create role fisc_owner nologin nosuperuser createdb;
-- Signs in for migrations only, and becomes the owner there.
create role fisc_migrate login noinherit nosuperuser password :'migrate_password';
grant fisc_owner to fisc_migrate;
-- Serves: pages, commands, jobs.
create role fisc_app login nosuperuser password :'app_password';

create database fisc owner fisc_owner template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8';
