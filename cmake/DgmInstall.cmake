# SPDX-License-Identifier: Apache-2.0
# What is installed besides the program and its plugins, and the Debian packages. Nothing installed names the prefix:
# the tree works from wherever it is moved.
include(CMakePackageConfigHelpers)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/formats/" DESTINATION "${DGM_FORMAT_INSTALL_DIR}" COMPONENT dragoman
	FILES_MATCHING PATTERN "input" EXCLUDE PATTERN "*.yaml" PATTERN "*.txt")
option(DGM_DEBIAN "Install what Debian packages have besides" OFF)
if(DGM_DEBIAN)
	include(DgmDebian)
else()
	install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright
		COMPONENT dragoman)
	function(dgm_install_manual manual section component)
		install(FILES "${manual}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}" COMPONENT ${component})
	endfunction()
endif()

# Completion of command lines, made by the program from its own tables.
set(completions "${PROJECT_BINARY_DIR}/completions")
foreach(shell IN ITEMS bash zsh fish)
	add_custom_command(OUTPUT "${completions}/dragoman.${shell}"
		COMMAND ${CMAKE_COMMAND} -E make_directory "${completions}"
		COMMAND dragoman completion ${shell} > "${completions}/dragoman.${shell}"
		DEPENDS dragoman
		VERBATIM)
	list(APPEND completion_files "${completions}/dragoman.${shell}")
endforeach()
add_custom_target(dgm_completions ALL DEPENDS ${completion_files})
install(FILES "${completions}/dragoman.bash" RENAME dragoman COMPONENT dragoman
	DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${completions}/dragoman.zsh" RENAME _dragoman COMPONENT dragoman
	DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
install(FILES "${completions}/dragoman.fish" COMPONENT dragoman
	DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")

# Section 3 is for those who write plugins.
file(GLOB manuals CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/man/*.[1-9]")
foreach(manual IN LISTS manuals)
	cmake_path(GET manual EXTENSION LAST_ONLY section)
	string(SUBSTRING "${section}" 1 1 section)
	set(component dragoman)
	if(section EQUAL 3)
		set(component dragoman-dev)
	endif()
	dgm_install_manual("${manual}" ${section} ${component})
endforeach()
get_property(compressed GLOBAL PROPERTY DGM_COMPRESSED)
if(compressed)
	add_custom_target(dgm_compressed ALL DEPENDS ${compressed})
endif()

# For plugins built outside this tree: the header, by find_package(dragoman) or by pkg-config dragoman-plugin.
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/dragoman")
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH DGM_PREFIX_FROM_PKGCONFIG "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" DGM_PREFIX_FROM_PKGCONFIG "${DGM_PREFIX_FROM_PKGCONFIG}")

install(TARGETS dragoman_plugin EXPORT dragomanTargets
	FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT dragoman-dev)
install(EXPORT dragomanTargets NAMESPACE dragoman:: DESTINATION "${package_dir}" COMPONENT dragoman-dev)
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/dragomanConfig.cmake.in"
	"${PROJECT_BINARY_DIR}/dragomanConfig.cmake"
	INSTALL_DESTINATION "${package_dir}"
	PATH_VARS DGM_PLUGIN_INSTALL_DIR DGM_FORMAT_INSTALL_DIR
	NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/dragomanConfigVersion.cmake"
	COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
configure_file("${PROJECT_SOURCE_DIR}/cmake/dragoman-plugin.pc.in" "${PROJECT_BINARY_DIR}/dragoman-plugin.pc" @ONLY)
install(FILES
	"${PROJECT_BINARY_DIR}/dragomanConfig.cmake"
	"${PROJECT_BINARY_DIR}/dragomanConfigVersion.cmake"
	DESTINATION "${package_dir}" COMPONENT dragoman-dev)
install(FILES "${PROJECT_BINARY_DIR}/dragoman-plugin.pc" DESTINATION "${pkgconfig_dir}" COMPONENT dragoman-dev)

# What `dragoman plugin new` begins with.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/tests/plugins/example/" DESTINATION "${DGM_SKELETON_INSTALL_DIR}"
	COMPONENT dragoman-dev USE_SOURCE_PERMISSIONS)

# ./dev package
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Dragoman developers <dragoman@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL dragoman dragoman-dev)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION text)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_DRAGOMAN_PACKAGE_NAME dragoman)
set(CPACK_DEBIAN_DRAGOMAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DRAGOMAN_DESCRIPTION "Reads the notices that police organisations publish or exchange as CSV, XML or
JSON and writes them in the format that another one imports, through one
common schema.")
set(CPACK_DEBIAN_DRAGOMAN-DEV_PACKAGE_NAME dragoman-dev)
set(CPACK_DEBIAN_DRAGOMAN-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DRAGOMAN-DEV_PACKAGE_SUGGESTS dragoman)
set(CPACK_DEBIAN_DRAGOMAN-DEV_DESCRIPTION "Header, build files and a project to begin with: what is needed to build a
plugin of dragoman that reads or writes one more syntax.")
include(CPack)
