"""What a run tells about decisions: where its time went, what would help, whether it did."""
