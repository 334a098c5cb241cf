/* An issue's tree in one line, so that a test can compare all of it at once.
 *
 *   (p …) paragraph, (p! …) in a tight list; (h2#id …); (quote …); (ul …) (ol3 …), "!" when tight;
 *   (li …) with [x] or [ ]; (pre info|literal); (hr); (table lcr- (tr (td …)…)…), th for header
 *   cells; "text" `code` (em …) (b …) (s …) (a url … title) (img src|alt|title|WxH) / soft break,
 *   // hard break, <tag> kept HTML; (sec2#id.class key=value "title" …);
 *   (fig …) figure; (by …) attribution; (::name args key=value …) directive; (toc n) with how many
 *   sections; (^id) note_ref with its number; {name|default} field;
 *   (item icon "title" source + : heading : body), + when it continues.
 */
#ifndef NEWS_TESTS_OUTLINE_H
#define NEWS_TESTS_OUTLINE_H

#include <stdio.h>
#include <stdlib.h>

#include "model/model.h"

typedef struct {
    char *ptr;
    size_t len, capacity;
} outline_text;

static inline void outline_put(outline_text *o, const char *ptr, size_t len)
{
    if (o->len + len + 1 > o->capacity) {
        o->capacity = (o->len + len + 1) * 2;
        o->ptr = realloc(o->ptr, o->capacity);
        if (o->ptr == NULL)
            abort();
    }
    memcpy(o->ptr + o->len, ptr, len);
    o->len += len;
    o->ptr[o->len] = '\0';
}

static inline void outline_str(outline_text *o, news_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\n')
            outline_put(o, "\\n", 2);
        else
            outline_put(o, s.ptr + i, 1);
    }
}

static inline void outline_c(outline_text *o, const char *s)
{
    outline_put(o, s, strlen(s));
}

static inline void outline_number(outline_text *o, long number)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", number);
    outline_c(o, text);
}

static inline void outline_node(outline_text *o, const news_node *node);

static inline void outline_children(outline_text *o, const news_node *node)
{
    for (const news_node *child = node->first_child; child != NULL; child = child->next) {
        outline_c(o, " ");
        outline_node(o, child);
    }
}

static inline void outline_run(outline_text *o, news_nodes run)
{
    for (const news_node *node; (node = news_nodes_next(&run)) != NULL;) {
        outline_c(o, " ");
        outline_node(o, node);
    }
}

static inline void outline_open(outline_text *o, const char *name, const news_node *node)
{
    outline_c(o, "(");
    outline_c(o, name);
    if ((node->kind == NEWS_KIND_PARAGRAPH || node->kind == NEWS_KIND_LIST) &&
        (node->flags & NEWS_NODE_TIGHT) != 0)
        outline_c(o, "!");
}

static inline void outline_section(outline_text *o, const news_node *node)
{
    const news_section *section = node->extra;
    outline_c(o, "(sec");
    outline_number(o, node->number);
    outline_c(o, "#");
    outline_str(o, node->a);
    if (section->classes != NULL)
        for (const news_node *c = section->classes->first_child; c != NULL; c = c->next) {
            outline_c(o, ".");
            outline_str(o, c->b);
        }
    if (section->attrs != NULL)
        for (const news_node *c = section->attrs->first_child; c != NULL; c = c->next) {
            outline_c(o, " ");
            outline_str(o, c->a);
            outline_c(o, "=");
            outline_str(o, c->b);
        }
    outline_c(o, " \"");
    outline_str(o, node->b);
    outline_c(o, "\"");
    outline_children(o, node);
    outline_c(o, ")");
}

static inline void outline_item(outline_text *o, const news_node *node)
{
    const news_item *item = node->extra;
    outline_c(o, "(item ");
    if (item->icon.len != 0) {
        outline_str(o, item->icon);
        outline_c(o, " ");
    }
    outline_c(o, "\"");
    outline_str(o, item->title);
    outline_c(o, "\"");
    if (item->source.len != 0) {
        outline_c(o, " ");
        outline_str(o, item->source);
    }
    outline_c(o, (node->flags & NEWS_NODE_CONTINUES) != 0 ? " + :" : " :");
    outline_run(o, item->heading);
    outline_c(o, " :");
    outline_run(o, item->body);
    outline_c(o, ")");
}

static inline void outline_inline(outline_text *o, const news_node *node)
{
    switch (node->kind) {
    case NEWS_KIND_TEXT:
        outline_c(o, "\"");
        outline_str(o, node->a);
        outline_c(o, "\"");
        return;
    case NEWS_KIND_CODE:
        outline_c(o, "`");
        outline_str(o, node->a);
        outline_c(o, "`");
        return;
    case NEWS_KIND_SOFTBREAK: outline_c(o, "/"); return;
    case NEWS_KIND_LINEBREAK: outline_c(o, "//"); return;
    case NEWS_KIND_HTML_INLINE: outline_str(o, node->a); return;
    case NEWS_KIND_IMAGE: {
        const news_image *image = node->extra;
        outline_c(o, "(img ");
        outline_str(o, node->a);
        outline_c(o, "|");
        outline_str(o, node->b);
        if (image != NULL) {
            outline_c(o, "|");
            outline_str(o, image->title);
            outline_c(o, "|");
            outline_number(o, image->width);
            outline_c(o, "x");
            outline_number(o, image->height);
        }
        outline_c(o, ")");
        return;
    }
    case NEWS_KIND_LINK:
        outline_c(o, "(a ");
        outline_str(o, node->a);
        outline_children(o, node);
        if (node->extra != NULL) {
            outline_c(o, " ");
            outline_str(o, ((const news_link *)node->extra)->title);
        }
        outline_c(o, ")");
        return;
    case NEWS_KIND_NOTE_REF: {
        const news_note_ref *ref = node->extra;
        outline_c(o, "^");
        outline_str(o, node->a);
        outline_c(o, "=");
        outline_number(o, ref->note != NULL ? ref->note->number : 0);
        return;
    }
    case NEWS_KIND_FIELD:
        outline_c(o, "{");
        outline_str(o, node->a);
        if ((node->flags & NEWS_NODE_DEFAULT) != 0) {
            outline_c(o, "|");
            outline_str(o, node->b);
        }
        outline_c(o, "}");
        return;
    default: outline_c(o, "?"); return;
    }
}

static inline void outline_directive(outline_text *o, const news_node *node)
{
    const news_directive *directive = node->extra;
    outline_c(o, "(::");
    outline_str(o, node->a);
    const news_node *const lists[] = {directive->args, directive->attrs, directive->classes};
    for (size_t i = 0; i < 3; i++)
        for (const news_node *entry = lists[i] != NULL ? lists[i]->first_child : NULL;
             entry != NULL; entry = entry->next) {
            outline_c(o, i == 2 ? " ." : " ");
            outline_str(o, entry->a);
            outline_c(o, i == 1 ? "=" : "");
            outline_str(o, entry->b);
        }
}

static inline void outline_node(outline_text *o, const news_node *node)
{
    switch (node->kind) {
    case NEWS_KIND_SECTION: outline_section(o, node); return;
    case NEWS_KIND_ITEM: outline_item(o, node); return;
    case NEWS_KIND_PARAGRAPH: outline_open(o, "p", node); break;
    case NEWS_KIND_HEADING:
        outline_c(o, "(h");
        outline_number(o, node->number);
        outline_c(o, "#");
        outline_str(o, node->a);
        break;
    case NEWS_KIND_BLOCK_QUOTE: outline_open(o, "quote", node); break;
    case NEWS_KIND_LIST:
        if ((node->flags & NEWS_NODE_ORDERED) != 0) {
            char name[16];
            snprintf(name, sizeof name, "ol%d", (int)node->number);
            outline_open(o, name, node);
        } else {
            outline_open(o, "ul", node);
        }
        break;
    case NEWS_KIND_LIST_ITEM:
        outline_open(o, "li", node);
        if ((node->flags & NEWS_NODE_TASK) != 0)
            outline_c(o, (node->flags & NEWS_NODE_CHECKED) != 0 ? "[x]" : "[ ]");
        break;
    case NEWS_KIND_CODE_BLOCK:
        outline_c(o, "(pre ");
        outline_str(o, node->b);
        outline_c(o, "|");
        outline_str(o, node->a);
        break;
    case NEWS_KIND_THEMATIC_BREAK: outline_c(o, "(hr"); break;
    case NEWS_KIND_TABLE: {
        const news_align *aligns = node->extra;
        outline_c(o, "(table ");
        for (int32_t i = 0; i < node->number; i++)
            outline_put(o, &"-lcr"[aligns[i]], 1);
        break;
    }
    case NEWS_KIND_TABLE_ROW: outline_c(o, "(tr"); break;
    case NEWS_KIND_TABLE_CELL:
        outline_c(o, (node->flags & NEWS_NODE_HEADER) != 0 ? "(th" : "(td");
        break;
    case NEWS_KIND_FIGURE: outline_c(o, "(fig"); break;
    case NEWS_KIND_ATTRIBUTION: outline_c(o, "(by"); break;
    case NEWS_KIND_HTML_BLOCK:
        outline_c(o, "(html ");
        outline_str(o, node->a);
        break;
    case NEWS_KIND_DIRECTIVE: outline_directive(o, node); break;
    case NEWS_KIND_TOC:
        outline_c(o, "(toc ");
        outline_number(o, (long)((const news_nodes *)node->extra)->count);
        break;
    case NEWS_KIND_EMPH: outline_c(o, "(em"); break;
    case NEWS_KIND_STRONG: outline_c(o, "(b"); break;
    case NEWS_KIND_STRIKE: outline_c(o, "(s"); break;
    default: outline_inline(o, node); return;
    }
    outline_children(o, node);
    outline_c(o, ")");
}

/* The root's children. The caller frees it. */
static inline char *outline_of(const news_issue *issue)
{
    outline_text o = {NULL, 0, 0};
    outline_put(&o, "", 0);
    for (const news_node *node = issue->root->first_child; node != NULL; node = node->next) {
        if (o.len != 0)
            outline_c(&o, " ");
        outline_node(&o, node);
    }
    return o.ptr;
}

#endif
