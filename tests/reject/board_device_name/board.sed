# Rejected: a device with an upper case letter.
s/device.i2c0/device.I2C0/
