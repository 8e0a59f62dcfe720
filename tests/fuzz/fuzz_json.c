/* SPDX-License-Identifier: Apache-2.0 */
/* The engine json, with the shapes of files that definitions know. */
#include "fuzz_engine.h"

static const struct fuzz_setup setups[] = {
	{.paths = {""}, .rewrite = true},
	{.paths = {"[]"}, .options = {"layout=array"}, .rewrite = true},
	{.paths = {"[][]"}, .options = {"layout=array", "indent=2"}},
	{.paths = {"_embedded/notices[]"}, .options = {"layout=page"}, .rewrite = true},
	{.paths = {"[]", "[][]", "", "a/b[]"}, .options = {"indent=1"}},
	{.paths = {""}, .options = {"parser=cjson"}},
	{.paths = {"", "[]"}, .options = {"max-depth=3", "max-record=40", "max-number=5", "max-members=3"}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_engine_run("json", setups, DGM_COUNT(setups), data, size);
	return 0;
}
