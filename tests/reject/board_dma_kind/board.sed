# Rejected: DMA that is neither true nor false.
s/^dma  = true/dma  = "yes"/
