"""The Reconciliation Service API 0.2 over our names, which spreadsheets ask to be linked."""
