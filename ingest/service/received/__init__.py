"""Packages of other schools: quarantine, proof, review paper by paper, accept or reject, answer to the sender."""
