"""Papers (文书): numbered, sealed, and made from what a case says."""
