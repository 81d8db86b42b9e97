"""The tests of a parcel depot: about forty, in about forty seconds, one of them red and one skipped."""
