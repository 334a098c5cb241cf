-- html.lua: the web page. One file, nothing loaded from elsewhere, no JavaScript; it reads well on a
-- telephone, on a desk, in the dark and on paper.
local news = require "news"

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
  --paper: #fffefb; --wash: #f4f1e9; --rule: #d9d3c5; --ink: #24211b; --soft: #655f54; --link: #8b1e1a;
  --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, "Noto Serif", serif;
  --sans: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #191815; --wash: #25231e; --rule: #403c34; --ink: #e7e3d9; --soft: #aaa395; --link: #f0a493; }
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
header p { margin: 0; font: 0.8rem/1.5 var(--sans); color: var(--soft); }
h1, h2, h3, h4, h5, h6 { font-weight: 700; line-height: 1.2; margin: 2rem 0 0.6rem; text-wrap: balance; break-after: avoid; }
h1 { font-size: clamp(1.9rem, 1.5rem + 1.8vw, 2.6rem); line-height: 1.1; letter-spacing: -0.01em; margin: 0.4rem 0 0.7rem; }
:lang(ar) h1, :lang(fa) h1, :lang(ur) h1 { letter-spacing: 0; line-height: 1.35; }
h2 { font-size: 1.4rem; margin-block-start: 3.2rem; }
h3 { font-size: 1.1rem; }
h4, h5, h6 { font-size: 1rem; }
h2 + h3, h3 + h4 { margin-block-start: 1rem; }

p, ul, ol, blockquote, pre, .table { margin: 0 0 0.95rem; }
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
li + li > p:first-child { margin-block-start: 0.8rem; }
hr { border: 0; margin: 2.2rem 0; text-align: center; color: var(--soft); line-height: 1; }
hr::before { content: "*\2003*\2003*"; }
img { max-width: 100%; height: auto; font: italic 0.85rem/1.4 var(--sans); color: var(--soft); }
p > img:only-child { display: block; margin-inline: auto; }
small { font: 0.8rem/1.5 var(--sans); color: var(--soft); }
sub, sup { font-size: 0.75em; line-height: 0; }

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

footer { margin-block-start: 3rem; padding-block-start: 1rem; border-block-start: 1px solid var(--rule); }
footer p { margin: 0; font: 0.8rem/1.6 var(--sans); color: var(--soft); }
footer a { color: inherit; }
.skip { position: absolute; inset: 0.5rem auto auto 0.5rem; padding: 0.4rem 0.8rem; background: var(--paper);
  font: 0.9rem var(--sans); }
.skip:not(:focus) { width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }

@media print {
  :root { color-scheme: light; --paper: #fff; --wash: #fff; --rule: #aaa; --ink: #000; --soft: #444; --link: #000; }
  @page { margin: 2.2cm 2cm; }
  html { font-size: 11pt; line-height: 1.4; }
  main { max-width: none; padding: 0; }
  p, li { orphans: 3; widows: 3; }
  pre, .table { overflow: visible; }
  pre { white-space: pre-wrap; border: 1px solid var(--rule); }
  img, tr, pre, blockquote { break-inside: avoid; }
  .skip { display: none; }
}
]]

local right_to_left = {
  ar = true, ckb = true, dv = true, fa = true, he = true, ks = true, ps = true, sd = true,
  ug = true, ur = true, yi = true,
}

local function names(list)
  local all = {}
  for _, entry in ipairs(list or {}) do
    all[#all + 1] = type(entry) == "string" and entry or entry.name
  end
  return all
end

-- The issue as schema.org knows it. Absent fields are nil and so left out.
local function metadata(issue, title)
  local authors
  for i, name in ipairs(names(issue.authors)) do
    authors = authors or {}
    authors[i] = { ["@type"] = "Person", name = name }
  end
  return {
    ["@context"] = "https://schema.org", ["@type"] = "NewsArticle",
    headline = title, description = issue.summary, image = issue.image, url = issue.url,
    mainEntityOfPage = issue.url, inLanguage = issue.lang, author = authors, wordCount = issue.words,
    datePublished = issue.date and tostring(issue.date),
    dateModified = issue.updated and tostring(issue.updated),
    isPartOf = issue.number and { ["@type"] = "PublicationIssue", issueNumber = issue.number },
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
  meta(out, "name", "author", issue.authors and table.concat(names(issue.authors), ", "))
  if issue.url then out:tag("link", { rel = "canonical", href = issue.url }):raw("\n") end
  meta(out, "property", "og:type", "article")
  meta(out, "property", "og:title", title)
  meta(out, "property", "og:description", issue.summary)
  meta(out, "property", "og:url", issue.url)
  meta(out, "property", "og:image", issue.image)
  meta(out, "property", "article:published_time", issue.date and tostring(issue.date))
  meta(out, "property", "article:modified_time", issue.updated and tostring(issue.updated))
  out:raw("<style>\n", style, "</style>\n")
  out:raw('<script type="application/ld+json">', news.json(metadata(issue, title)), "</script>\n")
  out:raw("</head>\n")
end

-- Number and date above the title, names below it.
local function header(issue, out, title, english)
  out:raw("<header>\n")
  if issue.number or issue.date then
    out:raw("<p>")
    if issue.number then out(english and "Number " or "№ ", issue.number) end
    if issue.number and issue.date then out(" · ") end
    if issue.date then
      out:tag("time", { datetime = tostring(issue.date) },
        news.date(issue.date, english and "%-d %B %Y" or "%Y-%m-%d"))
    end
    out:raw("</p>\n")
  end
  out:tag("h1", nil, title):raw("\n")
  if issue.authors then out:tag("p", nil, table.concat(names(issue.authors), ", ")):raw("\n") end
  out:raw("</header>\n")
end

local function footer(issue, out)
  if not (issue.url or issue.tags) then return end
  out:raw("<footer>\n")
  if issue.tags then out:tag("p", nil, table.concat(names(issue.tags), " · ")):raw("\n") end
  if issue.url then out:raw("<p>"):tag("a", { href = issue.url }, issue.url):raw("</p>\n") end
  out:raw("</footer>\n")
end

function html.issue(issue, out)
  local title = issue.title or issue.slug or "Newsletter"
  local primary = issue.lang and issue.lang:lower():match("^%a*")
  local dir = issue.dir or right_to_left[primary] and "rtl" or "ltr"
  out:raw("<!DOCTYPE html>\n"):open("html", { lang = issue.lang or "", dir = dir }):raw("\n")
  head(issue, out, title)
  out:raw('<body>\n<a class="skip" href="#_text"', primary == "en" and "" or ' lang="en" dir="ltr"',
    '>Skip to the text</a>\n<main id="_text">\n<article>\n')
  header(issue, out, title, primary == nil or primary == "en")
  out(issue.children)
  footer(issue, out)
  out:raw("</article>\n</main>\n</body>\n</html>\n")
end

-- Blocks

html.section = '<section id="{{ id }}" class="{{ class }}">\n{{ heading }}{{ children }}</section>\n'
html.paragraph = "<p>{{ children }}</p>\n"
html.tight_paragraph = "{{ children }}"
html.block_quote = "<blockquote>\n{{ children }}</blockquote>\n"
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

-- The core has cleaned what stays of the writer's own HTML.
function html.html_block(block, out) out:raw(block.literal) end
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

html.image = '<img src="{{ src }}" alt="{{ alt }}" width="{{ width }}" height="{{ height }}" title="{{ title }}"'
  .. ' loading="lazy">'
html.linebreak = "<br>\n"

return html
