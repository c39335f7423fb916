"""Changes to gifts and campaign pages."""
