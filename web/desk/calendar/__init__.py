"""The calendar: hearings by day, court and region, and addresses for calendar apps abroad."""
