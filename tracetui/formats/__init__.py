"""From bytes to spans: one module per wire format; knows no files and no store."""
