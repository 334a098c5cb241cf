-- gemini.lua: gemtext. A paragraph is one line, a link a line of its own; what the line types cannot
-- say is said as in plain text.
local news = require "news"
local words = require "news.words"

local gemini = news.format {
  name = "gemini", extends = "text",
  media = "text/gemini; charset=utf-8", extension = "gmi",
  edition = "gemini", escape = "gemtext", width = false, links = "section",
  options = { layout = "gemini.gmi" },
}

-- ---- Link lines ----

-- Where a line begins.
local function link_line(out, url, label)
  out:raw("=> "):url(url)
  if label ~= "" and label ~= url then out:raw(" ")(label) end
  out:cr()
end

-- The one link or image among these inlines, emphasis aside.
local function only(inlines)
  while true do
    local inline = inlines[1]
    if inline == nil or inlines[2] then return nil end
    local kind = inline.kind
    if kind == "link" or kind == "image" then return inline end
    inlines = inline.children
  end
end

local function in_quote(node) return news.within(node, "block_quote") ~= nil end

-- Within a quote, where no line can be a link, it stays text.
function gemini.link_paragraph(paragraph, out)
  local inlines = paragraph.children
  local node = only(inlines)
  if in_quote(paragraph) then
    out(inlines)
  elseif node.kind == "image" then
    if node.alt ~= "" then link_line(out, node.src, "Image: " .. node.alt) end
  else
    local image = only(node.children)
    local label = node.text ~= "" and node.text or node.host or node.url
    if image and image.kind == "image" and image.alt ~= "" then label = "Image: " .. image.alt end
    link_line(out, node.url, label)
  end
end

-- An address in the text cannot be followed in gemtext, so it gets its link line like any other.
function gemini.autolink(link, out) out(link.children, out:ref(link, true)) end

-- So does an image, unless it is what a link shows.
function gemini.image(image, out)
  if image.alt == "" then return end
  out("[Image: ", image.alt, "]")
  if image.parent.kind ~= "link" then out(out:ref(image)) end
end

-- A picture's words below it. Within a quote, where no line can be a link, it is text.
function gemini.figure(figure, out)
  local image, link = figure.image, figure.link
  if in_quote(figure) then return out:super(figure) end
  local label = image.alt ~= "" and "Image: " .. image.alt or ""
  if link then
    link_line(out, link.url, label ~= "" and label or link.host or "")
  elseif label ~= "" then
    link_line(out, image.src, label)
  end
  if figure.caption then out(figure.caption) end
end

gemini.links = "=> {{ url }} [{{ number }}] {{ text }}"

-- ---- The issue and its headings ----

-- What stands around the text is a layout.
function gemini.issue(issue, out)
  local english = words.is_english(issue)
  out:layout(out.options.layout, {
    imprint = table.concat(words.imprint(issue), ", "), words = words,
    english = english, credits = words.credits(issue.credits, english),
  })
end

function gemini.toc(toc, out)
  local label = toc.label or words.is_english(words.issue_of(toc)) and "In this issue"
  if label then out(label, words.is_sentence(label) and "" or ":"):blank() end
  for _, section in ipairs(toc.sections) do
    out:raw("* ")
    words.contents_line(section, out)
    out:cr()
  end
end

-- The note's number stands before its first line.
function gemini.note(note, out)
  out(words.superscript(note.number), " ")
  for i, block in ipairs(note.children) do
    if i == 1 and block.kind == "paragraph" then out(block.children):cr() else out(block) end
  end
end

gemini.heading_2 = "## {{ plain }}"
for level = 3, 6 do gemini["heading_" .. level] = "### {{ plain }}" end

-- Those in quotes and lists.
function gemini.heading(heading, out)
  out:raw(("#"):rep(math.min(heading.level, 3)), " "):plain(heading)
end

-- ---- Items and lists ----

-- The title is a link line; the text follows at once.
local function write_item(item, out, before)
  local source, has_body = item.source, item.body[1]
  local label = before .. (item.icon and item.icon .. " " or "") .. item.title
  if source and not has_body then label = label .. " (" .. source .. ")" end
  link_line(out, item.url, label)
  if has_body then words.item_text(item, out) end
end

gemini.bare_item = "=> {{ url }} {{ icon }} {{ title }}"
function gemini.item(item, out) write_item(item, out, "") end

gemini.plain_item = "* \t{{ children }}"
gemini.list_item = "* {{ entry }}"

-- A link and nothing more: a line without a star, save where no line can be a link.
function gemini.link_item(entry, out)
  if in_quote(entry) then out:entry("* ", entry) else out(entry.children) end
end

function gemini.task_item(entry, out) out:entry("* " .. words.box(entry), entry) end

-- A dash for each list that this one is in.
local function dashes(list)
  local all, outer = "", news.within(list, "list", "block_quote")
  while outer and outer.kind == "list" do
    all = all .. "– "
    outer = news.within(outer, "list", "block_quote")
  end
  return all
end

local function is_open(list, entries)
  if not list.tight then return true end
  for _, entry in ipairs(entries) do
    if entry.kind == "item" and entry.body[1] then return true end
  end
  return false
end

-- A list item is one line; nested ones follow on the same level, behind dashes. A number takes the
-- place of the star.
local function write_list(list, out)
  local before, number, entries = dashes(list), list.start, list.children
  local open = is_open(list, entries)
  local star = number and before == "" and "" or "* "
  for _, entry in ipairs(entries) do
    local sign = before
    if number then
      sign = sign .. number .. ". "
      number = number + 1
    end
    if open then out:blank() end
    if entry.kind == "item" then
      write_item(entry, out, sign)
    else
      if entry.checked ~= nil then sign = sign .. words.box(entry) end
      out:entry(star .. sign, entry)
    end
  end
  if open then out:blank() end
end

gemini.list = "{{ children }}"
gemini.ordered_list = write_list
gemini.nested_list = write_list

-- ---- Blocks that gemtext shows as they are ----

local function preformatted(out, caption, lines)
  caption = caption:gsub("[\n`]", " ")
  lines = "\n" .. lines
  if lines:sub(-1) == "\n" then lines = lines:sub(1, -2) end
  if lines:find("\n```", 1, true) then lines = lines:gsub("\n```", "\n ```") end -- it would end the block
  out:verbatim("```" .. caption .. lines .. "\n```")
end

-- Who is quoted stands close to what he or she said.
function gemini.attributed_quote(quote, out)
  local body = quote.body
  out:prefix("> ", function()
    for i, block in ipairs(body) do
      if i == #body and block.kind == "paragraph" then out(block.children):cr() else out(block) end
    end
    out("— ", quote.attribution.children)
  end)
end

-- A client shows a quoted line as it is, and so the marks of a fence, too.
function gemini.code_block(block, out)
  if in_quote(block) then
    out:verbatim((block.literal:gsub("\n$", "")))
  else
    preformatted(out, block.lang or "code", block.literal)
  end
end

-- What is too wide for a screen is better read as text.
function gemini.table(t, out)
  if in_quote(t) then return out:super(t) end
  local lines, names = out:capture(function() out:super(t) end), {}
  for i, cell in ipairs(t.header.children) do names[i] = out:capture(cell.children) end
  if out:columns(lines) <= 100 then
    preformatted(out, "Table: " .. table.concat(names, ", "), lines)
  else
    out:super(t)
  end
end

gemini.thematic_break = "---"
gemini["directive.button"] = "{{ children }}" -- a link line

-- ---- Inlines ----

gemini.emph = "{{ children }}"
gemini.strong = "{{ children }}"

return gemini
