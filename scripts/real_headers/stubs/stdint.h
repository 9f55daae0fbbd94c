// Integer types as the chip's compiler has them: int32_t is long there, so
// std::min(uint32_t, unsigned) does not deduce. The host's headers say int;
// a check that used them would accept kernels that the real build refuses.

#pragma once

// The host C library guards its own definitions with these.
#define _STDINT_H            1
#define _BITS_STDINT_INTN_H  1
#define _BITS_STDINT_UINTN_H 1
#define _BITS_STDINT_LEAST_H 1

typedef signed char int8_t;
typedef short int16_t;
typedef long int32_t;
typedef long long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned long uint32_t;
typedef unsigned long long uint64_t;

typedef int8_t int_least8_t;
typedef int16_t int_least16_t;
typedef int32_t int_least32_t;
typedef int64_t int_least64_t;
typedef uint8_t uint_least8_t;
typedef uint16_t uint_least16_t;
typedef uint32_t uint_least32_t;
typedef uint64_t uint_least64_t;

typedef int8_t int_fast8_t;
typedef int int_fast16_t;
typedef int int_fast32_t;
typedef int64_t int_fast64_t;
typedef uint8_t uint_fast8_t;
typedef unsigned uint_fast16_t;
typedef unsigned uint_fast32_t;
typedef uint64_t uint_fast64_t;

typedef int intptr_t;
typedef unsigned uintptr_t;
typedef int64_t intmax_t;
typedef uint64_t uintmax_t;

#define INT8_MIN    (-0x7f - 1)
#define INT8_MAX    0x7f
#define UINT8_MAX   0xff
#define INT16_MIN   (-0x7fff - 1)
#define INT16_MAX   0x7fff
#define UINT16_MAX  0xffff
#define INT32_MIN   (-0x7fffffffL - 1)
#define INT32_MAX   0x7fffffffL
#define UINT32_MAX  0xffffffffUL
#define INT64_MIN   (-0x7fffffffffffffffLL - 1)
#define INT64_MAX   0x7fffffffffffffffLL
#define UINT64_MAX  0xffffffffffffffffULL
#define INTPTR_MAX  0x7fffffff
#define UINTPTR_MAX 0xffffffffU
#define SIZE_MAX    0xffffffffU

#define INT8_C(value)    value
#define INT16_C(value)   value
#define INT32_C(value)   value##L
#define INT64_C(value)   value##LL
#define UINT8_C(value)   value
#define UINT16_C(value)  value
#define UINT32_C(value)  value##UL
#define UINT64_C(value)  value##ULL
#define INTMAX_C(value)  value##LL
#define UINTMAX_C(value) value##ULL
