/* SPDX-License-Identifier: Apache-2.0 */
#include "xml_engine.h"
int32_t xml_writer_open(const struct dgm_open *open, void **ret_writer){(void)open;(void)ret_writer;return DGM_FATAL;}
int32_t xml_writer_put(void *writer, const struct dgm_record *record){(void)writer;(void)record;return DGM_FATAL;}
int32_t xml_writer_finish(void *writer){(void)writer;return DGM_FATAL;}
void xml_writer_close(void *writer){(void)writer;}
