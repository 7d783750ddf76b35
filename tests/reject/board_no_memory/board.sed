# Rejected: no memory.
/^\[memory\]/,/^task-ram/d
