-- html.lua: the web page. One file, nothing loaded from elsewhere, no JavaScript; it reads well on a
-- telephone, on a desk, in the dark and on paper.
local news = require "news"
local words = require "news.words"

local html = news.format {
  name = "html",
  media = "text/html; charset=utf-8", extension = "html",
  edition = "web", escape = "html", fill = false,
  options = { layout = "web.html" },
}

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
  if not digits then digits = text:sub(2):gsub("%x", "%0%0") end
  local colour = {}
  for pair in digits:gmatch("%x%x") do colour[#colour + 1] = tonumber(pair, 16) / 255 end
  return colour
end

-- In light and in the dark.
local function link_colours(publication)
  local accent = publication and publication.theme and publication.theme.accent
  if not accent then return "#8b1e1a", "#f0a493" end
  local colour = parse_colour(accent)
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

local function direction(language)
  return right_to_left[language and language:lower():match("^%a*")] and "rtl" or "ltr"
end

-- The language of masthead and footer, where it is not the issue's.
local function other_language(publication, language)
  local own = publication and publication.lang
  if not own or language and own:lower() == language:lower() then return nil end
  return { lang = own, dir = publication.dir or direction(own) }
end

-- The page around the text is a layout.
function html.issue(issue, out)
  local title = issue.title or issue.slug or "Newsletter"
  local language, publication, english = words.language(issue), issue.publication, words.is_english(issue)
  local light, dark = link_colours(publication)
  out:layout(out.options.layout, {
    title = title, language = language or "", english = english, words = words,
    dir = issue.dir or publication and publication.dir or direction(language),
    other = other_language(publication, language),
    credits = words.credits(other_credits(issue), english),
    colours = { light = light, dark = dark }, metadata = metadata(issue, title),
  })
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
