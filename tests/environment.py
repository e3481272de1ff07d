"""What tests run in. A plugin (pytest.ini), for it must be there before Django reads its settings: tests keep out of the
data of whoever runs them, and fetch from nobody."""

import os
import tempfile

data = tempfile.TemporaryDirectory(prefix="vidwiz-tests-")
os.environ |= {"ENVIRONMENT": "local", "DATA_DIR": data.name, "RATE_LIMIT_ENABLED": "false"}
os.environ.setdefault("YOUTUBE_ORIGIN", "http://127.0.0.1:9")  # nothing listens there
for name in ("AI_PROVIDER", "CELERY_BROKER_URL", "REDIS_URL", "S3_TRANSCRIPT_BUCKET_NAME"):
    os.environ.pop(name, None)
