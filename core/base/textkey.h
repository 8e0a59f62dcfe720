/* SPDX-License-Identifier: Apache-2.0 */
/* Keys: texts made so that spellings of one name become one. For looking up and comparing, never for writing out. */
#ifndef DGM_BASE_TEXTKEY_H
#define DGM_BASE_TEXTKEY_H

#include "base/arena.h"

/*
 * The canonical spelling (text.h), case folded (ICU), dotted and dotless i as one, inner white space to one blank,
 * trimmed. Of what is not valid UTF-8 only the ASCII letters are folded.
 */
struct dgm_str dgm_text_fold(struct dgm_arena *arena, struct dgm_str s);

/*
 * The same without what people leave out or confuse: marks on Latin and Greek letters, and letters that ASCII has no
 * counterpart of as it writes them (ø as o, ı as i, ß as ss); ё as е; of Arabic script vowel signs, and as one letter
 * each alef with and without hamza, madda or wasla, ya and alef maqsura, ha and ta marbuta, and what Persian and Urdu
 * write for kaf, ya and ha; Hebrew points; joiners. й, ї, ؤ and vowel signs of Indic scripts are letters and stay.
 */
struct dgm_str dgm_text_key(struct dgm_arena *arena, struct dgm_str s);

#endif
