#!/bin/sh
# The sandbox's own database; those of the services are made by `migrate`.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set password="$SERVICE_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE quittance_sandbox LOGIN PASSWORD :'password';
CREATE DATABASE quittance_sandbox OWNER quittance_sandbox;
REVOKE ALL ON DATABASE quittance_sandbox FROM PUBLIC;
SQL
