-- A queue: as many rows go as come. With the usual share of a table that is nearly empty, and is scanned for each batch.
ALTER TABLE "audit_unsealed" SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);
