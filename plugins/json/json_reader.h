/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the reader: its state, which json_read.c moves and json_parts.c notes down and sets. */
#ifndef DGM_JSON_READER_H
#define DGM_JSON_READER_H

#include "json_scan.h"
#include "json_tree.h"

/* "[][]" is the deepest that exists; a few more cost nothing. */
#define LIST_LEVELS 8u
#define NO_PATH UINT32_MAX

enum state { AT_TOP, IN_LIST, IN_PAGE, AT_END, DEAD };
enum list_place { LIST_START, LIST_BEHIND_ITEM, LIST_BEHIND_COMMA };
enum top_kind { TOP_NOTHING, TOP_VALUE, TOP_ARRAY, TOP_PAGE };

/* Where records lie: lists[0] is the top of the file, the others are lists in pages. */
struct list {
	uint32_t levels; /* how many brackets deep records lie at most */
	uint32_t path[LIST_LEVELS + 1];
};

struct reader {
	struct dgm_open open;
	const struct dgm_host *host;
	struct dgm_input *input;
	uint64_t max_record;
	struct json_scan scan;
	struct json_tree *tree; /* parser cjson */
	struct list *lists;
	uint32_t list_count;

	enum state state;
	struct dgm_place place; /* of the next byte */
	bool at_line_start;     /* only white space stands before it on its line */
	enum top_kind last_top;

	const struct list *list;
	uint32_t level;
	enum list_place list_place;

	bool in_page;
	struct json_frame *page; /* the open objects around the list */
	uint32_t page_depth;
	uint32_t *page_keys; /* the page's members so far */
	size_t page_key_count, page_key_capacity;
};

#endif
