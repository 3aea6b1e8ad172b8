"""Citations: how a record and the sources on which it rests are cited."""
