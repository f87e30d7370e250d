"""PostgreSQL: the newest keys that match, in one round trip, windows and phrases settled beside the data."""

from django.db import migrations

# Grams that words leave open (three characters and more) are settled on the folded text, newest first, so that long texts
# are read for the rows of one page only. ``id + 0``: through the primary key every row's grams would be read back.
FUNCTION = """
CREATE FUNCTION gazette_search_keys(
    column_name text, grams int[], allowed int[], asked int[], closed text[], part text, terms text[], settle boolean,
    before bigint, most int
) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET jit = off AS $$
DECLARE
    newest bigint; edge bigint; top bigint := before; size int; blocks int[]; found int := 0; hit record; query text;
    in_head boolean; term text; fits boolean; last bigint := -1;
BEGIN
    SELECT id INTO newest FROM gazette_searchrow WHERE id < before ORDER BY id DESC LIMIT 1;
    IF newest IS NULL THEN RETURN; END IF;
    FOREACH size IN ARRAY ARRAY[2000, 16000, 0] LOOP
        edge := NULL;
        blocks := NULL;
        IF size > 0 THEN
            SELECT id INTO edge FROM gazette_searchrow WHERE id < before ORDER BY id DESC OFFSET size LIMIT 1;
            CONTINUE WHEN edge IS NULL;
            edge := ((edge >> 24) / 32 * 32) << 24;
            CONTINUE WHEN edge >= top;
            IF (newest >> 24) / 32 - (edge >> 24) / 32 < 400 THEN
                SELECT array_agg((7 << 16) | (b & 65535)) INTO blocks
                FROM generate_series(((edge >> 24) / 32)::int, (least(newest, top) >> 24)::int / 32) AS b;
            END IF;
        END IF;
        query := format('SELECT id, head, body, disclosure, code, true AS open FROM gazette_searchrow WHERE %1$I @> $1', column_name);
        IF allowed IS NOT NULL THEN query := query || format(' AND %1$I && $2', column_name); END IF;
        IF blocks IS NOT NULL THEN query := query || format(' AND %1$I && $3', column_name); END IF;
        query := query || ' AND id + 0 >= $4 AND id + 0 < $5';
        IF asked IS NOT NULL THEN
            query := query || ' UNION ALL SELECT id, head, body, disclosure, code, false FROM gazette_searchrow'
                || ' WHERE head_grams @> $1 AND head_grams && $6'
                || CASE WHEN blocks IS NULL THEN '' ELSE ' AND head_grams && $3' END || ' AND id + 0 >= $4 AND id + 0 < $5';
        END IF;
        query := query || ' ORDER BY 1 DESC, 6 DESC';
        FOR hit IN EXECUTE query USING grams, allowed, blocks, coalesce(edge, -1), top, asked LOOP
            CONTINUE WHEN hit.id = last;
            fits := true;
            IF settle OR part = 'rest' OR NOT hit.open OR hit.code = ANY (closed) THEN
                in_head := true;
                FOREACH term IN ARRAY terms LOOP
                    IF strpos(hit.head, term) = 0 THEN in_head := false; EXIT; END IF;
                END LOOP;
                IF part = 'head' OR NOT hit.open OR (hit.disclosure = 'on_request' AND hit.code = ANY (closed)) THEN
                    fits := in_head;
                ELSIF part = 'rest' AND in_head THEN
                    fits := false;
                ELSIF settle AND NOT in_head THEN
                    FOREACH term IN ARRAY terms LOOP
                        IF strpos(hit.head, term) = 0 AND strpos(hit.body, term) = 0 THEN fits := false; EXIT; END IF;
                    END LOOP;
                END IF;
            END IF;
            IF fits THEN
                last := hit.id;
                found := found + 1;
                RETURN NEXT hit.id;
                IF found >= most THEN RETURN; END IF;
            END IF;
        END LOOP;
        top := coalesce(edge, top);
    END LOOP;
END $$
"""


def make(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Make the function on PostgreSQL."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, None)


def drop(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Drop it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION gazette_search_keys", None)


class Migration(migrations.Migration):
    dependencies = [("gazette", "0005_search_index")]

    operations = [migrations.RunPython(make, drop)]
