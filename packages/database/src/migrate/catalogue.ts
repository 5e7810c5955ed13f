import { type Client } from 'pg';

/** Everything a migration can make, by kind and name, with its definition as text. */
export type Catalogue = ReadonlyMap<string, string>;

/** Reads what the database holds outside PostgreSQL's own schemas, without Prisma's history table. */
export const readCatalogue = async (client: Client): Promise<Catalogue> => {
  const found = await client.query<{ kind: string; name: string; definition: string }>(CATALOGUE);
  return new Map(found.rows.map((row) => [`${row.kind} ${row.name}`, row.definition]));
};

/** One sentence per difference, sorted; empty when both are alike. */
export const compareCatalogues = (actual: Catalogue, expected: Catalogue): readonly string[] => {
  const keys = [...new Set([...actual.keys(), ...expected.keys()])].toSorted();
  return keys.flatMap((key) => {
    const is = actual.get(key);
    const should = expected.get(key);
    if (is === should) return [];
    if (should === undefined) return [`${key} exists, but no migration makes it${is === '' ? '' : `: ${is}`}`];
    if (is === undefined) return [`${key} is missing: ${should}`];
    return [`${key} is «${is}», the migrations make it «${should}»`];
  });
};

const CATALOGUE = `
WITH schemas AS (
  SELECT oid, nspname, nspacl, nspowner FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), relations AS (
  SELECT c.*, s.nspname, format('%I.%I', s.nspname, c.relname) AS name
  FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relname NOT IN ('_prisma_migrations', '_prisma_migrations_pkey')
), tables AS (
  SELECT * FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), functions AS (
  SELECT p.*, format('%I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name
  FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace
  WHERE p.prokind IN ('f', 'p', 'w')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
), privileges AS (
  SELECT 'table ' || name AS object, relowner AS owner, acl.* FROM tables,
    LATERAL aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) acl
  UNION ALL
  SELECT format('column %s.%I', t.name, a.attname), t.relowner, acl.* FROM tables t
    JOIN pg_attribute a ON a.attrelid = t.oid, LATERAL aclexplode(a.attacl) acl
  UNION ALL
  SELECT format('schema %I', nspname), nspowner, acl.* FROM schemas, LATERAL aclexplode(coalesce(nspacl, acldefault('n', nspowner))) acl
  UNION ALL
  SELECT 'function ' || name, proowner, acl.* FROM functions, LATERAL aclexplode(coalesce(proacl, acldefault('f', proowner))) acl
  UNION ALL
  SELECT format('default for %s in %s', d.defaclobjtype, coalesce(s.nspname, 'every schema')), d.defaclrole, acl.*
  FROM pg_default_acl d LEFT JOIN schemas s ON s.oid = d.defaclnamespace, LATERAL aclexplode(d.defaclacl) acl
)
SELECT 'schema' AS kind, format('%I', nspname) AS name, '' AS definition FROM schemas
UNION ALL
SELECT CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END, name,
  concat_ws(' ', nullif(relpersistence::text, 'p'), CASE WHEN relrowsecurity THEN 'row security' END,
    CASE WHEN relforcerowsecurity THEN 'forced' END, array_to_string(reloptions, ','),
    pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid),
    CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END,
    (SELECT concat_ws(' ', format_type(seqtypid, NULL), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
     FROM pg_sequence WHERE seqrelid = tables.oid))
FROM tables
UNION ALL
SELECT 'column', format('%s.%I', t.name, a.attname),
  concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
    'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), 'IDENTITY ' || nullif(a.attidentity::text, ''),
    'GENERATED ' || nullif(a.attgenerated::text, ''),
    CASE WHEN a.attcollation <> ty.typcollation THEN 'COLLATE ' || a.attcollation::regcollation END)
FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type ty ON ty.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE t.relkind <> 'S'
UNION ALL
SELECT 'index', r.name, concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN 'INVALID' END)
FROM relations r JOIN pg_index i ON i.indexrelid = r.oid
UNION ALL
SELECT 'constraint', format('%I on %s', c.conname, t.name),
  concat_ws(' ', pg_get_constraintdef(c.oid), CASE WHEN NOT c.convalidated THEN 'NOT VALIDATED' END)
FROM pg_constraint c JOIN tables t ON t.oid = c.conrelid
UNION ALL
SELECT 'trigger', format('%I on %s', g.tgname, t.name),
  concat_ws(' ', pg_get_triggerdef(g.oid), CASE WHEN g.tgenabled <> 'O' THEN 'ENABLED ' || g.tgenabled::text END)
FROM pg_trigger g JOIN tables t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
UNION ALL
SELECT 'rule', format('%I on %s', w.rulename, t.name), pg_get_ruledef(w.oid)
FROM pg_rewrite w JOIN tables t ON t.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT 'policy', format('%I on %s', p.polname, t.name),
  concat_ws(' ', p.polcmd::text, p.polpermissive, p.polroles::regrole[]::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p JOIN tables t ON t.oid = p.polrelid
UNION ALL
SELECT 'function', name, pg_get_functiondef(oid) FROM functions
UNION ALL
SELECT 'type', format('%I.%I', s.nspname, ty.typname),
  concat_ws(' ', ty.typtype::text, format_type(nullif(ty.typbasetype, 0), ty.typtypmod), ty.typdefault,
    (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = ty.oid))
FROM pg_type ty JOIN schemas s ON s.oid = ty.typnamespace WHERE ty.typtype IN ('e', 'd', 'r')
UNION ALL
SELECT 'extension', extname, extversion FROM pg_extension
UNION ALL
SELECT 'event trigger', evtname, concat_ws(' ', evtevent, evtenabled::text, evtfoid::regproc) FROM pg_event_trigger
UNION ALL
SELECT 'publication', pubname, concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete) FROM pg_publication
UNION ALL
SELECT 'comment on', pg_describe_object(classoid, objoid, objsubid), description FROM pg_description WHERE objoid >= 16384
UNION ALL
SELECT 'grant on', object || ' to ' || CASE grantee WHEN 0 THEN 'PUBLIC' WHEN owner THEN 'its owner' ELSE grantee::regrole::text END,
  string_agg(privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', ' ORDER BY privilege_type)
FROM privileges GROUP BY object, owner, grantee`;
