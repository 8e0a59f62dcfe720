/* SPDX-License-Identifier: Apache-2.0 */
#include "io/charset.h"

static const struct dgm_charset charsets[] = {
	{"utf-8", "utf8", NULL, DGM_CHARSET_UTF8},
	{"utf-16le", "", NULL, DGM_CHARSET_UTF16LE},
	{"utf-16be", "", NULL, DGM_CHARSET_UTF16BE},
};

const struct dgm_charset *dgm_charset_at(size_t index)
{
	return index < DGM_COUNT(charsets) ? &charsets[index] : NULL;
}

const struct dgm_charset *dgm_charset_find(struct dgm_str name)
{
	for (size_t i = 0; i < DGM_COUNT(charsets); i++)
		if (dgm_str_eq_nocase(name, dgm_str(charsets[i].name)))
			return &charsets[i];
	return NULL;
}

const struct dgm_charset *dgm_charset_of_bom(struct dgm_str head, size_t *ret_length)
{
	if (!dgm_str_starts(head, DGM_STR("\xEF\xBB\xBF")))
		return NULL;
	*ret_length = 3;
	return &charsets[0];
}

struct dgm_decoder *dgm_decoder_new(const struct dgm_charset *charset)
{
	(void)charset;
	return NULL;
}

void dgm_decoder_free(struct dgm_decoder *decoder)
{
	(void)decoder;
}

size_t dgm_decoder_run(struct dgm_decoder *decoder, struct dgm_str bytes, bool last, char *to, size_t *ret_used)
{
	(void)decoder, (void)last, (void)to;
	*ret_used = bytes.len;
	return 0;
}

struct dgm_encoder *dgm_encoder_new(const struct dgm_charset *charset)
{
	(void)charset;
	return NULL;
}

void dgm_encoder_free(struct dgm_encoder *encoder)
{
	(void)encoder;
}

size_t dgm_encoder_char(struct dgm_encoder *encoder, uint32_t code_point, char to[DGM_ENCODED_MAX])
{
	(void)encoder, (void)code_point, (void)to;
	return 0;
}

size_t dgm_encoder_run(struct dgm_encoder *encoder, struct dgm_str text, char *to, size_t *ret_used)
{
	(void)encoder, (void)to;
	*ret_used = text.len;
	return 0;
}
