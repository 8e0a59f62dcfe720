# SPDX-License-Identifier: Apache-2.0
# Where things lie. The build tree has the shape of the installed tree, so the program finds its plugins and
# definitions by one and the same path relative to itself, built or installed, wherever the tree is moved.
include(GNUInstallDirs)
foreach(dir IN ITEMS BINDIR LIBDIR DATADIR)
	if(IS_ABSOLUTE "${CMAKE_INSTALL_${dir}}")
		message(FATAL_ERROR "CMAKE_INSTALL_${dir} must be relative to the prefix: the program finds its files from its own place")
	endif()
endforeach()
# Not left to the umask: the loader refuses folders that others may write.
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
	OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(DGM_PLUGIN_INSTALL_DIR "${CMAKE_INSTALL_LIBDIR}/dragoman/plugins")
set(DGM_FORMAT_INSTALL_DIR "${CMAKE_INSTALL_DATADIR}/dragoman/formats")
set(DGM_SKELETON_INSTALL_DIR "${CMAKE_INSTALL_DATADIR}/dragoman/skeleton")
file(RELATIVE_PATH DGM_PLUGIN_DIR_FROM_BIN "/${CMAKE_INSTALL_BINDIR}" "/${DGM_PLUGIN_INSTALL_DIR}")
file(RELATIVE_PATH DGM_FORMAT_DIR_FROM_BIN "/${CMAKE_INSTALL_BINDIR}" "/${DGM_FORMAT_INSTALL_DIR}")
file(RELATIVE_PATH DGM_SKELETON_DIR_FROM_BIN "/${CMAKE_INSTALL_BINDIR}" "/${DGM_SKELETON_INSTALL_DIR}")

set(DGM_BUILD_BIN_DIR "${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_BINDIR}")
set(DGM_BUILD_PLUGIN_DIR "${PROJECT_BINARY_DIR}/${DGM_PLUGIN_INSTALL_DIR}")
set(DGM_BUILD_FORMAT_DIR "${PROJECT_BINARY_DIR}/${DGM_FORMAT_INSTALL_DIR}")

# A link, so that an edited definition needs no build.
cmake_path(GET DGM_BUILD_FORMAT_DIR PARENT_PATH format_parent)
file(MAKE_DIRECTORY "${format_parent}" "${DGM_BUILD_PLUGIN_DIR}")
file(CREATE_LINK "${PROJECT_SOURCE_DIR}/formats" "${DGM_BUILD_FORMAT_DIR}" SYMBOLIC)
file(CREATE_LINK "${PROJECT_SOURCE_DIR}/tests/plugins/example"
	"${PROJECT_BINARY_DIR}/${DGM_SKELETON_INSTALL_DIR}" SYMBOLIC)
