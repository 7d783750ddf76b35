# Rejected: more closed ranges than an image has room for.
$a [closed.a]\nbase = 0x41000000\nsize = "4K"\n[closed.b]\nbase = 0x41001000\nsize = "4K"\n[closed.c]\nbase = 0x41002000\nsize = "4K"
