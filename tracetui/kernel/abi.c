/* Tells Python whether it may call this library. */
#include "read.h"

/* Given by `build.py`: the checksum of all sources. */
#ifndef TRACETUI_KERNEL_SOURCES
#define TRACETUI_KERNEL_SOURCES 0
#endif

/* Goes up with every change of what is called or of what it returns, here and in `loading.py`. */
EXPORTED int32_t tracetui_kernel_abi(void) { return 1; }

EXPORTED uint32_t tracetui_kernel_sources(void) { return TRACETUI_KERNEL_SOURCES; }
