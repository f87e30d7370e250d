"""Reading for pages, exports and the API: small frozen rows, every one through ``Readable.visible``."""
