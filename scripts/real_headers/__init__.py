"""Parts of check-real-headers.py; see there."""
