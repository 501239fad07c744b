# SPDX-License-Identifier: MIT
# What only this backend promises.
pier_add_test(test_seam_family_bytes LABEL seam
  SOURCES windows/test_seam_family_bytes.c
  OBJECTS pier_platform pier_seam_loopback)
pier_add_test(test_seam_transmit LABEL seam
  SOURCES windows/test_seam_transmit.c
  OBJECTS pier_platform pier_seam_loopback)
