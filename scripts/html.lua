-- html.lua: the web page. One file, nothing loaded from elsewhere, no JavaScript; it reads well on a
-- telephone, on a desk, in the dark and on paper.
local news = require "news"
local page = require "news.page"
local words = require "news.words"

local html = news.format {
  name = "html",
  media = "text/html; charset=utf-8", extension = "html",
  edition = "web", escape = "html", fill = false,
  options = { layout = "web.html" },
}

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

-- The page around the text is a layout.
function html.issue(issue, out)
  local names = page.names(issue)
  names.metadata = metadata(issue, names.title)
  out:layout(out.options.layout, names)
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
    out:raw("<li>")
    words.contents_line(section, out, function() out:tag("a", { href = "#" .. section.id }, section.title) end)
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
for level = 2, 6 do
  html["heading_" .. level] = ("<h%d>{{ children }}</h%d>\n"):format(level, level)
end

-- The others, in quotes and lists.
function html.heading(heading, out)
  out:tag("h" .. heading.level, { id = heading.id }, heading.children):raw("\n")
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
  out:raw('<div class="table" tabindex="0"><table>\n<thead>\n')(t.header):raw("</thead>\n")
  if #t.rows > 0 then out:raw("<tbody>\n")(t.rows):raw("</tbody>\n") end
  out:raw("</table></div>\n")
end

html.table_row = "<tr>\n{{ children }}</tr>\n"
html.header_cell = '<th class="{{ align }}" scope="col">{{ children }}</th>\n'
html.blank_header = "<td></td>\n"
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

function html.note(note, out)
  local blocks = note.children
  out:open("li", { id = page.note_id(note.id) }):raw("\n")
  for i, block in ipairs(blocks) do
    if i < #blocks or block.kind ~= "paragraph" then out(block) end
  end
  local last = blocks[#blocks]
  out:raw("<p>")
  if last and last.kind == "paragraph" then out(last.children, " ") end
  page.back_links(note, out, function(attributes, text) out:tag("a", attributes, text) end)
  out:raw("</p>\n</li>\n")
end

function html.note_ref(ref, out)
  out:raw("<sup>"):tag("a", { id = page.ref_id(ref), href = "#" .. page.note_id(ref.id), role = "doc-noteref" }, ref.number)
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
