#pragma once
/// How often this program has asked for memory since it began: malloc, calloc, realloc and aligned_alloc of every library.
unsigned long allocations(void);
