"""Values from analysis to text: lines of styled text for people, JSON for programs. Prints nothing itself."""
