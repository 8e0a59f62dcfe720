/* SPDX-License-Identifier: Apache-2.0 */
/* The project of a plugin to begin with: the files of ../share/dragoman/skeleton, with another name. */
#ifndef DGM_CLI_SKELETON_H
#define DGM_CLI_SKELETON_H

/* Makes a folder of that name here, which must not exist. An exit status. */
int cli_skeleton(const char *name);

#endif
