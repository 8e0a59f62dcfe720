/* SPDX-License-Identifier: Apache-2.0 */
/* The engine xml. */
#include "fuzz_engine.h"

static const struct fuzz_setup setups[] = {
	{.paths = {"notices/record"}, .rewrite = true, .any_fault = true},
	{.paths = {"L/A/a", "L/B/b"}, .options = {"indent=0"}, .rewrite = true, .any_fault = true},
	{.paths = {"r"}, .any_fault = true},
	{.paths = {"notices/record"},
		.options = {"namespace=urn:dragoman:notice:1", "declaration=no"},
		.rewrite = true,
		.any_fault = true},
	{.paths = {"l/r"},
		.options = {"max-depth=4", "max-attributes=2", "max-text=16", "max-record=64", "max-names=8"},
		.any_fault = true},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_engine_run("xml", setups, DGM_COUNT(setups), data, size);
	return 0;
}
