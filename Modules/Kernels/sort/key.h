#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Unsigned numbers in the order of the elements: NaN last in either direction, -0 equal to 0.

static inline uint32_t key_int32(int32_t x, uint32_t flip) {
  return ((uint32_t)x ^ 0x80000000u) ^ flip;
}

static inline uint64_t key_int64(int64_t x, uint64_t flip) {
  return ((uint64_t)x ^ 0x8000000000000000u) ^ flip;
}

static inline uint32_t key_float32(float x, uint32_t flip) {
  float canonical = x + 0.0f;  // -0 becomes 0
  uint32_t bits;
  memcpy(&bits, &canonical, 4);
  uint32_t key = bits ^ (bits >> 31 ? UINT32_MAX : 0x80000000u);
  return x != x ? UINT32_MAX : key ^ flip;
}

static inline uint64_t key_float64(double x, uint64_t flip) {
  double canonical = x + 0.0;
  uint64_t bits;
  memcpy(&bits, &canonical, 8);
  uint64_t key = bits ^ (bits >> 63 ? UINT64_MAX : 0x8000000000000000u);
  return x != x ? UINT64_MAX : key ^ flip;
}
