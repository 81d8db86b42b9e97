"""What would make a run shorter, by how much, and how sure that is."""
