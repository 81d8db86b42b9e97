"""The mode Lanes: who did what when."""
