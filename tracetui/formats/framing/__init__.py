"""From streams of bytes to documents and records, however they are split or broken."""
