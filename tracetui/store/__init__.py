"""The one mutable thing: spans as columns, and Health; everyone else sees an immutable `Snapshot` of it."""
