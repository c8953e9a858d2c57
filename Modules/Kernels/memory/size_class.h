#pragma once
#include <stddef.h>

// Sizes come in classes: 64, 128, 192, 256, then four to each power of two (320, 384, 448, 512,
// 640, ...), all multiples of 64. Above `large` they are also multiples of 2 MiB, a huge page.

enum {
  memory_page = 2 << 20,
  memory_large = 1 << 20,       // blocks above this are mapped on their own
  memory_classes = 164,         // enough for 2^47 bytes
  memory_small_classes = 44,    // up to 256 KiB: kept in thread caches
};

static inline unsigned memory_class(size_t bytes) {
  if (bytes <= 256) return bytes == 0 ? 0 : (unsigned)((bytes - 1) >> 6);
  if (bytes > memory_large) {
    bytes = (bytes + memory_page - 1) & ~(size_t)(memory_page - 1);
  }
  size_t last = bytes - 1;
  unsigned power = 63 - (unsigned)__builtin_clzll(last);
  return (power - 8) * 4 + 4 + (unsigned)(last >> (power - 2) & 3);
}

static inline size_t memory_class_bytes(unsigned index) {
  if (index < 4) return (size_t)(index + 1) << 6;
  unsigned power = (index - 4) / 4 + 8;
  return (size_t)(index % 4 + 5) << (power - 2);
}
