# Rejected: a device with DMA that nothing keeps out of Secure memory.
/^msc  = /d
