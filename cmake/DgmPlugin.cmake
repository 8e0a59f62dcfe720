# SPDX-License-Identifier: Apache-2.0
# dgm_add_plugin(<id> SOURCES <file>... [LIBRARIES <library or target>...])
#
# A plugin is a module named <id>.so that sees the public header and its own libraries, exports its entry point only,
# and leaves no symbol open: one that leans on the core fails here, at link time. The target is dgm_plugin_<id>.
function(dgm_add_plugin id)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
	if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
		message(FATAL_ERROR "usage: dgm_add_plugin(<id> SOURCES <file>... [LIBRARIES <library>...])")
	endif()
	if(NOT id MATCHES "^[a-z][a-z0-9-]*$")
		message(FATAL_ERROR "plugin id '${id}': lower-case letters, digits and '-' only")
	endif()
	foreach(source IN LISTS arg_SOURCES)
		cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE file)
		if(NOT EXISTS "${file}")
			string(TOUPPER "${id}" upper)
			string(REPLACE "-" "_" upper "${upper}")
			message(FATAL_ERROR "plugin ${id}: ${source} is not there; -DDGM_PLUGIN_${upper}=OFF builds without it")
		endif()
	endforeach()

	set(target dgm_plugin_${id})
	set(map "${PROJECT_SOURCE_DIR}/cmake/plugin.map")
	add_library(${target} MODULE ${arg_SOURCES})
	set_target_properties(${target} PROPERTIES
		PREFIX ""
		OUTPUT_NAME "${id}"
		C_EXTENSIONS OFF
		LIBRARY_OUTPUT_DIRECTORY "${DGM_BUILD_PLUGIN_DIR}"
		LINK_DEPENDS "${map}")
	target_link_libraries(${target} PRIVATE dgm_flags dragoman_plugin ${arg_LIBRARIES})
	target_link_options(${target} PRIVATE "LINKER:--version-script=${map}")
	# clang leaves the sanitizers' own symbols in a module to the program that loads it.
	if(NOT (CMAKE_C_COMPILER_ID STREQUAL "Clang" AND (DGM_SANITIZE OR DGM_FUZZ)))
		target_link_options(${target} PRIVATE LINKER:-z,defs)
	endif()
	install(TARGETS ${target} LIBRARY DESTINATION "${DGM_PLUGIN_INSTALL_DIR}" COMPONENT dragoman)
endfunction()
