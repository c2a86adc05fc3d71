"""The key store: one wrapped key per document, apart from database and objects. A destroyed key is a destroyed document."""
