/* Private to the text room: the boundary between two code points. */
#ifndef NEWS_TEXT_GRAPHEME_H
#define NEWS_TEXT_GRAPHEME_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a cluster ends between two neighbours. *state belongs to the cluster that holds `before`
 * and is 0 where it begins. */
bool news_grapheme_breaks(uint32_t before, uint32_t after, int32_t *state);

#endif
