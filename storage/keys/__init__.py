"""The key store: one wrapped key per document, apart from database and objects. Key gone, document gone."""
