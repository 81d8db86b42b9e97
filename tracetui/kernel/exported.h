/* What Python may call; all else stays inside the library. */
#ifndef TRACETUI_EXPORTED_H
#define TRACETUI_EXPORTED_H

#if defined(_WIN32)
#define EXPORTED __declspec(dllexport)
#else
#define EXPORTED __attribute__((visibility("default")))
#endif

#endif
