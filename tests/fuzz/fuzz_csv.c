/* SPDX-License-Identifier: Apache-2.0 */
/* The engine csv. Small limits stand among the setups, so that short inputs reach them. */
#include "fuzz_engine.h"

static const struct fuzz_setup setups[] = {
	{.paths = {""}, .options = {"window=1"}},
	{.paths = {""}, .options = {"delimiter=;", "window=16"}},
	{.paths = {""}, .options = {"delimiter=tab", "quote=none", "window=1"}},
	{.paths = {""}, .options = {"header=no", "window=7"}},
	{.paths = {""}, .options = {"max-field=8", "max-columns=4", "max-record=24", "window=1"}},
	{.paths = {""}, .options = {"scanner=libcsv", "window=1"}},
	{.paths = {""}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_engine_run("csv", setups, DGM_COUNT(setups), data, size);
	return 0;
}
