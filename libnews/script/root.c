/* The root of all formats: every kind as plain text, so that what a format leaves out is not lost.
 */
#include "script/host.h"

static const struct {
    uint8_t renderer;
    uint8_t type;
    const char *template;
} root_renderers[] = {
    {NEWS_KIND_ISSUE, NEWS_RENDERER_TEMPLATE,
     "{{ title }}\n\n{{ publication.masthead }}{{ children }}{{ notes }}{{ publication.footer }}"},
    {NEWS_KIND_SECTION, NEWS_RENDERER_TEMPLATE, "{{ heading }}{{ children }}"},
    {NEWS_KIND_ITEM, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_PARAGRAPH, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_HEADING, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_BLOCK_QUOTE, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_LIST, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_LIST_ITEM, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_CODE_BLOCK, NEWS_RENDERER_TEMPLATE, "{{ literal }}"},
    {NEWS_KIND_THEMATIC_BREAK, NEWS_RENDERER_TEMPLATE, "* * *"},
    {NEWS_KIND_TABLE, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_TABLE_ROW, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_TABLE_CELL, NEWS_RENDERER_TEMPLATE, "{{ children }} "},
    {NEWS_KIND_HTML_BLOCK, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_FIGURE, NEWS_RENDERER_TEMPLATE, "{{ children }}\n{{ caption }}"},
    {NEWS_KIND_ATTRIBUTION, NEWS_RENDERER_TEMPLATE, "— {{ children }}"},
    {NEWS_KIND_DIRECTIVE, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_TOC, NEWS_RENDERER_NOTHING, NULL}, /* it repeats what stands elsewhere */
    {NEWS_KIND_NOTE, NEWS_RENDERER_TEMPLATE, "({{ number }}) \t{{ children }}"},
    {NEWS_KIND_TEXT, NEWS_RENDERER_TEMPLATE, "{{ literal }}"},
    {NEWS_KIND_EMPH, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_STRONG, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_STRIKE, NEWS_RENDERER_TEMPLATE, "{{ children }}"},
    {NEWS_KIND_CODE, NEWS_RENDERER_TEMPLATE, "{{ literal }}"},
    {NEWS_KIND_LINK, NEWS_RENDERER_TEMPLATE, "{{ children }}{{ ref }}"},
    {NEWS_KIND_IMAGE, NEWS_RENDERER_TEMPLATE, "{{ alt }}"},
    {NEWS_KIND_SOFTBREAK, NEWS_RENDERER_SOFTBREAK, NULL},
    {NEWS_KIND_LINEBREAK, NEWS_RENDERER_LINEBREAK, NULL},
    {NEWS_KIND_HTML_INLINE, NEWS_RENDERER_NOTHING, NULL},
    {NEWS_KIND_NOTE_REF, NEWS_RENDERER_TEMPLATE, " ({{ number }})"},
    {NEWS_KIND_FIELD, NEWS_RENDERER_MERGE_FIELD, NULL},
    {NEWS_RENDERER_LINKS, NEWS_RENDERER_TEMPLATE, "[{{ number }}] {{ url }}"},
};

void news_push_root(lua_State *L)
{
    news_format *format = lua_newuserdatauv(L, sizeof *format, NEWS_FORMAT_USER_VALUES);
    *format = (news_format){.tag = NEWS_TAG_FORMAT,
                            .media = "text/plain; charset=utf-8",
                            .extension = "txt",
                            .edition = "web",
                            .escape = NEWS_ESCAPE_TEXT,
                            .fill = true,
                            .width = 72,
                            .links = NEWS_LINKS_INLINE};
    lua_newtable(L);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(root_renderers); i++) {
        news_renderer *renderer = &format->renderers[root_renderers[i].renderer];
        renderer->type = root_renderers[i].type;
        if (renderer->type != NEWS_RENDERER_TEMPLATE)
            continue;
        lua_pushstring(L, root_renderers[i].template);
        renderer->template = news_template_compile(L, -1, root_renderers[i].renderer, format);
        lua_rawseti(L, -3, root_renderers[i].renderer);
        lua_pop(L, 1);
    }
    lua_setiuservalue(L, -2, NEWS_FORMAT_FUNCTIONS);
    lua_newtable(L);
    lua_setiuservalue(L, -2, NEWS_FORMAT_OPTIONS);
}
