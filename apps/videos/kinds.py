"""The names of the work that makes a video ready, and of what clears up after it. What is done is in work.py."""

FETCH_METADATA = "fetch_metadata"
FETCH_TRANSCRIPT = "fetch_transcript"
AI_SUMMARY = "ai_summary"
ERASE_FILE = "erase_file"
