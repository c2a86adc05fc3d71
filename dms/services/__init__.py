"""What people do with pupils, dossiers and documents. One function is one transaction; every one asks the gate."""
