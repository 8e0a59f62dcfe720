# SPDX-License-Identifier: Apache-2.0
# What Debian's policy wants of packages beside the files themselves: a copyright file, a changelog, compressed manuals.
# Only under the preset package.
find_program(DGM_GZIP gzip REQUIRED)
set(debian "${PROJECT_BINARY_DIR}/debian")
file(CONFIGURE OUTPUT "${debian}/changelog" @ONLY CONTENT [[
dragoman (@PROJECT_VERSION@) unstable; urgency=medium

  * First release.

 -- The Dragoman developers <dragoman@localhost>  Tue, 24 Nov 2026 00:00:00 +0000
]])

# The same bytes from the same text: no name and no time.
function(dgm_compress from to)
	add_custom_command(OUTPUT "${to}"
		COMMAND ${DGM_GZIP} -9nc "${from}" > "${to}"
		DEPENDS "${from}"
		VERBATIM)
	set_property(GLOBAL APPEND PROPERTY DGM_COMPRESSED "${to}")
endfunction()

dgm_compress("${debian}/changelog" "${debian}/changelog.gz")
foreach(package IN ITEMS dragoman dragoman-dev)
	file(CONFIGURE OUTPUT "${debian}/overrides/${package}" @ONLY CONTENT [[
# The project has no mail address of its own yet.
@package@: bogus-mail-host Maintainer *
@package@: bogus-mail-host-in-debian-changelog *
]])
	install(FILES "${debian}/overrides/${package}" DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides"
		COMPONENT ${package})
	install(FILES "${debian}/changelog.gz" "${PROJECT_SOURCE_DIR}/cmake/debian/copyright"
		DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${package}" COMPONENT ${package})
endforeach()

function(dgm_install_manual manual section component)
	cmake_path(GET manual FILENAME name)
	dgm_compress("${manual}" "${debian}/${name}.gz")
	install(FILES "${debian}/${name}.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}" COMPONENT ${component})
endfunction()
