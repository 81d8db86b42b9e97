"""Archives, zip and tar: their members are read one after the other, as streams; none is ever extracted."""
