"""What readers get: snapshots of the books as PDF, XLSX, CSV and JSON."""
