/* Not a source file: see source_header. */
