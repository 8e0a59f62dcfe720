# SPDX-License-Identifier: Apache-2.0
# Compiler and linker flags, as one interface target that every target of ours links: dgm_flags.
# gcc 12 and clang 14 are what this is kept warning-free with; a flag that only one of them knows stands in its list.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # cleanup attribute and overflow builtins in core and cli; plugins switch it off
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# An assert guards an invariant whose breach would corrupt a notice, so it stays in every kind of build.
foreach(config IN ITEMS RELEASE RELWITHDEBINFO MINSIZEREL)
	string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_${config} "${CMAKE_C_FLAGS_${config}}")
endforeach()

include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(dgm_flags INTERFACE)
target_compile_options(dgm_flags INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wstrict-prototypes
	-Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wswitch-enum
	-Wpointer-arith -Wwrite-strings -Wold-style-definition -Wredundant-decls -Wdouble-promotion
	-Wimplicit-fallthrough -Wdate-time
	$<$<C_COMPILER_ID:GNU>:-Wcast-align=strict -Wduplicated-cond -Wduplicated-branches -Wlogical-op
		-Wformat-signedness -Wtrampolines>
	$<$<C_COMPILER_ID:Clang>:-Wcomma -Wassign-enum -Wextra-semi-stmt -Wshorten-64-to-32
		-Wconditional-uninitialized -Wmissing-variable-declarations -Wthread-safety>
	$<$<BOOL:${DGM_WERROR}>:-Werror>)

# The same bytes from any folder: no absolute path in an object. Not where a debugger or gcov looks the path up.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT DGM_COVERAGE)
	target_compile_options(dgm_flags INTERFACE "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.")
endif()

if(DGM_HARDEN)
	target_compile_options(dgm_flags INTERFACE
		-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection)
	target_link_options(dgm_flags INTERFACE
		LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack LINKER:-z,separate-code)
endif()

if(DGM_FUZZ)
	if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
		message(FATAL_ERROR "DGM_FUZZ needs clang: cmake --preset fuzz")
	endif()
	target_compile_options(dgm_flags INTERFACE -fsanitize=fuzzer-no-link)
	target_link_options(dgm_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(DGM_SANITIZE)
	target_compile_options(dgm_flags INTERFACE
		-fsanitize=${DGM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
		# clang counts NULL + 0 as an overflow, and that is the end of an empty slice. gcc knows the difference.
		$<$<C_COMPILER_ID:Clang>:-fno-sanitize=pointer-overflow>)
	target_link_options(dgm_flags INTERFACE -fsanitize=${DGM_SANITIZE})
endif()
if(DGM_COVERAGE)
	target_compile_options(dgm_flags INTERFACE --coverage)
	target_link_options(dgm_flags INTERFACE --coverage)
endif()
