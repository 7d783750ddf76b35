# Rejected: arguments that are a text.
s/^arguments.*/arguments = "-display none"/
