# Rejected: another name than the folder.
s/^name .*/name = "an505"/
