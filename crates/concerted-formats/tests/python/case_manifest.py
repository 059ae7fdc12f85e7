"""Does the manifest of a case hold, checked with the standard library alone?

Usage: case_manifest.py CASE COLUMNS, where COLUMNS is JSON: file -> names in order.
"""

import hashlib
import json
import os
import pathlib
import sys

case, columns = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
manifest = json.loads((case / "datapackage.json").read_text("utf-8"))


def same(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


same(manifest["$schema"], "https://datapackage.org/profiles/2.0/datapackage.json")
lines = {}
for resource in manifest["resources"]:
    path, content = resource["path"], (case / resource["path"]).read_bytes()
    hashed = hashlib.sha256(content).hexdigest()
    if path != "case.toml":
        same(resource["hash"], "sha256:" + hashed)
        same(resource["bytes"], len(content))
    if path in columns:
        same([field["name"] for field in resource["schema"]["fields"]], columns[path])
        assert all(field["description"] for field in resource["schema"]["fields"])
    if path == "case.toml":
        kept = content.splitlines(keepends=True)
        kept.remove(next(line for line in kept if line.startswith(b"made_at = ")))
        hashed = hashlib.sha256(b"".join(kept)).hexdigest()
        same(resource["hash_without_made_at"], "sha256:" + hashed)
    lines[path] = f"{hashed}  {path}\n"
whole = "".join(lines[path] for path in sorted(lines))
same(manifest["digest"], "sha256:" + hashlib.sha256(whole.encode()).hexdigest())
others = {path.name for path in case.iterdir()} - set(lines)
same(others, {"datapackage.json", "pseudonym.key"})

# The lines that the documentation gives for this must do what it says, and notice a change.
page = (pathlib.Path(__file__).parents[4] / "docs/formats/case.md").read_text("utf-8")
lines = page.split("```python\n")[1].split("```")[0]
os.chdir(case)
exec(lines, {})
with open("groups.csv", "ab") as groups:
    groups.write(b"more")
try:
    exec(lines, {})
except AssertionError:
    print("all as expected")
