import hashlib
import json
import re
import sys
import zlib

DATA = b"the quick brown fox jumps over the lazy dog " * 20000
TEXT = DATA.decode()
RECORDS = [{"id": i, "name": "n%d" % i, "tags": ["a", "b"]} for i in range(2000)]

for _ in range(int(110 * float(sys.argv[1])) or 1):
    zlib.compress(DATA, 1)
    hashlib.sha256(DATA).digest()
    re.findall(r"\bfo\w+", TEXT)
    json.loads(json.dumps(RECORDS))
    sorted(TEXT[:100000])
