/* SPDX-License-Identifier: MIT */
/* What windows.h makes of words that are not its own, on any system. */
#define interface struct
#define near
#define far
#define small char
#define IN
#define OUT
#define ERROR     0
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
