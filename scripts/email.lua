-- email.lua: the HTML part of a mail. Mail programs read less than browsers do: so tables hold the
-- page, the styles that matter stand on the elements, and each rule of the style sheet may be missing.
--
-- Bytes count, since Gmail cuts off what is behind the first 102,400: type is set on the cells, and
-- an element within them has only what it needs.
local news = require "news"
local mail = require "news.mail"
local page = require "news.page"
local words = require "news.words"

local email = news.format {
  name = "email", extends = "html",
  edition = "email",
  options = {
    layout = "email.html",
    images = { "remote", "inline" }, -- inline: those beside the issue travel with the mail
    accent = "",       -- the colour of links, instead of the publication's
  },
}

local COLUMN = 536 -- pixels that text and pictures may take, of 600
local TELEPHONE = 320 -- the same of a telephone

-- The start of an element. The style is markup of this file's, and so written as it is.
local function open(out, name, style, attributes)
  out:raw("<", name)
  for key, value in pairs(attributes) do out:raw(" ", key, '="')(value):raw('"') end
  return out:raw(' style="', style, '">')
end

-- ---- The issue ----

local tall = { ar = true, fa = true, he = true, ja = true, ko = true, ur = true, zh = true }

-- What depends on the language. Tables and lists do not mirror what is said of their left.
local function set_script(options, language, dir)
  local rtl = dir == "rtl"
  options.leading = tall[language:lower():match("^%a*")] and "1.8" or "1.6"
  options.start = rtl and "right" or "left"
  options.indent = rtl and "0 26px 0 0" or "0 0 0 26px"
  options.cell = rtl and "7px 0 7px 14px" or "7px 14px 7px 0"
end

-- Behind a short preheader mail programs show what comes next; so nothing follows that can be seen.
local function padding(preheader)
  return ("\u{34F}\u{200C}\u{A0}"):rep(math.max(0, 150 - utf8.len(preheader)))
end

local function is_colour(text) return text:match("^#%x%x%x$") or text:match("^#%x%x%x%x%x%x$") end

-- It becomes markup, and a format that extends this one may have an issue of its own, where nobody looked at it.
local function accent_of(out)
  local accent = out.options.accent
  return is_colour(accent) and accent or "#8b1e1a"
end

-- What stands around the text is a layout.
function email.issue(issue, out)
  local names, options = page.names(issue), out.options
  if options.accent == "" then options.accent = names.colours.light end
  if not is_colour(options.accent) then
    news.refuse(nil, "option accent: '" .. options.accent .. "' is no colour such as #0b5d66")
  end
  set_script(options, names.language, names.dir)
  names.padding = padding
  out:layout(options.layout, names)
end

-- The type of a cell that holds running text.
local function text_style(out)
  return "font:17px/" .. out.options.leading .. " Georgia,serif;color:#24211b"
end

email.section = "{{ heading }}{{ children }}" -- a row of the layout, or part of one

local headings = {
  "margin:24px 0 4px;font-size:17px",
  "margin:28px 0 12px;font-size:24px;line-height:1.25",
  "margin:28px 0 8px;font-size:19px;line-height:1.3",
}

-- Word and Yahoo follow links to names only.
for level = 2, 6 do
  local name = level == 2 and '<a name="{{ parent.id }}"></a>' or ""
  email["heading_" .. level] = ('<h%d style="%s" id="{{ parent.id }}">%s{{ children }}</h%d>\n'):format(
    level, headings[level] or headings[1], name, level)
end

-- The others, in quotes and lists.
function email.heading(heading, out)
  local level, id = heading.level, heading.id
  out:raw("<h", level, ' style="', headings[level] or headings[1])
  if id then out:raw('" id="')(id) end
  out:raw('">')
  if id and level == 2 then out:raw('<a name="')(id):raw('"></a>') end
  out(heading.children):raw("</h", level, ">\n")
end

function email.toc(toc, out)
  local label = toc.label or words.is_english(words.issue_of(toc)) and "In this issue"
  out:raw('<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0">\n',
    '<tr>\n<td class="line text" style="padding:16px 0 10px;border:solid #d9d3c5;border-width:1px 0;', text_style(out), '">\n')
  if label then
    out:raw('<h2 class="sans soft" style="margin:0 0 8px;font:bold 14px/1.5 Arial,sans-serif;color:#655f54">')(label)
    out:raw("</h2>\n")
  end
  out:raw('<ol style="margin:0;padding:', out.options.indent, '">\n')
  for _, section in ipairs(toc.sections) do
    out:raw('<li style="margin:0 0 6px">')
    words.contents_line(section, out, function()
      open(out, "a", "font-weight:bold;color:" .. accent_of(out), { href = "#" .. section.id })
      out(section.title):raw("</a>")
    end)
    out:raw("</li>\n")
  end
  out:raw("</ol>\n</td>\n</tr>\n</table>\n")
end

-- ---- Blocks ----

email.paragraph = '<p style="margin:0 0 16px">{{ children }}</p>\n'
email.tight_paragraph = "{{ children }}"
email.thematic_break = '<hr style="width:25%;margin:32px auto;border:0;border-top:1px solid #d9d3c5">\n'
email.list = '{{ cr }}<ul style="margin:0 0 16px;padding:{{ options.indent }}">\n{{ children }}</ul>\n'

function email.ordered_list(list, out)
  out:cr()
  open(out, "ol", "margin:0 0 16px;padding:" .. out.options.indent, { start = list.start ~= 1 and list.start or nil })
  out:raw("\n")(list.children):raw("</ol>\n")
end

function email.task_item(item, out)
  out:raw('<li style="list-style-type:none">', item.checked and "☑ " or "☐ ")(item.children):raw("</li>\n")
end

-- The rule beside a quote is a cell, since Word gives padding to nothing else; and a row of cells
-- mirrors itself.
local function write_quote(body, attribution, out)
  out:raw('<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">\n',
    '<tr>\n<td class="rule" width="3" style="background:#d9d3c5"></td>\n',
    '<td class="text" style="padding:0 18px;', text_style(out), '">\n',
    '<blockquote style="margin:0">\n')
  for i, block in ipairs(body) do
    if i == #body and block.kind == "paragraph" then
      out:raw('<p style="margin:0">')(block.children):raw("</p>\n")
    else
      out(block)
    end
  end
  out:raw("</blockquote>\n")
  if attribution then
    out:raw('<p class="soft" style="margin:6px 0 0;font-size:15px;color:#655f54">— ')(attribution.children):raw("</p>\n")
  end
  out:raw("</td>\n</tr>\n</table>\n")
end

function email.block_quote(quote, out) write_quote(quote.body, quote.attribution, out) end

-- Lines are broken, since mail does not scroll sideways.
email.code_block = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">\n'
  .. '<tr>\n<td class="wash" align="left" dir="ltr" style="padding:12px 16px;background:#f4f1e9">\n'
  .. '<pre style="margin:0;font:14px/1.5 Menlo,Consolas,monospace;color:#24211b;white-space:pre-wrap">'
  .. "{{ literal }}</pre>\n</td>\n</tr>\n</table>\n"

-- ---- Tables ----

-- How many pixels a table needs for no word to be broken, roughly.
local function width_of_words(t, out)
  local total = 0
  for _, columns in ipairs(out:longest_words(t)) do
    if columns > 0 then total = total + columns * 9 + 14 end
  end
  return total
end

local function write_header(t, out)
  local before = {} -- the cells of each column
  local style = '" valign="bottom" style="padding:' .. out.options.cell .. ';border-bottom:1px solid #655f54">'
  local ends = "<thead>\n<tr>\n"
  for i, cell in ipairs(t.header.children) do
    local filled = cell.children[1]
    local name = filled and "th" or "td"
    before[i] = ends .. "<" .. name .. ' align="' .. (cell.align or out.options.start)
      .. (filled and '" scope="col' or "") .. style
    ends = "</" .. name .. ">\n"
  end
  out:cells(t.header, before, ends .. "</tr>\n</thead>\n")
end

-- Where a table is too wide for a telephone its rows become records there, "Header: value", if the
-- mail program has a style sheet; elsewhere the names are not seen.
local function write_records(t, out)
  local before, ends = {}, '<tr valign="top">\n'
  local style = '<td style="padding:' .. out.options.cell .. ";border-bottom:1px solid #d9d3c5"
  for i, cell in ipairs(t.header.children) do
    local name, align = out:words(cell), cell.align
    before[i] = ends .. style .. (align and '" align="' .. align or "") .. '">'
      .. (name ~= "" and '<span class="name" style="display:none">' .. out:capture(name, ": ") .. "</span>" or "")
    ends = "</td>\n"
  end
  out:cells(t.rows, before, ends .. "</tr>\n")
end

function email.table(t, out)
  local needed = width_of_words(t, out)
  local narrow = needed <= TELEPHONE
  local class = narrow and "data sans" or needed <= COLUMN and "data sans wide whole" or "data sans wide"
  out:raw('<table border="0" cellpadding="0" cellspacing="0" class="', class,
    '" width="100%" style="margin:0 0 20px;font:15px/1.45 Arial,sans-serif', narrow and ";word-break:normal" or "", '">\n')
  write_header(t, out)
  if #t.rows > 0 then
    out:raw("<tbody>\n")
    if narrow then out(t.rows) else write_records(t, out) end
    out:raw("</tbody>\n")
  end
  out:raw("</table>\n")
end

email.table_row = '<tr valign="top">\n{{ children }}</tr>\n'
email.table_cell = '<td align="{{ align }}" style="padding:{{ options.cell }};border-bottom:1px solid #d9d3c5">'
  .. "{{ children }}</td>\n"

-- ---- Pictures ----

-- Word takes the attribute for the width, whatever styles say, and would show a large picture at its
-- full size. What a figure's size is need not be known: it fills the column there.
local function size_of(image, in_figure)
  local width, height = image.width, image.height
  if width and width > COLUMN then
    return COLUMN, height and math.floor(height * COLUMN / width + 0.5)
  end
  if not width and in_figure then return COLUMN, nil end
  return width, height
end

local function source_of(image, out)
  local src = image.src
  if out.options.images == "inline" and mail.is_attached(src) then return "cid:" .. mail.content_id(image) end
  local issue = words.issue_of(image)
  local site = issue.publication and issue.publication.url
  return mail.absolute(src, issue.url and mail.absolute(issue.url, site) or site)
end

function email.image(image, out)
  local parent = image.parent
  local in_figure = parent.kind == "figure" or parent.kind == "link" and parent.parent.kind == "figure"
  local width, height = size_of(image, in_figure)
  local style = "max-width:100%;height:auto"
  if in_figure and not image.width then style = "width:auto;" .. style end
  local source = source_of(image, out)
  out:raw('<img src="')
  if source:sub(1, 4) == "cid:" then out:raw(source) else out:url(source) end
  out:raw('" alt="')(image.alt or ""):raw('"')
  if width then out:raw(' width="', width, '"') end
  if height then out:raw(' height="', height, '"') end
  out:raw(' style="', style, '">')
end

function email.figure(figure, out)
  out:raw('<figure style="margin:24px 0">\n<p style="margin:0">')(figure.children):raw("</p>\n")
  if figure.caption or figure.credit then
    out:raw('<figcaption><p class="sans" style="margin:8px 0 0;font:15px/1.5 Arial,sans-serif">')
    if figure.caption then out(figure.caption) end
    if figure.caption and figure.credit then out(" ") end
    if figure.credit then
      out:raw('<small class="soft" style="font-size:13px;color:#655f54">')(figure.credit):raw("</small>")
    end
    out:raw("</p></figcaption>\n")
  end
  out:raw("</figure>\n")
end

-- ---- Buttons ----

-- All of it can be pressed, since the padding is the link's; in Word it is the cell's, by the style
-- sheet for Word alone.
email["directive.button"] = function(button, out)
  local link = words.button_link(button)
  if not link then return out:super(button) end
  local accent = accent_of(out)
  open(out, "table", "margin:8px 0 24px", {
    id = button.attrs and button.attrs.id, role = "presentation", cellpadding = "0", cellspacing = "0", border = "0",
  })
  out:raw('\n<tr>\n<td class="button" style="background:', accent, ';border-radius:4px">')
  open(out, "a", "display:inline-block;padding:12px 24px;font:bold 16px/1.4 Arial,sans-serif;color:#fffefb;text-decoration:none",
    { href = link.url, class = "sans" })
  out(link.children):raw("</a></td>\n</tr>\n</table>\n")
end

-- ---- Notes ----

function email.note(note, out)
  local blocks = note.children
  local last = blocks[#blocks]
  out:open("li", { id = page.note_id(note.id) }):raw("\n")
  for i, block in ipairs(blocks) do
    if i < #blocks or block.kind ~= "paragraph" then out(block) end
  end
  out:raw('<p style="margin:0 0 10px">')
  if last and last.kind == "paragraph" then out(last.children, " ") end
  page.back_links(note, out, function(attributes, text)
    open(out, "a", "color:" .. accent_of(out), attributes)(text):raw("</a>")
  end)
  out:raw("</p>\n</li>\n")
end

function email.note_ref(ref, out)
  out:raw('<sup style="font-size:12px;line-height:0">')
  open(out, "a", "text-decoration:none;color:" .. accent_of(out),
    { id = page.ref_id(ref), href = "#" .. page.note_id(ref.id), role = "doc-noteref" })
  out(ref.number):raw("</a></sup>")
end

-- ---- Inlines ----

email.code = '<code dir="ltr">{{ literal }}</code>'
email.link = '<a style="color:{{ options.accent }}" href="{{ url }}" title="{{ title }}">{{ children }}</a>'

function email.blank_link(link, out)
  out:tag("a", { href = link.url, title = link.title, ["aria-label"] = link.host or link.url }, link.children)
end

return email
