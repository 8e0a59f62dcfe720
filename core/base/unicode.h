/* SPDX-License-Identifier: Apache-2.0 */
/* ICU as a part of a program. */
#ifndef DGM_BASE_UNICODE_H
#define DGM_BASE_UNICODE_H

/*
 * When memory is out, ICU's allocations end the program with a message from now on, as those of the core do
 * (dgm_no_memory): ICU itself does not look everywhere. For a program that owns its process, before anything of ICU runs.
 */
void dgm_unicode_memory(void);

#endif
