"""The rooms that are open to everybody: home, campaigns, giving, the page of a gift."""
