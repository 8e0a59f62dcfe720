/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a conversion, one by one. */
#include "request.h"

#include <stdio.h>

#include "io/charset.h"
#include "log.h"

static bool add_writer_option(struct cli_request *request, const char *value)
{
	if (request->to_count == DGM_COUNT(request->to_options)) {
		fprintf(stderr, "dragoman %s: more than 32 plugin options\n", request->command);
		return false;
	}
	request->to_options[request->to_count++] = dgm_option_split(dgm_str(value));
	return true;
}

static bool take_on_error(struct cli_request *request, const char *value)
{
	const struct dgm_str word = dgm_str(value);
	request->keep_invalid = dgm_str_is(word, "keep");
	if (dgm_str_is(word, "stop"))
		request->max_errors = 1;
	if (request->keep_invalid || request->max_errors == 1 || dgm_str_is(word, "skip"))
		return true;
	fprintf(stderr, "dragoman %s: --on-error is skip, stop or keep, not \"%s\"\n", request->command, value);
	return false;
}

static bool take_max_loss(struct cli_request *request, const char *value)
{
	const struct dgm_str word = dgm_str(value);
	request->declared = dgm_str_is(word, "declared");
	request->limited = !request->declared;
	request->max_loss = 0;
	if (request->declared || dgm_str_is(word, "none") || dgm_str_to_u64(word, &request->max_loss))
		return true;
	fprintf(stderr, "dragoman %s: --max-loss is none, declared or a number, not \"%s\"\n", request->command, value);
	return false;
}

static bool take_to_encoding(struct cli_request *request, const char *value)
{
	request->to_encoding = value;
	if (dgm_charset_find(dgm_str(value)))
		return true;
	fprintf(stderr, "dragoman %s: --to-encoding: there is no charset \"%s\"\n", request->command, value);
	return false;
}

/* A number from 1. */
static bool take_number(const struct cli_request *request, const char *option, const char *value, uint64_t *ret_number)
{
	if (dgm_str_to_u64(dgm_str(value), ret_number) && *ret_number)
		return true;
	fprintf(stderr, "dragoman %s: --%s is a number from 1, not \"%s\"\n", request->command, option, value);
	return false;
}

bool cli_request_take(struct cli_request *request, int id, const char *value)
{
	if (id >= CLI_SOURCE_FROM && id <= CLI_SOURCE_ENCODING)
		return cli_source_take_option(&request->source, request->command, id, value);
	if (id >= CLI_REQUEST_LIMIT && id < CLI_REQUEST_END)
		return cli_limits_set(&request->limits, (enum cli_limit)(id - CLI_REQUEST_LIMIT), request->command,
			value);
	switch ((enum cli_request_option)id) {
	case CLI_REQUEST_TO:
		request->to = value;
		return true;
	case CLI_REQUEST_TO_ENCODING:
		return take_to_encoding(request, value);
	case CLI_REQUEST_BUNDLE_LIMIT:
		return cli_source_set_limit(&request->source, request->command, value);
	case CLI_REQUEST_TO_OPTION:
		return add_writer_option(request, value);
	case CLI_REQUEST_PROVENANCE:
		return request->provenance = true;
	case CLI_REQUEST_HANDLING_LOSS:
		return request->handling_loss = true;
	case CLI_REQUEST_KEEP_PARTIAL:
		return request->keep_partial = true;
	case CLI_REQUEST_VALIDATE:
		return request->validate = true;
	case CLI_REQUEST_STRICT:
		return request->strict = true;
	case CLI_REQUEST_ON_ERROR:
		return take_on_error(request, value);
	case CLI_REQUEST_MAX_ERRORS:
		return take_number(request, "max-errors", value, &request->max_errors);
	case CLI_REQUEST_VERIFY:
		return take_number(request, "verify", value, &request->verify);
	case CLI_REQUEST_SCHEMA:
		dgm_schema_file_free(request->schema);
		request->schema = dgm_schema_file_open(value, &cli_diags);
		return request->schema != NULL;
	case CLI_REQUEST_ADVICE:
		request->validate = true;
		return dgm_advice_load(&request->advice, value, &cli_diags) == 0;
	case CLI_REQUEST_MAX_LOSS:
		return take_max_loss(request, value);
	case CLI_REQUEST_SANDBOX:
		return cli_limits_sandbox(&request->limits, request->command, value);
	case CLI_REQUEST_LIMIT:
	case CLI_REQUEST_END:
		break;
	}
	return false;
}

void cli_request_done(struct cli_request *request)
{
	dgm_advice_done(&request->advice);
	dgm_schema_file_free(request->schema);
}
