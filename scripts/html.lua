-- html.lua: the web page. One file, nothing loaded from elsewhere, no JavaScript; it reads well on a
-- telephone, on a desk, in the dark and on paper.
local news = require "news"
local words = require "news.words"

local html = news.format {
  name = "html",
  media = "text/html; charset=utf-8", extension = "html",
  edition = "web", escape = "html", fill = false,
}

-- The measure is about 66 characters. Sizes hang on the root's, so that a reader's setting counts;
-- directions are logical, so that a page in Arabic mirrors itself.
local style = [[
:root {
  color-scheme: light dark;
  --paper: #fffefb; --wash: #f4f1e9; --rule: #d9d3c5; --ink: #24211b; --soft: #655f54; --link: {light};
  --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, "Noto Serif", serif;
  --sans: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #191815; --wash: #25231e; --rule: #403c34; --ink: #e7e3d9; --soft: #aaa395; --link: {dark}; }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font-family: var(--serif); line-height: 1.55;
  font-size: clamp(1.0625rem, 0.98rem + 0.4vw, 1.25rem); text-size-adjust: 100%; -webkit-text-size-adjust: 100%; }
body { margin: 0; overflow-wrap: break-word; }
main { max-width: 36rem; margin-inline: auto; padding: clamp(1.5rem, 7vw, 4.5rem) 1.25rem 4rem; }
[dir=ltr] :is(p, li, h1, h2, h3, h4, h5, h6, blockquote, th, td) { unicode-bidi: plaintext; }
:lang(ar), :lang(fa), :lang(ur), :lang(he), :lang(zh), :lang(ja), :lang(ko) { line-height: 1.8; }
:is(:lang(ar), :lang(fa), :lang(ur), :lang(he), :lang(zh), :lang(ja), :lang(ko)) em { font-style: normal; font-weight: 600; }

header { margin-block-end: 2.5rem; }
header > p { margin: 0; font: 0.8rem/1.5 var(--sans); color: var(--soft); }
header > .name { font-weight: 600; }
header > .name a { color: inherit; }
header > div { margin-block-start: 1.6rem; }
h1, h2, h3, h4, h5, h6 { font-weight: 700; line-height: 1.2; margin: 2rem 0 0.6rem; text-wrap: balance; break-after: avoid; }
h1 { font-size: clamp(1.9rem, 1.5rem + 1.8vw, 2.6rem); line-height: 1.1; letter-spacing: -0.01em; margin: 0.4rem 0 0.7rem; }
:lang(ar) h1, :lang(fa) h1, :lang(ur) h1 { letter-spacing: 0; line-height: 1.35; }
h2 { font-size: 1.4rem; margin-block-start: 3.2rem; }
h3 { font-size: 1.1rem; }
h4, h5, h6 { font-size: 1rem; }
h2 + h3, h3 + h4 { margin-block-start: 1rem; }

nav.contents { margin-block: 2.5rem; padding-block: 1.1rem 0.6rem; border-block: 1px solid var(--rule); }
nav.contents h2 { margin: 0 0 0.6rem; font: 600 0.8rem/1.5 var(--sans); color: var(--soft); }
nav.contents li { padding-inline-start: 0.2rem; margin-block-end: 0.5rem; }
nav.contents a { font-weight: 600; }

p, ul, ol, blockquote, figure, pre, .table { margin: 0 0 0.95rem; }
p { text-wrap: pretty; }
a { color: var(--link); text-decoration-thickness: 0.06em; text-underline-offset: 0.16em; overflow-wrap: anywhere; }
a:hover { text-decoration-thickness: 0.12em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
ul, ol { padding-inline-start: 1.5rem; }
li { margin-block-end: 0.3rem; }
li > :is(ul, ol) { margin: 0.3rem 0 0; }
li::marker { color: var(--soft); }
li.task { list-style: none; position: relative; }
li.task > .box { position: absolute; inset-inline-start: -1.5rem; }
blockquote { margin-inline: 0; padding-inline-start: 1.2rem; border-inline-start: 3px solid var(--rule); }
blockquote > :last-child, li > p:last-child { margin-block-end: 0; }
figure.quote blockquote { margin-block-end: 0.3rem; }
figure.quote figcaption { padding-inline-start: calc(1.2rem + 3px); font-size: 0.9rem; color: var(--soft); }
li + li > p:first-child { margin-block-start: 0.8rem; }
hr { border: 0; margin: 2.2rem 0; text-align: center; color: var(--soft); line-height: 1; }
hr::before { content: "*\2003*\2003*"; }
img { max-width: 100%; height: auto; font: italic 0.85rem/1.4 var(--sans); color: var(--soft); }
p > img:only-child, figure img { display: block; margin-inline: auto; }
figure:not(.quote) { margin-block: 1.8rem; }
figure:not(.quote) figcaption { margin-block-start: 0.5rem; font: 0.85rem/1.45 var(--sans); text-wrap: pretty; }
figcaption small { font-size: 0.75rem; }
small { font: 0.8rem/1.5 var(--sans); color: var(--soft); }
sub, sup { font-size: 0.75em; line-height: 0; }
sup a { padding-inline: 0.1em; text-decoration: none; }

code, pre, kbd { font-family: var(--mono); font-size: 0.85em; background: var(--wash); border-radius: 3px; }
code, kbd { padding: 0.1em 0.3em; direction: ltr; unicode-bidi: isolate; }
pre { padding: 0.9rem 1.1rem; overflow-x: auto; line-height: 1.5; tab-size: 4; text-align: left; }
pre code { padding: 0; font-size: 1em; background: none; }
.table { overflow-x: auto; font: 0.85rem/1.45 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
table { border-collapse: collapse; min-width: 60%; }
th, td { min-width: 4.5rem; padding: 0.4rem 1.2rem 0.4rem 0; text-align: start; vertical-align: baseline;
  border-block-end: 1px solid var(--rule); }
[dir=rtl] :is(th, td) { padding: 0.4rem 0 0.4rem 1.2rem; }
tr > :last-child { padding-inline-end: 0; }
th { font-weight: 600; vertical-align: bottom; border-block-end-color: var(--soft); }
.left { text-align: left; }
.center { text-align: center; }
.right { text-align: right; }

[role=doc-endnotes] { margin-block-start: 3.2rem; font-size: 0.9rem; }
[role=doc-endnotes] h2 { margin: 0 0 0.6rem; font-size: 1.1rem; }
[role=doc-endnotes] > hr { margin-block: 0 1.4rem; text-align: start; }
[role=doc-backlink] { font-family: var(--sans); text-decoration: none; }
:target { scroll-margin-block-start: 1.5rem; }
li:target, sup :target { background: var(--wash); }

footer { margin-block-start: 3rem; padding-block-start: 1rem; border-block-start: 1px solid var(--rule);
  font: 0.8rem/1.6 var(--sans); color: var(--soft); }
footer p { margin: 0 0 0.3rem; }
footer a { color: inherit; }
a.skip { position: absolute; inset: 0.5rem auto auto 0.5rem; padding: 0.4rem 0.8rem; background: var(--paper);
  font: 0.9rem var(--sans); }
a.skip:not(:focus) { width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }

@media print {
  :root { color-scheme: light; --paper: #fff; --wash: #fff; --rule: #aaa; --ink: #000; --soft: #444; --link: #000; }
  @page { margin: 2.2cm 2cm; }
  html { font-size: 11pt; line-height: 1.4; }
  main { max-width: none; padding: 0; }
  p, li { orphans: 3; widows: 3; }
  pre, .table { overflow: visible; }
  pre { white-space: pre-wrap; border: 1px solid var(--rule); }
  img, tr, pre, blockquote, figure { break-inside: avoid; }
  a.skip, a[role=doc-backlink], nav.contents { display: none; }
}
]]

local style_parts = { style:match("^(.-){light}(.-){dark}(.*)$") }

local right_to_left = {
  ar = true, ckb = true, dv = true, fa = true, he = true, ks = true, ps = true, sd = true,
  ug = true, ur = true, yi = true,
}

-- ---- The publication's colour ----

-- The relative luminance of a colour, an array of red, green and blue from 0 to 1 (WCAG 2).
local function luminance(colour)
  local linear = {}
  for i, part in ipairs(colour) do
    linear[i] = part <= 0.04045 and part / 12.92 or ((part + 0.055) / 1.055) ^ 2.4
  end
  return 0.2126 * linear[1] + 0.7152 * linear[2] + 0.0722 * linear[3]
end

local function contrast(a, b)
  local light, dark = luminance(a), luminance(b)
  if light < dark then light, dark = dark, light end
  return (light + 0.05) / (dark + 0.05)
end

-- The same hue and saturation (HSL) at another lightness.
local function at_lightness(colour, lightness)
  local least, most = math.min(table.unpack(colour)), math.max(table.unpack(colour))
  local own, scale = (least + most) / 2, 0
  if most > least then scale = (1 - math.abs(2 * lightness - 1)) / (1 - math.abs(2 * own - 1)) end
  local shifted = {}
  for i, part in ipairs(colour) do shifted[i] = lightness + (part - own) * scale end
  return shifted
end

-- The colour, or what is nearest to it that can be read on this ground.
local function readable(colour, ground)
  local step = luminance(ground) > 0.5 and -0.01 or 0.01
  local lightness = (math.min(table.unpack(colour)) + math.max(table.unpack(colour))) / 2
  local found = colour
  while contrast(found, ground) < 4.7 do
    lightness = lightness + step
    found = at_lightness(colour, lightness)
  end
  local bytes = {}
  for i, part in ipairs(found) do bytes[i] = math.floor(part * 255 + 0.5) end
  return ("#%02x%02x%02x"):format(table.unpack(bytes))
end

local function parse_colour(text)
  local digits = text:match("^#(%x%x%x%x%x%x)$")
  if text:match("^#%x%x%x$") then digits = text:sub(2):gsub("%x", "%0%0") end
  if not digits then return nil end
  local colour = {}
  for pair in digits:gmatch("%x%x") do colour[#colour + 1] = tonumber(pair, 16) / 255 end
  return colour
end

-- In light and in the dark.
local function link_colours(publication)
  local accent = publication and publication.theme and publication.theme.accent
  if not accent then return "#8b1e1a", "#f0a493" end
  local colour = type(accent) == "string" and parse_colour(accent)
  if not colour then
    error(("theme: accent is %s, not a colour such as #8b1e1a"):format(
      type(accent) == "string" and '"' .. accent .. '"' or "a list"), 0)
  end
  return readable(colour, parse_colour("#f4f1e9")), readable(colour, parse_colour("#25231e"))
end

-- ---- About the issue ----

-- Absent fields are nil and so left out.
local function periodical(publication)
  return publication and publication.name and
    { ["@type"] = "Periodical", name = publication.name, url = publication.url }
end

local function publisher(publication)
  local name = publication and (publication.publisher or publication.name)
  return name and { ["@type"] = "Organization", name = name, url = publication.url }
end

-- The issue as schema.org knows it.
local function metadata(issue, title)
  local authors
  for i, name in ipairs(words.names(issue.authors)) do
    authors = authors or {}
    authors[i] = { ["@type"] = "Person", name = name }
  end
  local part_of = periodical(issue.publication)
  if issue.number then
    part_of = { ["@type"] = "PublicationIssue", issueNumber = issue.number, isPartOf = part_of }
  end
  return {
    ["@context"] = "https://schema.org", ["@type"] = "NewsArticle",
    headline = title, description = issue.summary, image = issue.image, url = issue.url,
    mainEntityOfPage = issue.url, inLanguage = words.language(issue), author = authors,
    wordCount = issue.words, publisher = publisher(issue.publication), isPartOf = part_of,
    datePublished = issue.date and tostring(issue.date),
    dateModified = issue.updated and tostring(issue.updated),
  }
end

local function meta(out, key, name, content)
  if content then out:tag("meta", { [key] = name, content = content }):raw("\n") end
end

local function head(issue, out, title)
  out:raw('<head>\n<meta charset="utf-8">\n',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    '<meta name="color-scheme" content="light dark">\n')
  out:tag("title", nil, title):raw("\n")
  meta(out, "name", "description", issue.summary)
  meta(out, "name", "author", issue.authors and table.concat(words.names(issue.authors), ", "))
  if issue.url then out:tag("link", { rel = "canonical", href = issue.url }):raw("\n") end
  if issue.gemini then
    out:tag("link", { rel = "alternate", type = "text/gemini", href = issue.gemini }):raw("\n")
  end
  meta(out, "property", "og:site_name", issue.publication and issue.publication.name)
  meta(out, "property", "og:type", "article")
  meta(out, "property", "og:title", title)
  meta(out, "property", "og:description", issue.summary)
  meta(out, "property", "og:url", issue.url)
  meta(out, "property", "og:image", issue.image)
  meta(out, "property", "article:published_time", issue.date and tostring(issue.date))
  meta(out, "property", "article:modified_time", issue.updated and tostring(issue.updated))
  local light, dark = link_colours(issue.publication)
  out:raw("<style>\n", style_parts[1], light, style_parts[2], dark, style_parts[3], "</style>\n")
  out:raw('<script type="application/ld+json">', news.json(metadata(issue, title)), "</script>\n")
  out:raw("</head>\n")
end

-- Number, date and how long it takes.
local function imprint(issue, out, english)
  local parts = {}
  if issue.number then parts[1] = (english and "Number " or "№ ") .. issue.number end
  if issue.date then
    parts[#parts + 1] = function()
      out:tag("time", { datetime = tostring(issue.date) }, words.date(issue))
    end
  end
  if issue.reading_minutes > 1 then
    parts[#parts + 1] = issue.reading_minutes .. (english and " minutes" or " min")
  end
  if #parts == 0 then return end
  out:raw("<p>")
  for i, part in ipairs(parts) do
    if i > 1 then out(" · ") end
    out(part)
  end
  out:raw("</p>\n")
end

-- Above the title whose issue it is and which, below it the names and what the publication says.
local function header(issue, out, title, english)
  local publication = issue.publication
  out:raw("<header>\n")
  if publication and publication.name then
    out:raw('<p class="name">')
    if publication.url then
      out:tag("a", { href = publication.url }, publication.name)
    else
      out(publication.name)
    end
    out:raw("</p>\n")
  end
  imprint(issue, out, english)
  out:tag("h1", nil, title):raw("\n")
  if issue.authors then out:tag("p", nil, table.concat(words.names(issue.authors), ", ")):raw("\n") end
  if publication and publication.masthead[1] then
    out:raw("<div>\n")(publication.masthead):raw("</div>\n")
  end
  out:raw("</header>\n")
end

local function notes(issue, out, english)
  if not issue.notes[1] then return end
  out:raw('<section role="doc-endnotes">\n', english and "<h2>Notes</h2>\n" or "<hr>\n")
  out:raw("<ol>\n")(issue.notes):raw("</ol>\n</section>\n")
end

-- A figure says itself whose it is.
local function other_credits(issue)
  local images = {}
  for _, image in ipairs(issue.credits) do
    local parent = image.parent
    if parent.kind == "link" then parent = parent.parent end
    if parent.kind ~= "figure" then images[#images + 1] = image end
  end
  return images
end

local function footer(issue, out, english)
  local credits = words.credits(other_credits(issue), english)
  local standing = issue.publication and issue.publication.footer or {}
  if not (credits or standing[1] or issue.url or issue.tags or issue.unsubscribe) then return end
  out:raw("<footer>\n")
  if credits then out:tag("p", nil, credits):raw("\n") end
  out(standing)
  if issue.tags then out:tag("p", nil, table.concat(words.names(issue.tags), " · ")):raw("\n") end
  if issue.url then out:raw("<p>"):tag("a", { href = issue.url }, issue.url):raw("</p>\n") end
  if issue.unsubscribe then
    out:raw("<p>"):tag("a", { href = issue.unsubscribe }, english and "Unsubscribe" or issue.unsubscribe)
    out:raw("</p>\n")
  end
  out:raw("</footer>\n")
end

function html.issue(issue, out)
  local title = issue.title or issue.slug or "Newsletter"
  local language, publication, english = words.language(issue), issue.publication, words.is_english(issue)
  local primary = language and language:lower():match("^%a*")
  local dir = issue.dir or publication and publication.dir or right_to_left[primary] and "rtl" or "ltr"
  out:raw("<!DOCTYPE html>\n"):open("html", { lang = language or "", dir = dir }):raw("\n")
  head(issue, out, title)
  out:raw('<body>\n<a class="skip" href="#_text"', primary == "en" and "" or ' lang="en" dir="ltr"',
    '>Skip to the text</a>\n<main id="_text">\n<article>\n')
  header(issue, out, title, english)
  out(issue.intro)
  if issue.toc then out(issue.toc) end
  out(issue.sections)
  notes(issue, out, english)
  footer(issue, out, english)
  out:raw("</article>\n</main>\n</body>\n</html>\n")
end

-- Blocks

local function attribute(out, name, value)
  if value then out:raw(" ", name, '="')(value):raw('"') end
end

-- A list of classes, or nil.
local function classes(node, ...)
  local all = { ... }
  for _, class in ipairs(node.classes or {}) do all[#all + 1] = class end
  return all[1] and table.concat(all, " ")
end

html.section = '<section id="{{ id }}" class="{{ classes }}">\n{{ heading }}{{ children }}</section>\n'

function html.toc(toc, out)
  local label = toc.label or words.is_english(words.issue_of(toc)) and "In this issue"
  out:open("nav", { class = "contents", ["aria-label"] = label }):raw("\n")
  if label then out:tag("h2", nil, label):raw("\n") end
  out:raw("<ol>\n")
  for _, section in ipairs(toc.sections) do
    out:raw("<li>"):tag("a", { href = "#" .. section.id }, section.title)
    if section.summary[1] then out(words.is_sentence(section.title) and " " or ": ", section.summary) end
    out:raw("</li>\n")
  end
  out:raw("</ol>\n</nav>\n")
end

html.paragraph = "<p>{{ children }}</p>\n"
html.tight_paragraph = "{{ children }}"
html.block_quote = "<blockquote>\n{{ children }}</blockquote>\n"
html.attribution = "<p>— {{ children }}</p>\n"
html.attributed_quote = '<figure class="quote">\n<blockquote>\n{{ body }}</blockquote>\n'
  .. "<figcaption>— {{ attribution.children }}</figcaption>\n</figure>\n"
html.thematic_break = "<hr>\n"

-- A section carries its heading's id.
function html.heading(heading, out)
  local id = heading.parent.kind ~= "section" and heading.id or nil
  out:tag("h" .. math.min(heading.level, 6), { id = id }, heading.children):raw("\n")
end

html.list = "{{ cr }}<ul>\n{{ children }}</ul>\n"
html.list_item = "<li>{{ children }}</li>\n"
html.listed_item = "<li>{{ children }}</li>\n"

function html.ordered_list(list, out)
  local start = list.start ~= 1 and list.start or nil
  out:cr():open("ol", { start = start }):raw("\n")(list.children):raw("</ol>\n")
end

function html.task_item(item, out)
  out:raw('<li class="task"><span class="box">', item.checked and "☑" or "☐", "</span> ")
  out(item.children):raw("</li>\n")
end

-- An item in paragraphs, in a section of links, as it was written.
html.item = "{{ children }}"

function html.code_block(block, out)
  out:raw('<pre tabindex="0" dir="ltr">')
  out:tag("code", { class = block.lang and "language-" .. block.lang }, block.literal)
  out:raw("</pre>\n")
end

function html.table(t, out)
  out:raw('<div class="table" tabindex="0"><table>\n<thead>\n<tr>\n')
  for _, cell in ipairs(t.header.children) do
    if #cell.children > 0 then
      out:tag("th", { scope = "col", class = cell.align }, cell.children):raw("\n")
    else
      out:raw("<td></td>\n")
    end
  end
  out:raw("</tr>\n</thead>\n")
  if #t.rows > 0 then out:raw("<tbody>\n")(t.rows):raw("</tbody>\n") end
  out:raw("</table></div>\n")
end

html.table_row = "<tr>\n{{ children }}</tr>\n"
html.table_cell = '<td class="{{ align }}">{{ children }}</td>\n'

function html.directive(directive, out)
  local id = directive.attrs and directive.attrs.id
  out:tag("div", { class = classes(directive, directive.name), id = id }, function()
    out:raw("\n")(directive.children)
  end):raw("\n")
end

function html.figure(figure, out)
  out:open("figure", { class = classes(figure.image) }):raw("\n")(figure.children):raw("\n")
  if figure.caption or figure.credit then
    out:raw("<figcaption>")
    if figure.caption then out(figure.caption) end
    if figure.caption and figure.credit then out(" ") end
    if figure.credit then out:tag("small", nil, figure.credit) end
    out:raw("</figcaption>\n")
  end
  out:raw("</figure>\n")
end

-- Ids of sections hold letters, digits and hyphens; so with an underscore these are none of theirs.
local function ref_id(ref)
  return "ref" .. (ref.index > 1 and ref.index or "") .. "_" .. ref.id
end

-- Where the note is spoken of, from behind its last word.
local function back_links(note, out)
  local english = words.is_english(words.issue_of(note))
  for i, ref in ipairs(note.refs) do
    local label = (english and "Back to reference " or "↩ ") .. note.number .. (i > 1 and "." .. i or "")
    if i > 1 then out(" ") end
    out:tag("a", { href = "#" .. ref_id(ref), role = "doc-backlink", ["aria-label"] = label }, "↩\u{FE0E}")
  end
end

function html.note(note, out)
  local blocks = note.children
  out:open("li", { id = "note_" .. note.id }):raw("\n")
  for i, block in ipairs(blocks) do
    if i < #blocks or block.kind ~= "paragraph" then out(block) end
  end
  local last = blocks[#blocks]
  out:raw("<p>")
  if last and last.kind == "paragraph" then out(last.children, " ") end
  back_links(note, out)
  out:raw("</p>\n</li>\n")
end

function html.note_ref(ref, out)
  out:raw("<sup>"):tag("a", { id = ref_id(ref), href = "#note_" .. ref.id, role = "doc-noteref" }, ref.number)
  out:raw("</sup>")
end

-- The core has cleaned what stays of the writer's own HTML, unless the publication trusts it.
function html.html_block(block, out)
  if block.literal ~= "" then out:raw(block.literal) else out(block.children) end
end
function html.html_inline(node, out) out:raw(node.literal) end

-- Inlines

html.emph = "<em>{{ children }}</em>"
html.strong = "<strong>{{ children }}</strong>"
html.strike = "<s>{{ children }}</s>"
html.code = "<code>{{ literal }}</code>"
html.link = '<a href="{{ url }}" title="{{ title }}">{{ children }}</a>'

-- A link that shows images without a description has still to be called something.
function html.blank_link(link, out)
  local name = link.host or link.url
  out:tag("a", { href = link.url, title = link.title, ["aria-label"] = name }, link.children)
end

-- What a figure says below the picture is not said again.
function html.image(image, out)
  local parent = image.parent
  local in_figure = parent.kind == "figure" or parent.kind == "link" and parent.parent.kind == "figure"
  out:raw("<img")
  attribute(out, "src", image.src)
  attribute(out, "alt", image.alt)
  attribute(out, "width", image.width)
  attribute(out, "height", image.height)
  if not in_figure then
    attribute(out, "title", image.title)
    attribute(out, "class", classes(image))
  end
  out:raw(' loading="lazy">')
end
html.linebreak = "<br>\n"

return html
