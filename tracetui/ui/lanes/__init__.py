"""The mode Lanes: which worker did what when."""
