# SPDX-License-Identifier: Apache-2.0
# What is installed besides the program and its plugins.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/formats/" DESTINATION "${DGM_FORMAT_INSTALL_DIR}" COMPONENT dragoman
	FILES_MATCHING PATTERN "*.yaml")
