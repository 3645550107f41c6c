"""One module for each family of file formats: bytes or text in, sections out. They know no file names."""
