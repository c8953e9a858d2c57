// Includes APUS_TEMPLATE once for each instruction set that the target can compile. Inside,
// APUS_LEVEL is the level's name (APUS_NAME(x) appends it), APUS_VECTOR_BYTES the vectors' width
// and APUS_FUSED says whether a fused multiply-add is one instruction. AVX2's vectors are two
// registers wide, or more where APUS_AVX2_REGISTERS says so: a chain of dependent steps leaves
// time for another beside it. At that level APUS_MASKED_REGISTERS is 1.

#ifndef APUS_AVX2_REGISTERS
#define APUS_AVX2_REGISTERS 2
#endif

// Fusing is written out where it is wanted, so that results do not depend on the optimiser.
#pragma STDC FP_CONTRACT OFF

// Vectors wider than the ABI's are passed to inlined functions only.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#define APUS_JOIN2(x, level) x##_##level
#define APUS_JOIN(x, level) APUS_JOIN2(x, level)
#define APUS_NAME(x) APUS_JOIN(x, APUS_LEVEL)

#define APUS_LEVEL portable
#define APUS_VECTOR_BYTES 16
#define APUS_MASKED_REGISTERS 0
#if defined(__aarch64__) || defined(__FMA__)
#define APUS_FUSED 1
#else
#define APUS_FUSED 0
#endif
#include APUS_TEMPLATE
#undef APUS_LEVEL
#undef APUS_VECTOR_BYTES
#undef APUS_MASKED_REGISTERS
#undef APUS_FUSED

#if defined(__x86_64__)
#define APUS_FUSED 1

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define APUS_LEVEL avx2
#define APUS_VECTOR_BYTES (32 * APUS_AVX2_REGISTERS)
#define APUS_MASKED_REGISTERS 1
#include APUS_TEMPLATE
#undef APUS_LEVEL
#undef APUS_VECTOR_BYTES
#undef APUS_MASKED_REGISTERS
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define APUS_LEVEL avx512
#define APUS_VECTOR_BYTES 64
#define APUS_MASKED_REGISTERS 0
#include APUS_TEMPLATE
#undef APUS_LEVEL
#undef APUS_VECTOR_BYTES
#undef APUS_MASKED_REGISTERS
#pragma clang attribute pop

#undef APUS_FUSED
#endif

#pragma clang diagnostic pop

// APUS_AT_LEVEL(x) lists what the levels named x_<level>, indexed by apus_level.
#if defined(__x86_64__)
#define APUS_AT_LEVEL(x) {x##_portable, x##_avx2, x##_avx512}
#else
#define APUS_AT_LEVEL(x) {x##_portable}
#endif
