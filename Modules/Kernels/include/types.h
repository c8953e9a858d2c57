#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APUS_CLOSED __attribute__((enum_extensibility(closed)))
#define APUS_MAX_RANK 8

/// Element types, in order of promotion within a kind. A bool is one byte, 0 or 1.
typedef enum APUS_CLOSED apus_dtype : int32_t {
  apus_dtype_bool,
  apus_dtype_int32,
  apus_dtype_int64,
  apus_dtype_float32,
  apus_dtype_float64,
} apus_dtype;

/// Instruction sets, in ascending order. Each kernel exists at each level the target can compile.
typedef enum APUS_CLOSED apus_level : int32_t {
  apus_level_portable,  // vector extensions over the baseline: SSE2 or NEON
  apus_level_avx2,      // AVX2 and FMA
  apus_level_avx512,    // AVX-512 F, BW, DQ, VL
} apus_level;

/// The level in use: the highest this machine has, unless the environment variable
/// `APUS_LEVEL` (portable, avx2, avx512) or `apus_set_level` asks for a lower one.
apus_level apus_current_level(void);

/// The highest level this machine can run.
apus_level apus_highest_level(void);

/// Forces a level at or below the highest; returns false (and changes nothing) above it.
bool apus_set_level(apus_level level);

/// The same for the calling thread alone, and for those who help with its parallel loops; -1 takes
/// that back, and a level above the highest changes nothing. Other threads are not disturbed.
void apus_set_thread_level(int32_t level);

/// What `apus_set_thread_level` set on the calling thread, or -1.
int32_t apus_thread_level(void);
