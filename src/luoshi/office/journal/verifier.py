"""Checks an exported journal without Luoshi: ``python verifier.py journal.jsonl``. Python 3.8 or later, nothing else.

Line 1 names the format. Then one line per entry (content, digest) and one per seal. A digest is the named hash of the
content's UTF-8 bytes. A root is the RFC 6962 tree over the digests of its entries (leaf: 0x00, node: 0x01). A seal's
chain value is the hash of 0x02 and the JSON of previous, root, first_id, last_id, sealed_at with sorted keys.
Exit code 0: intact. 1: altered, the first altered entry is named. 2: not a journal.
"""

import hashlib
import json
import sys


def digest(data, algorithm):
    return hashlib.new(algorithm, data).digest()


def named(data, algorithm):
    return algorithm + ":" + digest(data, algorithm).hex()


def root_of(leaves, algorithm):
    level = [digest(b"\x00" + leaf.encode(), algorithm) for leaf in leaves]
    if not level:
        return named(b"", algorithm)
    while len(level) > 1:
        above = [digest(b"\x01" + level[i] + level[i + 1], algorithm) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return algorithm + ":" + level[0].hex()


def chain_of(seal):
    body = {
        "previous": seal["previous"],
        "root": seal["root"],
        "first_id": seal["first"],
        "last_id": seal["last"],
        "sealed_at": seal["sealed_at"],
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return named(b"\x02" + text.encode(), seal["root"].split(":")[0])


def check(lines):
    """Return (number of entries, number of seals, first fault or None)."""
    entries, seals, order = {}, [], 0
    for line in lines:
        row = json.loads(line)
        if "entry" in row:
            if row["entry"] <= order:
                return len(entries), 0, f"entry {row['entry']}: out of order"
            order = row["entry"]
            if named(row["content"].encode(), row["digest"].split(":")[0]) != row["digest"]:
                return len(entries), 0, f"entry {row['entry']}: the content does not match its digest"
            entries[row["entry"]] = row["digest"]
        elif "seal" in row:
            seals.append(row)
    previous, at = None, 0
    for n, seal in enumerate(seals):
        name = f"seal of entries {seal['first']}-{seal['last']}: "
        covered = [entries[i] for i in sorted(entries) if at < i <= seal["last"]]
        if len(covered) != seal["count"]:
            return len(entries), n, name + f"{seal['count']} entries were sealed, {len(covered)} are there"
        if root_of(covered, seal["root"].split(":")[0]) != seal["root"]:
            return len(entries), n, name + "the root does not match its entries"
        if seal["previous"] != previous or chain_of(seal) != seal["chained"]:
            return len(entries), n, name + "the chain is broken"
        previous, at = seal["chained"], seal["last"]
    return len(entries), len(seals), None


def main(path):
    try:
        with open(path, encoding="utf-8") as file:
            head = json.loads(file.readline())
            if head.get("format") != "luoshi-journal-1":
                raise ValueError("unknown format")
            count, sealed, fault = check(file)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"not a journal export: {path}: {error}", file=sys.stderr)
        return 2
    print(fault or f"intact: {count} entries, {sealed} seals")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else print("usage: python verifier.py journal.jsonl") or 2)
