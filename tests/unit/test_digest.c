/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 against the examples of FIPS 180-4, in one piece and in many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/digest.h"

static const struct {
	const char *text, *hex;
} examples[] = {
	{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void test_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < DGM_COUNT(examples); i++) {
		struct dgm_digest digest;
		uint8_t sum[DGM_DIGEST_SIZE];
		char hex[DGM_DIGEST_HEX];
		const struct dgm_str text = dgm_str(examples[i].text);
		dgm_digest_init(&digest);
		/* Twice with the same object: it starts over. */
		for (int run = 0; run < 2; run++) {
			for (size_t k = 0; k < text.len; k++)
				dgm_digest_add(&digest, dgm_str_of(text.ptr + k, 1));
			dgm_digest_add(&digest, DGM_NOSTR);
			dgm_digest_end(&digest, sum);
			dgm_digest_hex(sum, hex);
			assert_memory_equal(hex, examples[i].hex, sizeof hex);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
