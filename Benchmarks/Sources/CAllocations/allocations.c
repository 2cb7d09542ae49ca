#include "allocations.h"
#include <stddef.h>

// A program's own malloc takes the place of glibc's for every library in it; glibc keeps its own under these names.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static unsigned long count;

unsigned long allocations(void) { return __atomic_load_n(&count, __ATOMIC_RELAXED); }
static void tick(void) { __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED); }

void *malloc(size_t size) { tick(); return __libc_malloc(size); }
void *calloc(size_t items, size_t size) { tick(); return __libc_calloc(items, size); }
void *realloc(void *old, size_t size) { tick(); return __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { tick(); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { tick(); return __libc_memalign(alignment, size); }
